"""Two routes claim the same host and path.

Only one of them can win: for an ALB the Ingress with the lower `group.order`, then the first name of the alphabet; for
ingress-nginx the older object. The other's Service gets no request, and which of the two it is may change when objects
are made anew, as in another cluster. Usually one of them was copied and its path or host forgotten.

Compared are the paths of one Ingress, of the Ingresses of one ALB group that share a listener, and of those of one
class of another controller. Canaries of ingress-nginx and paths with `conditions` of the ALB are meant to share a path.

## Fix

Correct the host or the path of one of them, or remove it.

## References

- [AWS Load Balancer Controller: group.order](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#group.order)
- [ingress-nginx: how it works, building the model](https://kubernetes.github.io/ingress-nginx/how-it-works/#building-the-nginx-model)

## Bad: twice in one Ingress

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: nginx
  rules:
    - host: shop.example
      http:
        paths:
          - path: /api
            pathType: Prefix
            backend: {service: {name: api, port: {number: 80}}}
          - path: /api # finding
            pathType: Prefix
            backend: {service: {name: orders, port: {number: 80}}}
```

## Bad: in two Ingresses of a group

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
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: shop, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: front-end
  annotations:
    alb.ingress.kubernetes.io/group.name: public
spec:
  ingressClassName: alb
  rules:
    - host: SHOP.example
      http:
        paths:
          - path: / # finding
            pathType: Prefix
            backend: {service: {name: web, port: {number: 80}}}
```

## Good: other paths, other listeners, other load balancers, a canary

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/group.name: public
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTPS": 443}]'
spec:
  ingressClassName: alb
  rules:
    - host: shop.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: shop, port: {number: 80}}}
          - path: /
            pathType: Exact
            backend: {service: {name: home, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: maintenance
  annotations:
    alb.ingress.kubernetes.io/group.name: public
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}]'
spec:
  ingressClassName: alb
  rules:
    - host: shop.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: sorry, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: inside
spec:
  ingressClassName: nginx
  rules:
    - host: shop.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: shop, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: canary
  annotations:
    nginx.ingress.kubernetes.io/canary: "true"
    nginx.ingress.kubernetes.io/canary-weight: "5"
spec:
  ingressClassName: nginx
  rules:
    - host: shop.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: shop-next, port: {number: 80}}}
```

## Bad: two Ingresses of one class

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: nginx
  rules:
    - host: shop.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: shop, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  ingressClassName: nginx
  rules:
    - host: shop.example
      http:
        paths:
          - path: / # finding
            pathType: Prefix
            backend: {service: {name: web, port: {number: 80}}}
```

## Good: the same Service twice, conditions, no class in common

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: nginx
  rules:
    - host: shop.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: shop, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: again
spec:
  ingressClassName: nginx
  rules:
    - host: shop.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: shop, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: alone
spec:
  rules:
    - host: shop.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: alone, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: apart
spec:
  rules:
    - host: shop.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: apart, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: alb
  annotations:
    alb.ingress.kubernetes.io/group.name: g
spec:
  ingressClassName: alb
  rules:
    - host: shop.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: shop, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: canary
  annotations:
    alb.ingress.kubernetes.io/group.name: g
    alb.ingress.kubernetes.io/conditions.next: '[{"field": "http-header"}]'
spec:
  ingressClassName: alb
  rules:
    - host: shop.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: next, port: {number: 80}}}
```
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.ingress import Ingress, IngressPath
    from infracheck.kubernetes.objects import Objects
    from infracheck.rule import Violation

CANARY = "nginx.ingress.kubernetes.io/canary"


@dataclass(frozen=True, slots=True)
class Route:
    """A path of an Ingress, and the listeners it holds for (none where the controller has no such notion)."""

    ingress: Ingress
    path: IngressPath
    listeners: frozenset[int]
    leads_to: tuple[str, str, int | str | None]


@rule(
    Target.OBJECTS,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    remedy="Correct the host or the path of one of the two.",
)
def duplicate_ingress_route(objects: Objects) -> Iterator[Violation]:
    """Yield each path that an earlier one of the same router has for another Service."""
    taken: dict[tuple[str, ...], list[Route]] = {}

    def judge(ingress: Ingress) -> Iterator[Violation]:
        if ingress.annotation(CANARY).boolean() is True:
            return
        router, listeners = _router(ingress), _listeners(ingress)

        def compare(path: IngressPath) -> Iterator[Violation]:
            backend = path.backend
            leads_to = (ingress.namespace, backend.service, backend.port)
            if ingress.alb(f"conditions.{backend.service}").exists:
                return
            host = (path.host.text("") or "").lower()
            routes = taken.setdefault((router, host, path.path, path.path_type), [])
            other = next((one for one in routes if _clash(one, listeners, leads_to)), None)
            routes.append(Route(ingress, path, listeners, leads_to))
            if other is not None:
                yield ingress.violation(
                    path.field["path"] if path.field["path"].exists else path.field,
                    f"{ingress.address} sends {host or 'any host'}{path.path} to {backend.service}, and "
                    f"{other.ingress.address} to {other.leads_to[1]}: only one of them is heard",
                    related=[("the other route", other.path.field["path"])],
                )

        yield from judge_each(ingress.paths, compare)

    yield from judge_each(objects.ingresses, judge)


def _router(ingress: Ingress) -> str:
    """What compares routes with each other: a group of an ALB, a class of another controller, or the Ingress itself."""
    if ingress.is_alb:
        group = ingress.group_name
        return f"group {group}" if group else ingress.address
    name = ingress.class_name
    return f"class {name}" if name else ingress.address


def _listeners(ingress: Ingress) -> frozenset[int]:
    return frozenset(port for _, port in ingress.listen_ports or ()) if ingress.is_alb else frozenset()


def _clash(other: Route, listeners: frozenset[int], leads_to: tuple[str, str, int | str | None]) -> bool:
    shared = not listeners or not other.listeners or bool(listeners & other.listeners)
    return shared and other.leads_to != leads_to
