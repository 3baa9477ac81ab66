"""Container may fill its node's disk.

Logs, `emptyDir` volumes and what a container writes to its root filesystem lie on the disk of the node. Without a limit
of `ephemeral-storage` one container can fill it; the kubelet then evicts pods, not necessarily the guilty one, and
Karpenter does not know how much disk a node needs.

## Fix

Set `resources.limits.ephemeral-storage` (the request follows from it), or a LimitRange for the namespace.

## References

- [Local ephemeral storage, Kubernetes documentation](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#local-ephemeral-storage)
- [Node-pressure eviction](https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/)

## Bad: none, and a request alone

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      resources:
        limits: # finding
          memory: 256Mi
    - name: logs
      image: registry.example/logs:1.4.0
      resources: # finding
        requests:
          ephemeral-storage: 1Gi
```

## Good: its own, or the namespace's

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      resources:
        limits: {ephemeral-storage: 1Gi}
---
apiVersion: v1
kind: LimitRange
metadata:
  name: defaults
  namespace: front
spec:
  limits:
    - type: Container
      default: {ephemeral-storage: 1Gi}
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: front
spec:
  containers: [{name: web, image: "registry.example/web:1.4.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.amounts import has_amount
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.LOW,
    category=Category.AVAILABILITY,
    priority=Priority.P3,
    aliases=("kube-score:container-ephemeral-storage-request-and-limit",),
    tags=("checklist:resource-limits",),
    remedy="Set `resources.limits.ephemeral-storage`.",
    default=False,
)
def missing_ephemeral_storage_limit(container: Container) -> Iterator[Violation]:
    """Yield a container whose use of the node's disk nothing limits; debugging containers can't have a limit."""
    if not container.is_ephemeral and not has_amount(container, "limits", "ephemeral-storage"):
        shown = f"container {container.shown_name} of {container.address}"
        yield container.violation("resources.limits.ephemeral-storage", f"{shown} may fill the disk of its node")
