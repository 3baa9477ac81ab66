"""Container asks for what the LimitRange of its namespace forbids.

The API server refuses such pods: a limit above `max`, a request below `min`, or a request above the limit that the
LimitRange fills in because the container sets none. The Deployment is accepted and gets no pods; only events on its
ReplicaSet tell why.

## Fix

Change the request or limit, or the LimitRange. A container that requests more than the default limit must set its own.

## References

- [Limit Ranges](https://kubernetes.io/docs/concepts/policy/limit-range/)
- [Constraints on container memory](https://kubernetes.io/docs/tasks/administer-cluster/manage-resources/memory-constraint-namespace/)

## Bad: above the maximum, below the minimum, above the default limit

```yaml manifest.yaml
apiVersion: v1
kind: LimitRange
metadata:
  name: containers
  namespace: shop
spec:
  limits:
    - type: Container
      default: {cpu: 500m, memory: 512Mi}
      defaultRequest: {cpu: 100m, memory: 128Mi}
      min: {cpu: 10m, memory: 64Mi}
      max: {cpu: "2", memory: 4Gi}
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  initContainers:
    - name: load
      image: load:1.0
      resources:
        requests:
          memory: 8Gi
        limits:
          memory: 8Gi # finding
  containers:
    - name: app
      image: web:1.0
      resources:
        requests:
          cpu: 5m # finding
          memory: 1Gi # finding
```

## Bad: an overlay raises the limit

```yaml base/kustomization.yaml
resources:
  - all.yaml
```

```yaml base/all.yaml
apiVersion: v1
kind: LimitRange
metadata:
  name: containers
  namespace: shop
spec:
  limits:
    - type: Container
      max: {memory: 1Gi}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 1
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: app
          image: web:1.0
          resources: {limits: {memory: 1Gi}}
```

```yaml overlays/production/kustomization.yaml
resources:
  - ../../base
patches:
  - target: {kind: Deployment}
    patch: |-
      - op: replace
        path: /spec/template/spec/containers/0/resources/limits/memory
        value: 2Gi # finding
```

## Good: within, at the bounds, in another namespace, a bound for pods

```yaml manifest.yaml
apiVersion: v1
kind: LimitRange
metadata:
  name: containers
  namespace: shop
spec:
  limits:
    - type: Container
      default: {cpu: 500m}
      min: {cpu: 10m}
      max: {cpu: "2"}
    - type: Pod
      max: {cpu: 100m}
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
    - name: a
      image: web:1.0
      resources: {requests: {cpu: 10m}, limits: {cpu: 2000m}}
    - name: b
      image: web:1.0
      resources: {requests: {cpu: 500m}}
    - name: c
      image: web:1.0
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: tools
spec:
  containers:
    - name: a
      image: web:1.0
      resources: {limits: {cpu: 8}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.quantity import quantity
from infracheck.kubernetes.quota import filled_in, limit_entries, shown_amount
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.quota import Which
    from infracheck.rule import Violation
    from infracheck.source.field import Field

WHICH: tuple[Which, ...] = ("requests", "limits")
Bound: TypeAlias = Literal["min", "max"]


@rule(
    Target.CONTAINER,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    tags=("checklist:resource-limits",),
    remedy="Change the request or limit, or the LimitRange.",
)
def limit_range_contradiction(container: Container) -> Iterator[Violation]:
    """Yield each request or limit of a container that makes the API server refuse its pods."""
    places = [(which, resource) for which in WHICH for resource, _ in container.at(f"resources.{which}").items()]
    if not places:
        return

    def judge(place: tuple[Which, str]) -> Iterator[Violation]:
        which, resource = place
        if which == "requests" and _outside(container, "limits", resource) is not None:
            # The limit is to blame; that a request is as large follows from it.
            return
        message = _outside(container, which, resource) or _above_default(container, which, resource)
        if message is not None:
            yield container.violation(container.resource(which, resource), message)

    yield from judge_each(places, judge)


def _outside(container: Container, which: Which, resource: str) -> str | None:
    """What is wrong if an amount is above a maximum or below a minimum."""
    amount = quantity(container.resource(which, resource))
    if amount is None:
        return None
    for entry in limit_entries(container):
        lowest, highest = _bound(entry, "min", resource), _bound(entry, "max", resource)
        if highest is not None and amount > highest:
            return _message(
                container, which, resource, f"above the maximum {shown_amount(highest, resource)} of its LimitRange"
            )
        if lowest is not None and amount < lowest:
            return _message(
                container, which, resource, f"below the minimum {shown_amount(lowest, resource)} of its LimitRange"
            )
    return None


def _above_default(container: Container, which: Which, resource: str) -> str | None:
    """What is wrong if a request is above the limit that is filled in."""
    amount = quantity(container.resource("requests", resource))
    if which != "requests" or amount is None or container.resource("limits", resource).require().exists:
        return None
    limit = filled_in(container, "limits", resource)
    if limit is None or amount <= limit:
        return None
    return _message(
        container, which, resource, f"above the limit {shown_amount(limit, resource)} its LimitRange gives it"
    )


def _bound(entry: Field, bound: Bound, resource: str) -> Decimal | None:
    return quantity(entry[bound][resource])


def _message(container: Container, which: Which, resource: str, fault: str) -> str:
    amount = quantity(container.resource(which, resource))
    shown = shown_amount(amount, resource) if amount is not None else "?"
    name = {"requests": "request", "limits": "limit"}[which]
    return f"{resource} {name} {shown} of container {container.shown_name} of {container.address} is {fault}"
