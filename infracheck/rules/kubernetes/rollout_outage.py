"""Rolling update may take all pods away at once.

Where `maxUnavailable` allows as many missing pods as there are, the first step of every release deletes all old pods
before a new one is ready: a rolling update in name, an outage in fact. The rule computes as the Deployment controller
does: percentages of `maxUnavailable` round down, and the number of pods is that of the autoscaler's minimum where there
is one.

## Fix

Set `maxUnavailable: 0` with `maxSurge: 1`, or a `maxUnavailable` below the lowest number of pods.

## References

- [Deployments: rolling update](https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment)

## Bad: two of two

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  strategy:
    rollingUpdate:
      maxUnavailable: 2 # finding
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
```

## Good: one of two, and an update that says it stops everything

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  strategy:
    rollingUpdate:
      maxUnavailable: 75%
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: batch
spec:
  replicas: 2
  strategy: {type: Recreate}
  selector:
    matchLabels: {app: batch}
  template:
    metadata:
      labels: {app: batch}
    spec:
      containers: [{name: app, image: "batch:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

SEVERAL = 2


@rule(
    Target.WORKLOAD,
    kinds=("Deployment",),
    severity=Severity.HIGH,
    category=Category.AVAILABILITY,
    priority=Priority.P1,
    remedy="Set `maxUnavailable` below the lowest number of pods.",
)
def rollout_outage(workload: Workload) -> Iterator[Violation]:
    """Yield maxUnavailable if it covers all of several pods."""
    strategy = workload.strategy
    written = strategy.details["maxUnavailable"]
    if strategy.type != "RollingUpdate" or not written.exists:
        return
    pods = workload.lowest_replicas
    missing = strategy.max_unavailable(pods)
    if pods >= SEVERAL and missing >= pods:
        yield workload.violation(
            written,
            f"{workload.address}: {pods} replicas, maxUnavailable {written.plain()}: an update may take away {missing} "
            "of them at once",
        )
