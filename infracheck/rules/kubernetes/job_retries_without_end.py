"""Job tries again for days.

A Job that fails is tried again after 10 seconds, then 20, 40, and so on up to six minutes, `backoffLimit` times. One
in the hundreds is days of the same error: a migration that can't work goes on long after the release it belongs to, and
each try does its half of the work again. `activeDeadlineSeconds` would end it, and is not set.

## Fix

Set `backoffLimit` to the number of tries that make sense (6 is the default), or `activeDeadlineSeconds`.

## References

- [Job: pod backoff failure policy](https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy)

## Bad: four days

```yaml manifest.yaml
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
spec:
  backoffLimit: 1000 # finding
  template:
    spec:
      restartPolicy: Never
      containers: [{name: app, image: "migrate:1.0"}]
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      backoffLimit: 2147483647 # finding
      template:
        spec:
          restartPolicy: OnFailure
          containers: [{name: app, image: "report:1.0"}]
```

## Good: bounded by number or by time

```yaml manifest.yaml
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: app, image: "migrate:1.0"}]
---
apiVersion: batch/v1
kind: Job
metadata:
  name: wait
spec:
  backoffLimit: 1000
  activeDeadlineSeconds: 3600
  template:
    spec:
      restartPolicy: Never
      containers: [{name: app, image: "wait:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

FIRST, LONGEST = 10, 360
"""Seconds before the first try again, and the most there are (`DefaultJobPodFailureBackOff`, `MaxJobPodFailureBackOff`
in `pkg/controller/job/job_controller.go`)."""
DAY = 86_400


@rule(
    Target.WORKLOAD,
    kinds=("batch/Job", "CronJob"),
    severity=Severity.LOW,
    category=Category.OPERATIONS,
    remedy="Lower `backoffLimit`, or set `activeDeadlineSeconds`.",
)
def job_retries_without_end(workload: Workload) -> Iterator[Violation]:
    """Yield a limit whose waiting times alone add up to more than a day."""
    spec = "spec.jobTemplate.spec" if workload.kind == "CronJob" else "spec"
    limit = workload.at(f"{spec}.backoffLimit")
    tries = int(limit.number(6) or 0)
    waiting = _seconds_of(tries)
    if waiting > DAY and not workload.field.at(f"{spec}.activeDeadlineSeconds").exists:
        yield workload.violation(
            limit,
            f"{workload.address}: {tries} tries again, up to {LONGEST} s apart, are {waiting // DAY} days of failing",
        )


def _seconds_of(tries: int) -> int:
    growing = 0
    total = 0
    while growing < tries and FIRST << growing < LONGEST:
        total += FIRST << growing
        growing += 1
    return total + (tries - growing) * LONGEST
