"""A Deployment behind a Service that no autoscaler scales.

The number of pods is then what somebody once guessed: too many at night, too few on the day that counts. A standard
service follows its load. Not every team works so, hence the rule runs only when it is selected.

## Fix

Add a HorizontalPodAutoscaler with a minimum that survives the loss of a pod and a maximum that you can pay for.

## References

- [Horizontal Pod Autoscaling](https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/)

## Bad: a fixed number

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web # finding
spec:
  replicas: 3
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{port: 80}]
```

## Good: scaled, or behind no Service

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
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 6
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: queue-worker
spec:
  selector:
    matchLabels: {app: queue-worker}
  template:
    metadata:
      labels: {app: queue-worker}
    spec:
      containers: [{name: app, image: "worker:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Profile, Severity
from infracheck.kubernetes.matches import every
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation


@rule(
    Target.WORKLOAD,
    kinds=("apps/Deployment", "argoproj.io/Rollout"),
    severity=Severity.LOW,
    category=Category.AVAILABILITY,
    profiles={Profile.DEVELOPMENT: None},
    remedy="Add a HorizontalPodAutoscaler.",
    default=False,
)
def missing_autoscaler(workload: Workload) -> Iterator[Violation]:
    """Yield a workload that serves a Service and is scaled by nothing."""
    if every((lambda: bool(workload.services), lambda: not workload.autoscalers)):
        yield workload.violation(
            workload.named, f"{workload.address} serves {workload.services.certain[0].address} and nothing scales it"
        )
