"""Container requests more than its limit.

The API server refuses a container whose request is above its limit: "must be less than or equal to memory limit". The
release stops there. It comes about in overlays that raise the request, or lower the limit, over a base that sets the
other of the two. The rule compares CPU, memory and ephemeral storage.

## Fix

Raise the limit to the request, or lower the request.

## References

- [Resource Management for Pods and Containers](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/)

## Bad: the units differ

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      resources:
        requests:
          cpu: 250m
          memory: 1Gi # finding
        limits:
          cpu: 500m
          memory: 1G
```

## Good: at most as much

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      resources:
        requests: {cpu: 500m, memory: 512Mi}
        limits: {cpu: "0.5", memory: 1Gi}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    remedy="Raise the limit to the request, or lower the request.",
)
def memory_request_above_limit(container: Container) -> Iterator[Violation]:
    """Yield each request that is above its limit."""

    def judge(resource: str) -> Iterator[Violation]:
        wanted, most = container.resource("requests", resource), container.resource("limits", resource)
        if not wanted.exists or not most.exists:
            return
        requested, limit = container.requests(resource), container.limits(resource)
        if requested is not None and limit is not None and requested > limit:
            yield container.violation(
                wanted,
                f"container {container.shown_name} of {container.address} requests more {resource} than its limit",
                related=[("the limit", most)],
            )

    yield from judge_each(("cpu", "memory", "ephemeral-storage"), judge)
