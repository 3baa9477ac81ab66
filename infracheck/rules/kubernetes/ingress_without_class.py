"""Ingress names no class.

Which controller serves it, the public one or the internal one, or none, depends on what the cluster marks as its
default class. In a cluster without a default nothing happens at all, and no error says so.

An IngressClass among the manifests that is the default settles it. The default may also be set outside the manifests,
so the rule does not run by itself.

## Fix

Set `spec.ingressClassName`.

## References

- [Ingress class, Kubernetes documentation](https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class)

## Bad: no class

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec: # finding
  rules:
    - host: shop.example
```

## Good: a class, by field or by the old annotation

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: old
  annotations:
    kubernetes.io/ingress.class: nginx
```

## Good: the manifests say which is the default

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: internal
  annotations:
    ingressclass.kubernetes.io/is-default-class: "true"
spec:
  controller: ingress.k8s.aws/alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  rules:
    - host: shop.example
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.ingress import Ingress
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/Ingress", "extensions/Ingress"),
    severity=Severity.LOW,
    category=Category.CORRECTNESS,
    priority=Priority.P2,
    remedy="Set `spec.ingressClassName`.",
    default=False,
)
def ingress_without_class(ingress: Ingress) -> Iterator[Violation]:
    """Yield an Ingress without a class, written or by default."""
    if not ingress.class_name:
        yield ingress.violation("spec.ingressClassName", f"{ingress.address} leaves open which controller serves it")
