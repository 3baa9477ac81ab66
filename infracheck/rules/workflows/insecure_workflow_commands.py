"""Anything printed may change the environment of the job.

`ACTIONS_ALLOW_UNSECURE_COMMANDS` brings back `::set-env` and `::add-path`, which GitHub switched off because every line
a program prints could use them: a test's output or a commit message sets `PATH` or `NODE_OPTIONS` for the steps that
follow.

## Fix

Remove the variable, and write to the files `$GITHUB_ENV` and `$GITHUB_PATH` instead.

## References

- [CVE-2020-15228](https://nvd.nist.gov/vuln/detail/CVE-2020-15228)
- [Deprecating set-env and add-path commands, GitHub](https://github.blog/changelog/2020-10-01-github-actions-deprecating-set-env-and-add-path-commands/)

## Bad: switched on again

```yaml .github/workflows/build.yml
on: push
env:
  ACTIONS_ALLOW_UNSECURE_COMMANDS: true # finding
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - run: make
        env:
          ACTIONS_ALLOW_UNSECURE_COMMANDS: "true" # finding
```

## Good: the file

```yaml .github/workflows/build.yml
on: push
env:
  ACTIONS_ALLOW_UNSECURE_COMMANDS: false
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - run: echo "VERSION=1.2.3" >> "$GITHUB_ENV"
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Job, Step, Workflow

VARIABLE = "ACTIONS_ALLOW_UNSECURE_COMMANDS"


@rule(
    Target.WORKFLOW,
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P2,
    aliases=("CKV_GHA_1", "zizmor:insecure-commands"),
    remedy="Remove the variable and write to `$GITHUB_ENV` and `$GITHUB_PATH`.",
)
def insecure_workflow_commands(workflow: Workflow) -> Iterator[Violation]:
    """Yield each place that switches them on."""
    steps = (step for job in workflow.jobs for step in job.steps)
    parts: tuple[Workflow | Job | Step, ...] = (workflow, *workflow.jobs, *steps)
    for part in parts:
        if part.env[VARIABLE].boolean():
            yield part.violation(part.env[VARIABLE], "whatever a program prints can change the steps that follow")
