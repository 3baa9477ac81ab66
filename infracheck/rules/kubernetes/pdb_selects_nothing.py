"""PodDisruptionBudget selects no pods.

A budget protects what its selector matches, and says nothing if that is nothing: the workload it was written for is
drained without limit, while everybody believes it is protected. The usual cause is a label that was renamed in the
workload, or a namespace that differs. Pods of charts and operators are not among the manifests: where a chart is
installed into the namespace and no workload here has any of the labels, that is not judged.

## Fix

Make the selector match labels of the pod template, in the same namespace.

## References

- [Specifying a Disruption Budget for your Application](https://kubernetes.io/docs/tasks/run-application/configure-pdb/)

## Bad: another label, and no selector

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
  selector: # finding
    matchLabels: {app: webb}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: all
spec: # finding
  maxUnavailable: 1
```

## Good: it matches, or guards pods of somebody else's

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
  name: kafka
  namespace: kafka
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {strimzi.io/cluster: events}
```

## Good: for pods of an operator beside our own

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: console
  namespace: kafka
spec:
  replicas: 2
  selector:
    matchLabels: {app: console}
  template:
    metadata:
      labels: {app: console}
    spec:
      containers: [{name: app, image: "console:1.0"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: kafka
  namespace: kafka
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {strimzi.io/cluster: events}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._selectors import is_for_others

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.disruption import DisruptionBudget
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("policy/PodDisruptionBudget",),
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    confidence=Confidence.MEDIUM,
    remedy="Make the selector match the labels of the pods.",
)
def pdb_selects_nothing(budget: DisruptionBudget) -> Iterator[Violation]:
    """Yield the selector if no pod of the namespace fits it; a namespace without any workload is not ours to know."""
    here = [workload for workload in budget.objects.workloads if workload.namespace == budget.namespace]
    labels = (workload.pod_labels for workload in here)
    if here and not budget.workloads and not is_for_others(budget, budget.selector, labels, [budget.namespace]):
        yield budget.violation("spec.selector", f"{budget.address} selects no pods here: it protects nothing")
