"""Ingresses of one load balancer contradict each other.

Ingresses with the same `group.name` share one load balancer. What they say of it as a whole (scheme, subnets, firewall,
redirect, ...) must agree, and no two may claim the same explicit `group.order`. Where they don't, the AWS Load Balancer
Controller refuses the group: it logs an error, and from then on no change of any Ingress of the group takes effect, of
whichever team it is.

## Fix

Write each such annotation on one Ingress of the group, or in the IngressClassParams; give each its own `group.order`.

## References

- [AWS Load Balancer Controller: IngressGroup, and the merge behaviour of annotations](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#ingressgroup)

## Bad: two schemes, the same order

```yaml manifest.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/group.name: public
    alb.ingress.kubernetes.io/group.order: "10"
    alb.ingress.kubernetes.io/scheme: internet-facing
    alb.ingress.kubernetes.io/load-balancer-attributes: idle_timeout.timeout_seconds=60
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    alb.ingress.kubernetes.io/group.name: public
    alb.ingress.kubernetes.io/group.order: "10" # finding
    alb.ingress.kubernetes.io/scheme: internal # finding
    alb.ingress.kubernetes.io/load-balancer-attributes: idle_timeout.timeout_seconds=120 # finding
spec:
  ingressClassName: alb
```

## Bad: an overlay changes one of two

```yaml base/kustomization.yaml
resources: [shop.yaml, web.yaml]
```

```yaml base/shop.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/group.name: public
    alb.ingress.kubernetes.io/scheme: internal
spec:
  ingressClassName: alb
```

```yaml base/web.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    alb.ingress.kubernetes.io/group.name: public
    alb.ingress.kubernetes.io/scheme: internal
spec:
  ingressClassName: alb
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: Ingress, name: web}
    patch: |
      - op: replace
        path: /metadata/annotations/alb.ingress.kubernetes.io~1scheme
        value: internet-facing # finding
```

## Good: one says it, or all say the same

```yaml manifest.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/group.name: public
    alb.ingress.kubernetes.io/group.order: "10"
    alb.ingress.kubernetes.io/scheme: internet-facing
    alb.ingress.kubernetes.io/subnets: subnet-a, subnet-b
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  annotations:
    alb.ingress.kubernetes.io/group.name: public
    alb.ingress.kubernetes.io/group.order: "20"
    alb.ingress.kubernetes.io/scheme: internet-facing
    alb.ingress.kubernetes.io/subnets: subnet-b,subnet-a
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: admin
  annotations:
    alb.ingress.kubernetes.io/group.order: "10"
    alb.ingress.kubernetes.io/scheme: internal
spec:
  ingressClassName: alb
```
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.alb import EXCLUSIVE, own_setting
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.ingress import Ingress
    from infracheck.kubernetes.objects import Objects
    from infracheck.rule import Violation
    from infracheck.source.field import Field

ATTRIBUTES = "load-balancer-attributes"
LISTS = ("subnets", "security-groups")
"""Annotations whose parts have no order."""


@rule(
    Target.OBJECTS,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    remedy="Write the annotation on one Ingress of the group.",
)
def alb_group_conflict(objects: Objects) -> Iterator[Violation]:
    """Yield each annotation that contradicts one of an earlier Ingress of its group."""
    groups: dict[str, list[Ingress]] = {}

    def sort(ingress: Ingress) -> Iterator[Violation]:
        name = ingress.group_name if ingress.is_alb else ""
        if name:
            groups.setdefault(name, []).append(ingress)
        yield from ()

    yield from judge_each(objects.ingresses, sort)
    for name, members in groups.items():
        yield from judge_each(("group.order", *EXCLUSIVE), partial(_conflicts, name, members))
        yield from _conflicting_attributes(name, members)


def _conflicts(group: str, members: list[Ingress], key: str) -> Iterator[Violation]:
    first: tuple[Ingress, Field] | None = None
    orders: dict[str, tuple[Ingress, Field]] = {}
    for ingress in members:
        field = ingress.alb(key) if key == "group.order" else own_setting(ingress, key)
        text = field.text()
        if text is None:
            continue
        if key == "group.order":
            number = text.strip()
            if number in orders:
                yield _violation(ingress, field, f"group {group} has two Ingresses of order {number}", orders[number])
            orders.setdefault(number, (ingress, field))
        elif first is None:
            first = ingress, field
        elif _value(key, text) != _value(key, first[1].text("") or ""):
            yield _violation(ingress, field, f"{key} of group {group} is {first[1].text()} and {text}", first)


def _conflicting_attributes(group: str, members: list[Ingress]) -> Iterator[Violation]:
    seen: dict[str, tuple[str, Ingress]] = {}
    for ingress in members:
        field = ingress.alb(ATTRIBUTES)
        for key, value in ingress.load_balancer_attributes.items():
            earlier, by = seen.setdefault(key, (value, ingress))
            if earlier != value:
                message = f"{key} of group {group} is {earlier} and {value}"
                yield _violation(ingress, field, message, (by, by.alb(ATTRIBUTES)))


def _violation(ingress: Ingress, field: Field, message: str, other: tuple[Ingress, Field]) -> Violation:
    by, place = other
    return ingress.violation(
        field, f"{message}: {ingress.address} contradicts {by.address}", related=[(by.address, place)]
    )


def _value(key: str, text: str) -> object:
    return {part.strip() for part in text.split(",")} if key in LISTS else text.strip()
