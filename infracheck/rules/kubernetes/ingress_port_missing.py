"""Ingress leads to a port that its Service does not have.

A backend names a port of the Service, by number or by name, not one of the pods. The load balancer answers 503 for a
path whose port is not there; the AWS Load Balancer Controller fails to build the Ingress and all others of its group.
The usual cause is that the port of the container was written, or that the Service was changed and the Ingress was not.
ingress-nginx also takes the `targetPort` of the Service, and for controllers other than AWS's that is not reported.

## Fix

Write `port` or the name of the port as the Service has it.

## References

- [Ingress: the Ingress resource](https://kubernetes.io/docs/concepts/services-networking/ingress/#the-ingress-resource)
- [Ingress API: IngressServiceBackend](https://kubernetes.io/docs/reference/kubernetes-api/service-resources/ingress-v1/#IngressBackend)

## Bad: neither a port of that number, nor one of that name

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: 8080}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  defaultBackend:
    service:
      name: web
      port: {number: 8443} # finding
  rules:
    - http:
        paths:
          - path: /admin
            pathType: Prefix
            backend:
              service:
                name: web
                port: {name: admin} # finding
```

## Bad: the port of the pods, for a load balancer of AWS

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: 8080}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  ingressClassName: alb
  defaultBackend:
    service:
      name: web
      port: {number: 8080} # finding
```

## Good: as the Service has it, an action, and what is not for us to know

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
    - {name: http, port: 80, targetPort: 8080}
    - {name: admin, port: 81}
---
apiVersion: v1
kind: Service
metadata:
  name: outside
spec:
  type: ExternalName
  externalName: www.example.org
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  ingressClassName: nginx
  rules:
    - http:
        paths:
          - {path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}
          - {path: /a, pathType: Prefix, backend: {service: {name: web, port: {name: admin}}}}
          - {path: /b, pathType: Prefix, backend: {service: {name: web, port: {number: 8080}}}}
          - {path: /c, pathType: Prefix, backend: {service: {name: outside, port: {number: 443}}}}
          - {path: /d, pathType: Prefix, backend: {service: {name: elsewhere, port: {number: 7}}}}
          - {path: /e, pathType: Prefix, backend: {service: {name: web, port: {name: use-annotation}}}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.alb import service_of
from infracheck.rule import Target, rule
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.ingress import Backend, Ingress
    from infracheck.kubernetes.service import ServicePort
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/Ingress", "extensions/Ingress"),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    aliases=("kube-linter:dangling-ingress",),
    remedy="Write the port as the Service has it.",
)
def ingress_port_missing(ingress: Ingress) -> Iterator[Violation]:
    """Yield each port of a backend that its Service, known here, does not have."""

    def judge(backend: Backend) -> Iterator[Violation]:
        service = service_of(ingress, backend)
        if service is None or service.type == "ExternalName":
            return
        port = backend.port
        if port is None or not service.ports:
            return
        if find(service.ports, lambda one: _is_meant(ingress, one, port)) is None:
            yield ingress.violation(
                backend.port_field,
                f"{ingress.address} leads to port {port} of Service {backend.service}, which has no such port",
                related=[("the ports of the Service", service.at("spec.ports"))],
            )

    yield from judge_each(ingress.backends, judge)


def _is_meant(ingress: Ingress, port: ServicePort, written: int | str) -> bool:
    if written in (port.number, port.name):
        return True
    return port.target == written and not ingress.is_alb
