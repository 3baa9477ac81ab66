"""Pull requests run on the team's own machines.

In a public repository anybody can open a pull request, and `pull_request` runs its code. On a self-hosted runner that
code meets the team's network, the credentials of the machine, and whatever the last job left behind; unlike a hosted
runner, it is not thrown away afterwards.

## Fix

Run pull requests on hosted runners, and keep self-hosted ones for what has been merged. In a private repository without
forks this rule does not matter; it is not run unless it is selected.

## References

- [Secure use reference: hardening for self-hosted runners](https://docs.github.com/en/actions/reference/security/secure-use#hardening-for-self-hosted-runners)

## Bad: a machine of ours

```yaml .github/workflows/test.yml
on: [push, pull_request]
jobs:
  test:
    runs-on: [self-hosted, linux] # finding
    steps:
      - run: make test
```

## Good: a hosted runner, and ours for what was merged

```yaml .github/workflows/test.yml
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - run: make test
  deploy:
    if: github.event_name == 'push'
    runs-on: [self-hosted, linux]
    steps:
      - run: make deploy
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Job

FORKS = frozenset({"pull_request", "pull_request_target"})


@rule(
    Target.JOB,
    severity=Severity.HIGH,
    category=Category.SECURITY,
    confidence=Confidence.LOW,
    priority=Priority.P1,
    aliases=("zizmor:self-hosted-runner",),
    remedy="Run pull requests on hosted runners.",
    default=False,
)
def self_hosted_runner_for_forks(job: Job) -> Iterator[Violation]:
    """Yield a self-hosted runner that pull requests reach."""
    if "self-hosted" not in job.runs_on or not FORKS.intersection(job.workflow.triggers):
        return
    condition = job.at("if").text("") or ""
    if not any(word in condition for word in ("event_name", "github.ref", "head.repo")):
        yield job.violation("runs-on", f"pull requests run `{job.id}` on a machine of the team")
