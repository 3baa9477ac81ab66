"""DaemonSet may surge only while maxUnavailable is 0.

A DaemonSet replaces its pods either by starting the new one first (`maxSurge`) or by stopping the old one first
(`maxUnavailable`), never both: the API server refuses the object, "may not be set when maxUnavailable is non-zero".
`maxUnavailable` is 1 where it is not written, so `maxSurge: 1` alone is refused as well.

## Fix

Write `maxUnavailable: 0` beside `maxSurge`.

## References

- [Perform a Rolling Update on a DaemonSet](https://kubernetes.io/docs/tasks/manage-daemon/update-daemon-set/)
- [DaemonSet API reference: RollingUpdateDaemonSet](https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/daemon-set-v1/)

## Bad: by default, and written

```yaml manifest.yaml
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
spec:
  updateStrategy:
    rollingUpdate:
      maxSurge: 1 # finding
  selector:
    matchLabels: {app: agent}
  template:
    metadata:
      labels: {app: agent}
    spec:
      containers: [{name: app, image: "agent:1.0"}]
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: shipper
spec:
  updateStrategy:
    rollingUpdate:
      maxSurge: 10% # finding
      maxUnavailable: 10%
  selector:
    matchLabels: {app: shipper}
  template:
    metadata:
      labels: {app: shipper}
    spec:
      containers: [{name: app, image: "shipper:1.0"}]
```

## Good: one of the two

```yaml manifest.yaml
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
spec:
  updateStrategy:
    rollingUpdate: {maxSurge: 1, maxUnavailable: 0}
  selector:
    matchLabels: {app: agent}
  template:
    metadata:
      labels: {app: agent}
    spec:
      containers: [{name: app, image: "agent:1.0"}]
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: shipper
spec:
  updateStrategy:
    rollingUpdate: {maxSurge: 0, maxUnavailable: 2}
  selector:
    matchLabels: {app: shipper}
  template:
    metadata:
      labels: {app: shipper}
    spec:
      containers: [{name: app, image: "shipper:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.quantity import IntOrPercent, int_or_percent
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation


@rule(
    Target.WORKLOAD,
    kinds=("apps/DaemonSet",),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    remedy="Write `maxUnavailable: 0` beside `maxSurge`.",
)
def daemonset_surge_beside_unavailable(workload: Workload) -> Iterator[Violation]:
    """Yield maxSurge if both amounts are above zero."""
    if workload.strategy.type != "RollingUpdate":
        return
    details = workload.strategy.details
    surge = int_or_percent(details["maxSurge"])
    if surge is None or surge.amount == 0:
        return
    missing = int_or_percent(details["maxUnavailable"]) or IntOrPercent(1)
    if missing.amount > 0:
        yield workload.violation(
            details["maxSurge"],
            f"{workload.address}: maxSurge {surge} beside maxUnavailable {missing}: the API server accepts one of them",
        )
