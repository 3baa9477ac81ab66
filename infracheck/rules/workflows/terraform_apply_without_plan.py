"""Terraform applies what nobody has seen.

`terraform apply -auto-approve` plans and applies in one go. Whatever has changed since the pull request was reviewed
(the state, a module, the account) is changed or destroyed without anybody having read it.

## Fix

Write the plan to a file (`terraform plan -out plan.tfplan`), let a reviewer approve it, and apply that file:
`terraform apply plan.tfplan`.

## References

- [Running Terraform in automation, HashiCorp](https://developer.hashicorp.com/terraform/tutorials/automation/automate-terraform)
- [terraform apply: saved plan mode](https://developer.hashicorp.com/terraform/cli/commands/apply#saved-plan-mode)

## Bad: approved by nobody

```yaml .github/workflows/terraform.yml
on: push
jobs:
  apply:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          terraform init
          terraform -chdir=production apply -input=false -auto-approve # finding
```

## Bad: destroyed by nobody

```yaml .github/workflows/terraform.yml
on: workflow_dispatch
jobs:
  destroy:
    runs-on: ubuntu-24.04
    steps:
      - run: terraform destroy -auto-approve # finding
```

## Good: the plan that was reviewed

```yaml .github/workflows/terraform.yml
on: push
jobs:
  plan:
    runs-on: ubuntu-24.04
    steps:
      - run: terraform plan -input=false -out plan.tfplan
  apply:
    needs: plan
    runs-on: ubuntu-24.04
    environment: production
    steps:
      - run: terraform apply -input=false -auto-approve plan.tfplan
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.workflows.deployment import TERRAFORM

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Step
    from infracheck.workflows.script import Command

APPROVED = ("-auto-approve", "--auto-approve")


@rule(
    Target.STEP,
    severity=Severity.HIGH,
    category=Category.AVAILABILITY,
    priority=Priority.P1,
    remedy="Apply a plan that was written to a file and reviewed.",
)
def terraform_apply_without_plan(step: Step) -> Iterator[Violation]:
    """Yield each command that applies without a plan at hand."""
    for command in step.commands:
        if command.runs(TERRAFORM, ("apply", "destroy")) and command.has_option(*APPROVED) and not _plan(command):
            message = f"`{command.program} {command.verb} {APPROVED[0]}` changes what nobody has reviewed"
            yield step.violation(step.command(command), message)


def _plan(command: Command) -> str:
    """The plan file of an apply: what follows the subcommand and is no option."""
    after = command.words[command.words.index(command.verb) + 1 :]
    words = [word for index, word in enumerate(after) if not word.startswith("-") and not _is_value(after, index)]
    return words[0] if words and command.verb == "apply" else ""


def _is_value(words: tuple[str, ...], index: int) -> bool:
    """Whether a word is the value of the option before it: `-var-file x.tfvars`, `-target y`."""
    before = words[index - 1] if index else ""
    return before.lstrip("-") in ("var", "var-file", "target", "replace", "state", "lock-timeout", "parallelism")
