"""Container does not say how much memory it needs.

The scheduler counts requests, not use. A container that requests no memory fits on every node, however full, and when
memory runs short it is among the first that the kubelet evicts.

Off by default: `missing-resource-requests` asks for CPU and memory at once, with one finding. This rule is for teams
that demand requests of memory alone.

## Fix

Set `resources.requests.memory` to what the container uses on an ordinary day.

## References

- [Resource Management for Pods and Containers](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/)
- [Limit Ranges](https://kubernetes.io/docs/concepts/policy/limit-range/)

## Bad: CPU only

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: search
spec:
  containers:
    - name: app
      image: search:1.0
      resources:
        requests: # finding
          cpu: 100m
```

## Good: requested, limited or set by the namespace

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: search
spec:
  containers:
    - name: app
      image: search:1.0
      resources:
        requests: {memory: 256Mi}
    - name: cache
      image: cache:1.0
      resources:
        limits: {memory: 256Mi}
---
apiVersion: v1
kind: LimitRange
metadata:
  name: defaults
  namespace: shop
spec:
  limits:
    - type: Container
      defaultRequest: {memory: 256Mi}
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
    - name: app
      image: web:1.0
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
    aliases=(
        "CKV_K8S_12",
        "AVD-KSV-0016",
        "KSV-0016",
        "kube-linter:unset-memory-requirements",
        "polaris:memoryRequestsMissing",
    ),
    tags=("checklist:resource-limits",),
    remedy="Set `resources.requests.memory`.",
    default=False,
)
def missing_memory_request(container: Container) -> Iterator[Violation]:
    """Yield the container if nothing requests memory for it; init containers run before the pod needs its share."""
    if container.runs_throughout and not has_amount(container, "requests", "memory"):
        yield container.violation(
            "resources.requests.memory", f"container {container.shown_name} of {container.address} requests no memory"
        )
