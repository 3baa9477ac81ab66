"""PodDisruptionBudget lets all pods of a workload be evicted at once.

A budget of `maxUnavailable: 100%`, of as many as there are, or `minAvailable: 0` forbids nothing: a drain takes all
pods in the same minute, while everybody believes they are protected. Less visible is a budget that selects the pods of
two workloads: it counts them together, so the pods of one may all go as long as those of the other stay. The rule
computes as the disruption controller does: percentages round up, and the number of pods is that of the autoscaler's
minimum where there is one.

## Fix

Write one budget for each workload, with `maxUnavailable: 1`.

## References

- [Specifying a Disruption Budget for your Application](https://kubernetes.io/docs/tasks/run-application/configure-pdb/)
- [Disruptions](https://kubernetes.io/docs/concepts/workloads/pods/disruptions/)

## Bad: as many may go as there are

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
  maxUnavailable: 70% # finding
  selector:
    matchLabels: {app: payments}
```

## Bad: two workloads share a budget

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 4
  selector:
    matchLabels: {app: shop, part: api}
  template:
    metadata:
      labels: {app: shop, part: api}
    spec:
      containers: [{name: app, image: "api:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: shop, part: web}
  template:
    metadata:
      labels: {app: shop, part: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: shop
spec:
  minAvailable: 4 # finding
  selector:
    matchLabels: {app: shop}
```

## Bad: an overlay halves the pods

```yaml base/kustomization.yaml
resources: [manifest.yaml]
```

```yaml base/manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: search
spec:
  replicas: 4
  selector:
    matchLabels: {app: search}
  template:
    metadata:
      labels: {app: search}
    spec:
      containers: [{name: app, image: "search:1.0"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: search
spec:
  maxUnavailable: 2 # finding
  selector:
    matchLabels: {app: search}
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
replicas:
  - name: search
    count: 2
```

## Good: one at a time, or only one to lose

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
  maxUnavailable: 66%
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
  maxUnavailable: 1
  selector:
    matchLabels: {app: single}
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

SEVERAL = 2


@rule(
    Target.MANIFEST,
    kinds=("policy/PodDisruptionBudget",),
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    remedy="Write one budget for each workload, with `maxUnavailable: 1`.",
)
def pdb_without_effect(budget: DisruptionBudget) -> Iterator[Violation]:
    """Yield what the budget says if that does not keep one pod of a replicated workload."""
    share = budget.share
    if share is None:
        return
    guarded = distinct(budget.workloads, budget)
    if not all(workload.has_replicas for workload in guarded):
        return
    pods = [workload.lowest_replicas for workload in guarded]
    allowed = budget.allowed_disruptions(sum(pods))
    lost = [
        workload
        for workload, count in zip(guarded, pods, strict=True)
        # What several budgets select is not evicted at all: kubernetes/overlapping-pdbs.
        if SEVERAL <= count <= allowed and len(distinct(workload.pdbs.certain, budget)) == 1
    ]
    if lost:
        others = "" if len(guarded) == 1 else f" of {len(guarded)} workloads"
        whose = "" if len(guarded) == 1 else f", all {lost[0].lowest_replicas} of {lost[0].address} among them"
        yield budget.violation(
            share.field,
            f"{budget.address}: {sum(pods)} replicas{others}, {share}: {allowed} pods may be evicted at once{whose}",
            related=[(f"the pods of {workload.address}", workload.lowest_replicas_field) for workload in guarded],
        )
