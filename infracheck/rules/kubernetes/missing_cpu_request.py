"""Container does not say how much CPU it needs.

The scheduler counts requests, not use. A container that requests no CPU fits on every node, however busy, and when CPU
is scarce it gets next to nothing. An autoscaler that aims at a share of the requested CPU cannot act at all.

Off by default: `missing-resource-requests` asks for CPU and memory at once, with one finding. This rule is for teams
that demand requests of CPU alone.

## Fix

Set `resources.requests.cpu` to what the container uses on an ordinary day.

## References

- [Resource Management for Pods and Containers](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/)
- [Limit Ranges](https://kubernetes.io/docs/concepts/policy/limit-range/)

## Bad: memory only

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
          memory: 256Mi
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
        requests: {cpu: 100m}
    - name: cache
      image: cache:1.0
      resources:
        limits: {cpu: 100m}
---
apiVersion: v1
kind: LimitRange
metadata:
  name: defaults
  namespace: shop
spec:
  limits:
    - type: Container
      defaultRequest: {cpu: 100m}
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
        "CKV_K8S_10",
        "AVD-KSV-0015",
        "KSV-0015",
        "kube-linter:unset-cpu-requirements",
        "polaris:cpuRequestsMissing",
    ),
    tags=("checklist:resource-limits",),
    remedy="Set `resources.requests.cpu`.",
    default=False,
)
def missing_cpu_request(container: Container) -> Iterator[Violation]:
    """Yield the container if nothing requests CPU for it; init containers run before the pod needs its share."""
    if container.runs_throughout and not has_amount(container, "requests", "cpu"):
        yield container.violation(
            "resources.requests.cpu", f"container {container.shown_name} of {container.address} requests no cpu"
        )
