"""Ingresses of several namespaces share a load balancer.

Whoever may create an Ingress in one of the namespaces can claim any host and path of the group, with a lower
`group.order` than the rightful one, and so read the traffic of another team. The AWS Load Balancer Controller's
documentation warns that groups are for users who trust each other.

Where one team owns all the namespaces, a group saves the price of a load balancer; the rule is a matter of policy and
does not run by itself.

## Fix

Give each namespace a group of its own, or let an IngressClassParams with a `namespaceSelector` say who may join.

## References

- [AWS Load Balancer Controller: IngressGroup, security risk](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#ingressgroup)
- [AWS Load Balancer Controller: IngressClassParams](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/ingress_class/)

## Bad: two namespaces

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  namespace: front-end
  annotations:
    alb.ingress.kubernetes.io/group.name: public
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: api
  namespace: core-api
  annotations:
    alb.ingress.kubernetes.io/group.name: public # finding
spec:
  ingressClassName: alb
```

## Good: one each

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  namespace: front-end
  annotations:
    alb.ingress.kubernetes.io/group.name: front-end
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: api
  namespace: core-api
  annotations:
    alb.ingress.kubernetes.io/group.name: core-api
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: admin
  namespace: core-api
spec:
  ingressClassName: alb
```

## Good: another controller

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: a
  namespace: one
  annotations:
    alb.ingress.kubernetes.io/group.name: g
spec:
  ingressClassName: nginx
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: b
  namespace: two
  annotations:
    alb.ingress.kubernetes.io/group.name: g
spec:
  ingressClassName: nginx
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.ingress import Ingress
    from infracheck.kubernetes.objects import Objects
    from infracheck.rule import Violation


@rule(
    Target.OBJECTS,
    severity=Severity.LOW,
    category=Category.SECURITY,
    priority=Priority.P3,
    remedy="Give each namespace a group of its own.",
    default=False,
)
def alb_group_across_namespaces(objects: Objects) -> Iterator[Violation]:
    """Yield the group of each Ingress that joins one of another namespace."""
    first: dict[str, Ingress] = {}

    def judge(ingress: Ingress) -> Iterator[Violation]:
        name = ingress.group_name if ingress.is_alb else ""
        if not name:
            return
        other = first.setdefault(name, ingress)
        if other.namespace != ingress.namespace:
            yield ingress.violation(
                ingress.alb("group.name"),
                f"{ingress.address} shares load balancer {name} with namespace {other.namespace}",
                related=[(other.address, other.alb("group.name"))],
            )

    yield from judge_each(objects.ingresses, judge)
