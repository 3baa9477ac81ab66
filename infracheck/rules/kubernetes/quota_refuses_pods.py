"""Quota refuses the pods, because a container sets no amount.

Where a ResourceQuota limits an amount, each container must set it: the API server refuses pods with `must specify
limits.cpu`. The Deployment is accepted and gets no pods; only events on its ReplicaSet tell why.

The rule speaks of CPU limits. Missing requests and memory limits are reported for each container anyway, by
`kubernetes/missing-resource-requests` and `kubernetes/missing-resource-limits`, and have the same effect here.

## Fix

Set the limit, add a LimitRange with a default to the namespace, or take the amount out of the quota: a limit on CPU
slows pods down while the node idles.

## References

- [Resource Quotas](https://kubernetes.io/docs/concepts/policy/resource-quotas/)

## Bad: no CPU limit

```yaml manifest.yaml
apiVersion: v1
kind: ResourceQuota
metadata:
  name: compute
  namespace: shop
spec:
  hard: {limits.cpu: "8"}
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
      resources: # finding
        requests: {cpu: 100m}
```

## Good: its own, or a default; a quota of requests

```yaml manifest.yaml
apiVersion: v1
kind: ResourceQuota
metadata:
  name: compute
  namespace: shop
spec:
  hard: {limits.cpu: "8"}
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
      resources: {limits: {cpu: "1"}}
---
apiVersion: v1
kind: ResourceQuota
metadata:
  name: compute
  namespace: tools
spec:
  hard: {limits.cpu: "8"}
---
apiVersion: v1
kind: LimitRange
metadata:
  name: containers
  namespace: tools
spec:
  limits:
    - type: Container
      default: {cpu: 500m}
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: tools
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: ResourceQuota
metadata:
  name: compute
  namespace: other
spec:
  hard: {requests.cpu: "8"}
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: other
spec:
  containers: [{name: app, image: "web:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.quota import container_amount, quotas_of
from infracheck.rule import Target, rule
from infracheck.source.field import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    tags=("checklist:resource-limits",),
    remedy="Set a CPU limit, or give the namespace a LimitRange with a default.",
)
def quota_refuses_pods(container: Container) -> Iterator[Violation]:
    """Yield a container without the CPU limit that a quota of its namespace makes it set."""
    if container.is_ephemeral or not container.workload.objects.of_kind("ResourceQuota"):
        return
    quotas = quotas_of(container.workload.objects, container.workload.namespace)
    quota = find(quotas, lambda one: one.field.at("spec.hard")["limits.cpu"].exists)
    if quota is None or container.pod.field["resources"]["limits"]["cpu"].require().exists:
        return
    if container_amount(container, "limits", "cpu") is None:
        yield container.violation(
            container.at("resources"),
            f"container {container.shown_name} of {container.address} has no CPU limit: {quota.address} refuses it",
        )
