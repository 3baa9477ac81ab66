"""Container may use more than it asked for.

Only pods whose containers ask for exactly what they may use are of the class Guaranteed: evicted last, and able to have
CPUs of their own. The rest lives on what is free: under pressure of memory it is killed first, and its CPU shrinks to
the request. Which resources must be equal is set by `resources`, `["cpu", "memory"]` unless set.

## Fix

Set the request to the limit, or leave the request out: it then follows the limit.

## References

- [Pod Quality of Service Classes](https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/)
- [Node-pressure eviction: pod selection](https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#pod-selection-for-kubelet-eviction)

## Bad: more than asked for, and without limit

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
        requests:
          cpu: 250m # finding
          memory: 256Mi # finding
        limits:
          memory: 512Mi
```

## Bad: the disk too, where the team asks for it

```toml infracheck.toml
[rules."kubernetes/requests-differ-from-limits"]
resources = ["ephemeral-storage"]
```

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
        requests:
          cpu: 250m
          ephemeral-storage: 1Gi # finding
        limits:
          cpu: "1"
          ephemeral-storage: 2Gi
```

## Good: the same amount, written differently or once

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
        requests: {cpu: 500m, memory: 1Gi}
        limits: {cpu: 0.5, memory: 1024Mi}
    - name: logs
      image: registry.example/logs:1.4.0
      resources:
        limits: {cpu: 100m, memory: 64Mi}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


class Options(BaseModel):
    """What this rule lets a team set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    resources: tuple[Literal["cpu", "memory", "ephemeral-storage"], ...] = Field(
        default=("cpu", "memory"), description="The resources whose request and limit must be equal."
    )


@rule(
    Target.CONTAINER,
    severity=Severity.LOW,
    category=Category.AVAILABILITY,
    priority=Priority.P3,
    aliases=(
        "kube-score:container-resource-requests-equal-limits",
        "kube-score:container-cpu-requests-equal-limits",
        "kube-score:container-memory-requests-equal-limits",
        "kube-score:container-ephemeral-storage-request-equals-limit",
    ),
    remedy="Set the request to the limit, or leave it out.",
    settings=Options,
    default=False,
)
def requests_differ_from_limits(container: Container, options: Options) -> Iterator[Violation]:
    """Yield each request that is not the limit; a container that asks for nothing is another rule's."""
    shown = f"container {container.shown_name} of {container.address}"

    def judge(resource: str) -> Iterator[Violation]:
        request, limit = container.resource("requests", resource), container.resource("limits", resource)
        if request.exists and container.requests(resource) != container.limits(resource):
            most = f"its limit is {limit.plain()}" if limit.exists else "nothing limits it"
            yield container.violation(request, f"{shown} requests {request.plain()} of {resource}, {most}")

    yield from judge_each(options.resources, judge)
