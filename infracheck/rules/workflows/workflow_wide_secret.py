"""Secret stands in the environment of every step of a workflow.

Variables at the top of a workflow are set for every step of every job, third-party actions included. One of them that
is compromised, or only prints its environment when it fails, has the secret, though a single step needed it.

## Fix

Set the variable in `env` of the step that uses it.

## References

- [Secure use reference: using secrets](https://docs.github.com/en/actions/reference/security/secure-use#use-secrets-for-sensitive-information)

## Bad: for all jobs

```yaml .github/workflows/build.yml
on: push
env:
  REGISTRY_PASSWORD: ${{ secrets.REGISTRY_PASSWORD }} # finding
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
      - run: make push
```

## Good: for the one step, and the token GitHub gives to every step anyway

```yaml .github/workflows/build.yml
on: push
env:
  GH_TOKEN: ${{ secrets.GITHUB_TOKEN }}
  HAS_PASSWORD: ${{ secrets.REGISTRY_PASSWORD != '' }}
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
      - run: make push
        env:
          REGISTRY_PASSWORD: ${{ secrets.REGISTRY_PASSWORD }}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.workflows.expressions import expressions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Workflow

OWN_TOKEN = "secrets.github_token"  # noqa: S105 - the name of a context


@rule(
    Target.WORKFLOW,
    severity=Severity.LOW,
    category=Category.SECURITY,
    priority=Priority.P3,
    tags=("checklist:secrets",),
    remedy="Set the variable in `env` of the step that uses it.",
)
def workflow_wide_secret(workflow: Workflow) -> Iterator[Violation]:
    """Yield each variable of the whole workflow that holds a secret."""
    for name, field in workflow.env.items():
        found = [one for expression in expressions(field.text("") or "") for one in expression.yields]
        if any(one.startswith("secrets.") and one != OWN_TOKEN for one in found):
            yield workflow.violation(field, f"every step of every job gets the secret in `{name}`")
