"""Ingress leads to a Service that does not exist.

The load balancer answers 503 for such a path, and the AWS Load Balancer Controller goes further: it fails to build the
whole Ingress, and all Ingresses of its group, so that changes to healthy paths are not rolled out either. The usual
cause is a renamed Service, or one in another namespace: an Ingress reaches only those of its own. Where the manifests
hold no Service of that name or namespace at all, it is taken to be made elsewhere. Where a chart is installed into the
namespace, or a custom object bears that name, that is not judged.

## Fix

Correct the name of the backend, or move the Ingress to the namespace of the Service.

## References

- [Ingress: backends](https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource)
- [AWS Load Balancer Controller: annotations](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/)

## Bad: renamed, and in another namespace

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: web-frontend
  namespace: shop
spec:
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: shop
spec:
  rules:
    - http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: web # finding
                port: {number: 80}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
  namespace: edge
spec:
  defaultBackend:
    service:
      name: web-frontend # finding
      port: {number: 80}
```

## Good: it is there, or an action of the load balancer

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  rules:
    - http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service:
                name: web
                port: {number: 80}
          - path: /old
            pathType: Prefix
            backend:
              service:
                name: redirect
                port: {name: use-annotation}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.operators import require_absence
from infracheck.kubernetes.references import references_of
from infracheck.rule import Target, rule
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.ingress import Ingress
    from infracheck.kubernetes.references import Reference
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/Ingress", "extensions/Ingress"),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    aliases=("kube-linter:dangling-ingress", "kube-score:ingress-targets-service"),
    remedy="Correct the name of the backend.",
)
def ingress_without_service(ingress: Ingress) -> Iterator[Violation]:
    """Yield each backend whose Service is not in the namespace."""

    def judge(backend: Reference) -> Iterator[Violation]:
        if not ingress.objects.providers_of(backend) and _is_ours(backend):
            require_absence(backend)
            yield ingress.violation(
                backend.field,
                f"{ingress.address} leads to Service {backend.name}, which no manifest makes in namespace "
                f"{ingress.namespace}",
            )

    yield from judge_each((one for one in references_of(ingress) if one.how == "backend"), judge)


def _is_ours(backend: Reference) -> bool:
    """Whether the manifests hold Services of that namespace, or one of that name in another."""
    services = backend.by.objects.services
    return find(services, lambda one: one.namespace == backend.namespace or one.name == backend.name) is not None
