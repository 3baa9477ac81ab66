"""Container has no memory limit.

A container without a memory limit may take all the memory of its node. A leak, or one large request, then gets other
pods evicted or killed by the kernel, and the cause is hard to find because it is a neighbour. The rule asks for a
memory limit of every container, init containers included, or a LimitRange that fills one in. The pause image, which
does nothing and holds room for others, needs none. Whether CPU should be limited is another question: see
`kubernetes/missing-cpu-limit`.

## Fix

Set `resources.limits.memory` above the highest use seen. With the limit equal to the request the pod is never evicted
for what others use.

## References

- [Resource Management for Pods and Containers](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/)
- [Node-pressure Eviction](https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/)
- [EKS best practices: configure resource quotas, requests and limits](https://docs.aws.amazon.com/eks/latest/best-practices/data-plane.html)

## Bad: no limit, and one on CPU only

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
        - name: migrate # finding
          image: search:1.0
      containers:
        - name: app
          image: search:1.0
          resources: # finding
            requests: {cpu: 100m, memory: 256Mi}
        - name: exporter
          image: exporter:1.0
          resources:
            limits: # finding
              cpu: 50m
```

## Bad: a LimitRange, but of another namespace

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
---
apiVersion: v1
kind: Pod
metadata:
  name: shell
  namespace: tools
spec:
  containers:
    - name: app # finding
      image: shell:1.0
```

## Good: limited

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
          resources:
            requests: {cpu: 100m, memory: 256Mi}
            limits: {memory: 256Mi}
```

## Good: a pod that holds room for others

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reserve
spec:
  selector:
    matchLabels: {app: reserve}
  template:
    metadata:
      labels: {app: reserve}
    spec:
      priorityClassName: reserve
      containers:
        - name: pause
          image: registry.k8s.io/pause:3.10
          resources:
            requests: {cpu: "2", memory: 6Gi}
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
      max: {memory: 2Gi}
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
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.amounts import has_amount
from infracheck.kubernetes.image import parse_image
from infracheck.kubernetes.place import known_text
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    aliases=(
        "CKV_K8S_13",
        "AVD-KSV-0018",
        "KSV-0018",
        "kube-linter:unset-memory-requirements",
        "kube-score:container-resources",
        "polaris:memoryLimitsMissing",
    ),
    tags=("checklist:resource-limits",),
    remedy="Set `resources.limits.memory`.",
)
def missing_resource_limits(container: Container) -> Iterator[Violation]:
    """Yield the container if nothing limits its memory."""
    if container.is_ephemeral or has_amount(container, "limits", "memory"):
        return
    if parse_image(known_text(container.field["image"])).basename != "pause":
        yield container.violation(
            "resources.limits.memory", f"container {container.shown_name} of {container.address} has no memory limit"
        )
