"""StatefulSet leaves some of its pods at the old version.

With `partition: N` only the pods numbered N and above are updated; the others keep the old template, and get it again
when they restart. That is how a canary of a StatefulSet begins. Left in the manifest, every later release updates only
a part as well, and with a partition as high as the number of replicas none at all, while `kubectl rollout status`
reports success.

## Fix

Remove `partition`, or set it to 0, when the canary is over.

## References

- [StatefulSet: partitioned rolling updates](https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#partitions)

## Bad: one of three, and none

```yaml manifest.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ledger
spec:
  serviceName: ledger
  replicas: 3
  updateStrategy:
    rollingUpdate:
      partition: 2 # finding
  selector:
    matchLabels: {app: ledger}
  template:
    metadata:
      labels: {app: ledger}
    spec:
      containers: [{name: app, image: "ledger:1.0"}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: queue
spec:
  serviceName: queue
  updateStrategy:
    rollingUpdate:
      partition: 5 # finding
  selector:
    matchLabels: {app: queue}
  template:
    metadata:
      labels: {app: queue}
    spec:
      containers: [{name: app, image: "queue:1.0"}]
```

## Good: all of them

```yaml manifest.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ledger
spec:
  serviceName: ledger
  replicas: 3
  updateStrategy:
    type: RollingUpdate
    rollingUpdate: {partition: 0}
  selector:
    matchLabels: {app: ledger}
  template:
    metadata:
      labels: {app: ledger}
    spec:
      containers: [{name: app, image: "ledger:1.0"}]
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


@rule(
    Target.WORKLOAD,
    kinds=("StatefulSet",),
    severity=Severity.MEDIUM,
    category=Category.OPERATIONS,
    remedy="Remove `partition`.",
)
def statefulset_partition_left(workload: Workload) -> Iterator[Violation]:
    """Yield a partition above zero."""
    field = workload.at("spec.updateStrategy.rollingUpdate.partition")
    partition = int(field.number(0) or 0)
    if partition <= 0:
        return
    pods = workload.replicas
    yield workload.violation(
        field,
        f"{workload.address}: {pods} {'replica' if pods == 1 else 'replicas'}, partition {partition}: "
        f"{max(0, pods - partition)} of them get the new version",
    )
