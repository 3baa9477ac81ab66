"""Annotation for the load balancer is misspelt and has no effect.

Controllers ignore annotations they don't know. `alb.ingress.kubernetes.io/schema: internal` leaves the scheme as it is;
a misspelt `certificate-arn`, `inbound-cidrs` or `aws-load-balancer-scheme` leaves a load balancer without encryption or
open to everybody, and nothing says so.

Reported is what differs by a letter or two from an annotation of the AWS Load Balancer Controller; annotations that
resemble none are left alone.

## Fix

Write the annotation as the controller knows it.

## References

- [AWS Load Balancer Controller: Ingress annotations](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/)
- [AWS Load Balancer Controller: Service annotations](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/service/annotations/)

## Bad: a letter, a plural, another word order

```yaml manifest.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/schema: internal # finding
    alb.ingress.kubernetes.io/certificate-arns: arn:aws:acm:us-east-1:123456789012:certificate/1 # finding
    alb.ingress.kubernetes.io/healthcheck-paht: /ready # finding
spec:
  ingressClassName: alb
---
apiVersion: v1
kind: Service
metadata:
  name: stream
  annotations:
    service.beta.kubernetes.io/aws-load-balancer-schema: internal # finding
spec:
  type: LoadBalancer
  ports: [{port: 443}]
```

## Good: as the controller knows them

```yaml manifest.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/scheme: internal
    alb.ingress.kubernetes.io/actions.schema: '{"type":"fixed-response","fixedResponseConfig":{"statusCode":"503"}}'
    alb.ingress.kubernetes.io/listener-attributes.HTTPS-443: routing.http.response.server.enabled=false
    alb.ingress.kubernetes.io/owner: shop
    example.com/schema: x
spec:
  ingressClassName: alb
---
apiVersion: v1
kind: Service
metadata:
  name: stream
  annotations:
    service.beta.kubernetes.io/aws-load-balancer-scheme: internal
    service.beta.kubernetes.io/aws-load-balancer-connection-idle-timeout: "60"
spec:
  type: LoadBalancer
  ports: [{port: 443}]
```
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.facts.load_balancers import INGRESS_ANNOTATIONS, INGRESS_FAMILIES, SERVICE_ANNOTATIONS
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation

INGRESS = "alb.ingress.kubernetes.io/"
SERVICE = "service.beta.kubernetes.io/"
ALIKE = 0.8
"""How alike two names must be (difflib's ratio): "schema" and "scheme" are 0.83, "tag" and "tags" 0.86."""


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/Ingress", "extensions/Ingress", "Service"),
    severity=Severity.MEDIUM,
    category=Category.CORRECTNESS,
    confidence=Confidence.MEDIUM,
    priority=Priority.P2,
    remedy="Write the annotation as the controller knows it.",
)
def misspelt_load_balancer_annotation(manifest: Manifest) -> Iterator[Violation]:
    """Yield each annotation that is nearly one of the controller's."""
    for key, field in manifest.annotations.items():
        meant = _meant(key)
        if meant:
            yield manifest.violation(field, f"{manifest.address}: {key} has no effect: {meant} is meant", on_key=True)


def _meant(key: str) -> str:
    """The annotation that a key nearly is; "" where it is one, or is nothing like one."""
    if key.startswith(INGRESS):
        prefix, known = INGRESS, INGRESS_ANNOTATIONS
    elif key.startswith(f"{SERVICE}aws-load-balancer-"):
        prefix, known = SERVICE, SERVICE_ANNOTATIONS
    else:
        return ""
    name = key.removeprefix(prefix)
    if name in known or name.startswith((*INGRESS_FAMILIES, "aws-load-balancer-listener-attributes.")):
        return ""
    return next(iter(get_close_matches(name[:100], sorted(known), n=1, cutoff=ALIKE)), "")
