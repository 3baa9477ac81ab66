"""Number of replicas is written although an autoscaler decides it.

Whenever the manifest is applied, `replicas` overwrites what the autoscaler chose. At a peak, a release then takes away
most of the pods at once, and it takes minutes until the autoscaler has brought them back. Argo CD and Flux report a
difference for ever, or undo every scaling.

## Fix

Remove `replicas` from the manifest, and entries for it from `replicas:` of kustomizations. The first time, do so while
`kubectl.kubernetes.io/last-applied-configuration` is updated (`kubectl apply edit-last-applied`), or pods drop to one.

## References

- [Migrating Deployments and StatefulSets to horizontal autoscaling](https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#migrating-deployments-and-statefulsets-to-horizontal-autoscaling)

## Bad: both decide

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2 # finding
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 8
```

## Good: the autoscaler decides, or is switched off by zero

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 8
---
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
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: paused
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: paused}
  minReplicas: 2
  maxReplicas: 8
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
    severity=Severity.MEDIUM,
    category=Category.OPERATIONS,
    aliases=("kube-score:deployment-targeted-by-hpa-does-not-have-replicas-configured",),
    remedy="Remove `replicas`.",
)
def replicas_under_hpa(workload: Workload) -> Iterator[Violation]:
    """Yield the number of replicas if an autoscaler sets it too; zero switches the autoscaler off."""
    if not workload.has_replicas or not workload.replicas_field.exists:
        return
    autoscaler = workload.hpa
    if autoscaler is not None and workload.replicas > 0:
        pods = "1 pod" if workload.replicas == 1 else f"{workload.replicas} pods"
        yield workload.violation(
            workload.replicas_field,
            f"{workload.address} is set back to {pods} whenever it is applied: {autoscaler.address} decides the number",
            related=[("the autoscaler", autoscaler.minimum_field)],
        )
