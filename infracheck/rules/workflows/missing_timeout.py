"""Job may hang for six hours.

Without `timeout-minutes` GitHub waits 360 minutes before it gives up on a job. A hung deployment holds its concurrency
group, and with it the fix for whatever is broken, for that long; on hosted runners every minute is paid for.

## Fix

Set `timeout-minutes` to a few times what the job usually takes.

## References

- [Workflow syntax: jobs.<job_id>.timeout-minutes](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idtimeout-minutes)

## Bad: the default of six hours

```yaml .github/workflows/build.yml
on: push
jobs:
  build: # finding
    runs-on: ubuntu-24.04
    steps:
      - run: make
```

## Good: a limit for the job, or for each step; a called workflow sets its own

```yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    timeout-minutes: 20
    steps:
      - run: make
  check:
    runs-on: ubuntu-24.04
    steps:
      - run: make check
        timeout-minutes: 5
  publish:
    uses: ./.github/workflows/publish.yml
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Job

LIMIT = "timeout-minutes"


@rule(
    Target.JOB,
    severity=Severity.LOW,
    category=Category.OPERATIONS,
    priority=Priority.P3,
    remedy="Set `timeout-minutes` to a few times what the job usually takes.",
)
def missing_timeout(job: Job) -> Iterator[Violation]:
    """Yield a job that nothing ends."""
    if job.uses is not None or job.at(LIMIT).exists or not job.steps:
        return
    if not all(step.at(LIMIT).exists for step in job.steps):
        yield job.violation(LIMIT, f"job `{job.id}` has no `timeout-minutes`: if it hangs, it hangs for six hours")
