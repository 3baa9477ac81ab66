"""Service opens a port outside the cluster's network.

A NodePort is open on every node, and a LoadBalancer has an address of its own: both go past the Ingress and whatever
stands there, encryption, logins, a firewall, the access log. In a cluster where everything is to come in by the Ingress
each of them is an exception somebody should have decided on.

The rule is a matter of policy and does not run by itself: an ALB with `target-type: instance` needs NodePorts, and
Ingress controllers are Services of type LoadBalancer. What is plainly dangerous is reported by
`kubernetes/public-load-balancer-service`.

## Fix

Make it a ClusterIP and lead to it by an Ingress.

## References

- [Service: publishing Services](https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types)

## Bad: on every node, and with an address of its own

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  type: NodePort # finding
  ports: [{port: 80}]
---
apiVersion: v1
kind: Service
metadata:
  name: stream
spec:
  type: LoadBalancer # finding
  ports: [{port: 443}]
```

## Good: inside

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  ports: [{port: 80}]
---
apiVersion: v1
kind: Service
metadata:
  name: database
spec:
  type: ExternalName
  externalName: db.example.com
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.service import Service
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("Service",),
    severity=Severity.LOW,
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=("kube-linter:exposed-services", "kube-score:service-type"),
    remedy="Make it a ClusterIP and lead to it by an Ingress.",
    default=False,
)
def exposed_service(service: Service) -> Iterator[Violation]:
    """Yield the type of a Service that opens a port outside."""
    if not service.group and service.is_exposed:
        yield service.violation("spec.type", f"{service.address} is open outside the cluster: type {service.type}")
