"""One host name is served by two load balancers.

Ingresses that share no group get a load balancer each, and External DNS can point a name at one of them only: it picks
one, and paths of the other Ingress answer 404 from then on. Which one is picked may change with every reconciliation.
The usual cause is an Ingress added for a new path of an existing host without the group's name.

An internal and an internet-facing load balancer may serve one name, in a private and a public zone; so may Ingresses
with an External DNS set identifier, which are meant to share it.

## Fix

Give both Ingresses the same `alb.ingress.kubernetes.io/group.name`.

## References

- [AWS Load Balancer Controller: IngressGroup](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#ingressgroup)
- [External DNS: frequently asked questions](https://kubernetes-sigs.github.io/external-dns/latest/docs/faq/)

## Bad: the second Ingress is not in the group

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/group.name: public
spec:
  ingressClassName: alb
  rules:
    - host: shop.example
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop-api
spec:
  ingressClassName: alb
  rules:
    - host: shop.example # finding
```

## Good: one group, or one inside and one outside

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/group.name: public
    alb.ingress.kubernetes.io/scheme: internet-facing
spec:
  ingressClassName: alb
  rules:
    - host: shop.example
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop-api
  annotations:
    alb.ingress.kubernetes.io/group.name: public
spec:
  ingressClassName: alb
  rules:
    - host: shop.example
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop-inside
spec:
  ingressClassName: alb
  rules:
    - host: shop.example
```

## Good: shared on purpose, or behind another controller

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: alb
  rules:
    - host: shop.example
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: weighted
  annotations:
    external-dns.alpha.kubernetes.io/set-identifier: blue
spec:
  ingressClassName: alb
  rules:
    - host: shop.example
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: inside
spec:
  ingressClassName: nginx
  rules:
    - host: shop.example
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.alb import setting
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.ingress import Ingress
    from infracheck.kubernetes.objects import Objects
    from infracheck.rule import Violation
    from infracheck.source.field import Field

SHARED = "external-dns.alpha.kubernetes.io/set-identifier"


@rule(
    Target.OBJECTS,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    remedy="Give both Ingresses the same `group.name`.",
)
def host_on_two_load_balancers(objects: Objects) -> Iterator[Violation]:
    """Yield each host that an Ingress of another load balancer of the same scheme has already."""
    taken: dict[tuple[str, str], tuple[str, Ingress, Field]] = {}

    def judge(ingress: Ingress) -> Iterator[Violation]:
        if not ingress.is_alb or ingress.annotation(SHARED).exists:
            return
        balancer = ingress.group_name or ingress.address
        scheme = setting(ingress, "scheme").text("internal") or "internal"

        def compare(host: Field) -> Iterator[Violation]:
            name = (host.text("") or "").lower()
            first, by, place = taken.setdefault((name, scheme), (balancer, ingress, host))
            if first != balancer:
                yield ingress.violation(
                    host,
                    f"{name} is served by two load balancers: that of {by.address} and that of {ingress.address}",
                    related=[("the other Ingress", place)],
                )

        yield from judge_each(ingress.hosts, compare)

    yield from judge_each(objects.ingresses, judge)
