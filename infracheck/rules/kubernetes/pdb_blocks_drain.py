"""PodDisruptionBudget lets no pod be evicted.

A budget that leaves no room makes every drain of a node under these pods wait for ever: cluster upgrades and node
rotation stop, Karpenter can't replace nodes, and in the end somebody deletes the pods by hand, all at once. That is so
for `maxUnavailable: 0`, for `minAvailable: 100%`, and wherever `minAvailable` is as high as the number of pods the
workload runs: its `replicas`, or the minimum of its autoscaler. Percentages of both fields round up, so 50 % of one
pod is one pod.

## Fix

Write `maxUnavailable: 1`, or a `minAvailable` below the lowest number of pods. A workload that can afford no missing
pod needs one replica more, not a budget of zero.

## References

- [Specifying a Disruption Budget for your Application](https://kubernetes.io/docs/tasks/run-application/configure-pdb/)
- [Safely Drain a Node](https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/)
- [Karpenter: disruption](https://karpenter.sh/docs/concepts/disruption/)

## Bad: as many must stay as there are

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: payments
spec:
  replicas: 3
  selector:
    matchLabels: {app: payments}
  template:
    metadata:
      labels: {app: payments}
    spec:
      containers: [{name: app, image: "payments:1.0"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: payments
spec:
  minAvailable: 3 # finding
  selector:
    matchLabels: {app: payments}
```

## Bad: the autoscaler goes down to what must stay

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
spec:
  replicas: 6
  selector:
    matchLabels: {app: orders}
  template:
    metadata:
      labels: {app: orders}
    spec:
      containers: [{name: app, image: "orders:1.0"}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: orders
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: orders}
  minReplicas: 2
  maxReplicas: 10
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: orders
spec:
  minAvailable: 80% # finding
  selector:
    matchLabels: {app: orders}
```

## Bad: never any, whatever runs

```yaml manifest.yaml
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: none
spec:
  maxUnavailable: 0% # finding
  selector:
    matchLabels: {app: queue}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: all
spec:
  minAvailable: "100%" # finding
  selector:
    matchLabels: {app: cache}
```

## Good: one may go

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: payments
spec:
  replicas: 3
  selector:
    matchLabels: {app: payments}
  template:
    metadata:
      labels: {app: payments}
    spec:
      containers: [{name: app, image: "payments:1.0"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: payments
spec:
  minAvailable: 60%
  selector:
    matchLabels: {app: payments}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: single
spec:
  selector:
    matchLabels: {app: single}
  template:
    metadata:
      labels: {app: single}
    spec:
      containers: [{name: app, image: "single:1.0"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: single
spec:
  maxUnavailable: 20%
  selector:
    matchLabels: {app: single}
```

## Good: scaled down to nothing

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: paused
spec:
  replicas: 0
  selector:
    matchLabels: {app: paused}
  template:
    metadata:
      labels: {app: paused}
    spec:
      containers: [{name: app, image: "paused:1.0"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: paused
spec:
  minAvailable: 1
  selector:
    matchLabels: {app: paused}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.nearest import distinct
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.disruption import DisruptionBudget
    from infracheck.rule import Violation

LARGE = 1000
"""A number of pods no budget is written for: one that allows none of so many is a share of 0 % or 100 %, or a 0."""


@rule(
    Target.MANIFEST,
    kinds=("policy/PodDisruptionBudget",),
    severity=Severity.HIGH,
    category=Category.AVAILABILITY,
    aliases=(
        "kube-linter:pdb-max-unavailable",
        "kube-linter:pdb-min-available",
        "polaris:pdbDisruptionsIsZero",
        "polaris:pdbMinAvailableGreaterThanHPAMinReplicas",
    ),
    remedy="Set `maxUnavailable: 1`, or `minAvailable` below the lowest number of pods.",
)
def pdb_blocks_drain(budget: DisruptionBudget) -> Iterator[Violation]:
    """Yield the field that leaves no pod to evict."""
    share = budget.share
    if share is None:
        return
    if share.needs_scale and budget.allowed_disruptions(LARGE) == 0:
        yield budget.violation(share.field, f"{budget.address}: {share}: 0 pods may be evicted, however many run")
        return
    guarded = distinct(budget.workloads, budget)
    if not all(workload.has_replicas for workload in guarded):
        return
    pods = sum(workload.lowest_replicas for workload in guarded)
    if pods and budget.allowed_disruptions(pods) == 0:
        yield budget.violation(
            share.field,
            f"{budget.address}: {pods} {'replica' if pods == 1 else 'replicas'}, {share}: 0 pods may be evicted",
            related=[(f"the pods of {workload.address}", workload.lowest_replicas_field) for workload in guarded],
        )
