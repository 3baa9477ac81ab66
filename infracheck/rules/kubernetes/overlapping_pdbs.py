"""Several PodDisruptionBudgets select the same pods.

The eviction API refuses a pod that more than one budget selects: it answers "this pod has more than one
PodDisruptionBudget, which the eviction subresource does not support". Every drain of its node then fails, however
generous the budgets are.

## Fix

Keep one budget for each workload: delete one of them, or narrow its selector.

## References

- [API-initiated Eviction](https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/)
- [Specifying a Disruption Budget for your Application](https://kubernetes.io/docs/tasks/run-application/configure-pdb/)

## Bad: one for the service, one for all

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web # finding
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web, tier: front}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {app: web}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: everything
spec:
  maxUnavailable: 25%
  selector: {}
```

## Good: one each

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {app: web}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: everything
  namespace: elsewhere
spec:
  maxUnavailable: 25%
  selector: {}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.nearest import distinct
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

KINDS = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout", "DeploymentConfig")


@rule(
    Target.WORKLOAD,
    kinds=KINDS,
    severity=Severity.HIGH,
    category=Category.AVAILABILITY,
    remedy="Keep one PodDisruptionBudget for each workload.",
)
def overlapping_pdbs(workload: Workload) -> Iterator[Violation]:
    """Yield the workload if its pods have more than one budget."""
    budgets = workload.pdbs
    several = distinct(budgets.certain, workload)
    if len(several) > 1:
        names = " and ".join(budget.address for budget in several)
        yield workload.violation(
            workload.named,
            f"pods of {workload.address} can't be evicted: {len(several)} budgets select them, {names}",
            related=[("a budget", budget.at("spec.selector")) for budget in several],
        )
    elif budgets.doubt is not None:
        raise budgets.doubt
