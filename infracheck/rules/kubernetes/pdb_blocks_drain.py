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
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.disruption import DisruptionBudget
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation
    from infracheck.source.field import Field

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
    share = _share(budget)
    if share is None:
        return
    name, field, amount = share
    if _never_allows(budget):
        yield budget.violation(field, f"{budget.address}: {name} {amount}: 0 pods may be evicted, however many run")
        return
    protected = [workload for workload in budget.workloads if workload.has_replicas]
    pods = sum(workload.lowest_replicas for workload in protected)
    if pods and budget.allowed_disruptions(pods) == 0:
        yield budget.violation(
            field,
            f"{budget.address}: {pods} {'replica' if pods == 1 else 'replicas'}, {name} {amount}: "
            "0 pods may be evicted",
            related=[(f"the pods of {workload.address}", _number(workload)) for workload in protected],
        )


def _share(budget: DisruptionBudget) -> tuple[str, Field, str] | None:
    if budget.max_unavailable is not None:
        return "maxUnavailable", budget.at("spec.maxUnavailable"), str(budget.max_unavailable)
    if budget.min_available is not None:
        return "minAvailable", budget.at("spec.minAvailable"), str(budget.min_available)
    return None


def _never_allows(budget: DisruptionBudget) -> bool:
    least = budget.min_available
    counts = budget.max_unavailable is None and least is not None and not least.percent
    return not counts and budget.allowed_disruptions(LARGE) == 0


def _number(workload: Workload) -> Field:
    return workload.hpa.minimum_field if workload.hpa else workload.replicas_field
