"""Container requests no CPU or memory.

The scheduler places pods by what they request. A container that requests nothing fits anywhere, also on a node that is
full: it then gets the CPU nobody else wants, and is among the first to be killed when memory runs short. Karpenter
makes nodes for requests too, and an autoscaler that aims at a utilization has nothing to measure against. A limit alone
counts as a request of the same size, and so does what a LimitRange of the namespace fills in, or what a
VerticalPodAutoscaler sets that is not switched off.

## Fix

Request what the container uses on an ordinary day: `resources.requests.cpu` and `resources.requests.memory`, from
`kubectl top` or the dashboards.

## References

- [Resource Management for Pods and Containers](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/)
- [Pod Quality of Service Classes](https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/)
- [Limit Ranges](https://kubernetes.io/docs/concepts/policy/limit-range/)
- [Vertical Pod Autoscaling](https://kubernetes.io/docs/concepts/workloads/autoscaling/vertical-pod-autoscale/)

## Bad: nothing, and one of two; an autoscaler that only recommends

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: search
spec:
  selector:
    matchLabels: {app: search}
  template:
    metadata:
      labels: {app: search}
    spec:
      containers:
        - name: app # finding
          image: search:1.0
        - name: exporter
          image: exporter:1.0
          resources:
            requests: # finding
              memory: 64Mi
            limits:
              memory: 64Mi
---
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata:
  name: search
spec:
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: search}
  updatePolicy: {updateMode: "Off"}
```

## Bad: an autoscaler that leaves one container alone, and the memory of the other

```yaml manifest.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: index
spec:
  template:
    spec:
      containers:
        - name: app # finding
          image: search:1.0
        - name: exporter
          image: exporter:1.0
          resources: # finding
            limits: {cpu: 50m}
---
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata:
  name: index
spec:
  targetRef: {apiVersion: apps/v1, kind: StatefulSet, name: index}
  resourcePolicy:
    containerPolicies:
      - {containerName: app, mode: "Off"}
      - {containerName: "*", controlledResources: [cpu]}
```

## Good: requested, or implied by a limit

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: search
spec:
  selector:
    matchLabels: {app: search}
  template:
    metadata:
      labels: {app: search}
    spec:
      initContainers:
        - name: migrate
          image: search:1.0
      containers:
        - name: app
          image: search:1.0
          resources:
            requests: {cpu: 100m, memory: 256Mi}
        - name: exporter
          image: exporter:1.0
          resources:
            limits: {cpu: 50m, memory: 64Mi}
```

## Good: filled in by the namespace

```yaml manifest.yaml
apiVersion: v1
kind: LimitRange
metadata:
  name: containers
  namespace: shop
spec:
  limits:
    - type: Container
      default: {memory: 512Mi}
      defaultRequest: {cpu: 100m}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: import
  namespace: shop
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: app
          image: import:1.0
```

## Good: set by an autoscaler

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: search
spec:
  selector:
    matchLabels: {app: search}
  template:
    metadata:
      labels: {app: search}
    spec:
      containers:
        - name: app
          image: search:1.0
---
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata:
  name: search
spec:
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: search}
  updatePolicy: {updateMode: Initial}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.amounts import has_amount
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    aliases=("kube-score:container-resources",),
    tags=("checklist:resource-limits",),
    remedy="Set `resources.requests.cpu` and `resources.requests.memory`.",
)
def missing_resource_requests(container: Container) -> Iterator[Violation]:
    """Yield the container if it does not request both; init containers run before the pod needs its share."""
    if not container.runs_throughout:
        return
    missing = [resource for resource in ("cpu", "memory") if not has_amount(container, "requests", resource)]
    if missing:
        yield container.violation(
            f"resources.requests.{missing[0]}",
            f"container {container.shown_name} of {container.address} requests no {' and no '.join(missing)}",
        )
