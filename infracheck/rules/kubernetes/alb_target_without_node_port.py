"""Load balancer is to reach nodes, but the Service opens no port on them.

With `target-type: instance`, which is the default, an ALB sends requests to a port of every node, and the Service must
be of type NodePort or LoadBalancer to have one. For a ClusterIP Service the AWS Load Balancer Controller reports
"service must be either 'NodePort' or 'LoadBalancer'", and the load balancer is not made, nor any later change of its
group.

## Fix

Set `alb.ingress.kubernetes.io/target-type: ip`, which also saves a hop between nodes; or make the Service a NodePort.

## References

- [AWS Load Balancer Controller: target-type](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#target-type)

## Bad: by default, and an overlay's patch of the Service

```yaml base/kustomization.yaml
resources: [manifest.yaml]
```

```yaml base/manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector: {app: shop}
  ports: [{port: 80}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: alb
  rules:
    - http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: shop, port: {number: 80}}} # finding
---
apiVersion: v1
kind: Service
metadata:
  name: blog
spec:
  type: NodePort
  selector: {app: blog}
  ports: [{port: 80}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: blog
  annotations:
    alb.ingress.kubernetes.io/target-type: instance # finding
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: blog, port: {number: 80}}}
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: Service, name: blog}
    patch: |
      - op: replace
        path: /spec/type
        value: ClusterIP
```

## Good: by address, from the Service or the class, or a port on the nodes

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector: {app: shop}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Service
metadata:
  name: api
  annotations:
    alb.ingress.kubernetes.io/target-type: ip
spec:
  selector: {app: api}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Service
metadata:
  name: old
spec:
  type: NodePort
  selector: {app: old}
  ports: [{port: 80}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/target-type: ip
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: shop, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: rest
spec:
  ingressClassName: alb
  rules:
    - http:
        paths:
          - path: /api
            pathType: Prefix
            backend: {service: {name: api, port: {number: 80}}}
          - path: /old
            pathType: Prefix
            backend: {service: {name: old, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: auto
spec:
  controller: eks.amazonaws.com/alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: auto
spec:
  ingressClassName: auto
  defaultBackend: {service: {name: shop, port: {number: 80}}}
```

## Good: another controller, or a Service of somebody else

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  ports: [{port: 80}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: nginx
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: shop, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: foreign
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: foreign, port: {number: 80}}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.alb import service_of, target_type
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.ingress import Backend, Ingress
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/Ingress", "extensions/Ingress"),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    remedy="Set `alb.ingress.kubernetes.io/target-type: ip`.",
)
def alb_target_without_node_port(ingress: Ingress) -> Iterator[Violation]:
    """Yield the target type, or the backend where none is written, if the Service has no port on the nodes."""
    if not ingress.is_alb:
        return
    seen: set[str] = set()

    def judge(backend: Backend) -> Iterator[Violation]:
        service = service_of(ingress, backend)
        if service is None or service.name in seen or service.type != "ClusterIP":
            return
        kind, written = target_type(ingress, service)
        if kind == "instance":
            seen.add(service.name)
            how = "instance" if written.exists else "instance, the default"
            yield ingress.violation(
                written if written.exists else backend.service_field,
                f"{ingress.address} sends traffic to nodes (target-type {how}), but {service.address} is a ClusterIP",
                related=[("the Service", service.at("spec.type"))],
            )

    yield from judge_each(ingress.backends, judge)
