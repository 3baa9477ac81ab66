"""Rolling update may neither add nor remove a pod.

With `maxSurge` and `maxUnavailable` both zero an update has no first step. The API server refuses the object:
"maxUnavailable may not be 0 when maxSurge is 0". It often comes about in an overlay that sets one of the two over a
base that sets the other.

## Fix

Set `maxSurge: 1` with `maxUnavailable: 0` to keep all pods during an update, or `maxUnavailable: 1` to need no room.

## References

- [Deployments: rolling update](https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment)

## Bad: zero and zero percent

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  strategy:
    rollingUpdate:
      maxSurge: 0%
      maxUnavailable: 0 # finding
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
```

## Good: one step is possible

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  strategy:
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.quantity import int_or_percent
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

SURGE = {"Deployment": 1, "DaemonSet": 0}
"""What stands for a `maxSurge` that is not written: 25 %, which rounds up, and none."""


@rule(
    Target.WORKLOAD,
    kinds=tuple(SURGE),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    remedy="Set `maxSurge: 1`.",
)
def rollout_deadlock(workload: Workload) -> Iterator[Violation]:
    """Yield maxUnavailable if it and maxSurge are both zero."""
    if workload.strategy.type != "RollingUpdate":
        return
    details = workload.strategy.details
    missing, surge = int_or_percent(details["maxUnavailable"]), int_or_percent(details["maxSurge"])
    added = SURGE[workload.kind] if surge is None else surge.amount
    if missing is not None and missing.amount == 0 and added == 0:
        yield workload.violation(
            details["maxUnavailable"],
            f"{workload.address} may neither remove a pod (maxUnavailable {missing}) nor add one "
            f"(maxSurge {surge or 0}): it can't be updated",
            related=[("maxSurge", details["maxSurge"])] if surge is not None else [],
        )
