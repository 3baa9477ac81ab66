"""Ingress serves plain HTTP.

Without TLS every password, cookie and token that passes between the user and the load balancer can be read and changed
on the way: in a café, by a provider, by a proxy.

An Ingress counts as encrypted if it has `tls`, or, for the AWS Load Balancer Controller, a certificate
(`alb.ingress.kubernetes.io/certificate-arn`) or an HTTPS listener whose certificate the controller discovers by host.
So does one whose annotations name a certificate of Google Cloud or Azure, a secure entry point of Traefik, or pods that
encrypt themselves (`ssl-passthrough`).
One that leads nowhere, such as a carrier of annotations for ExternalDNS, serves nothing.

## Fix

Give the Ingress a `tls` entry, or for an ALB `certificate-arn` and `listen-ports: '[{"HTTPS": 443}]'`; redirect HTTP
with `ssl-redirect: "443"`.

## References

- [Ingress: TLS, Kubernetes documentation](https://kubernetes.io/docs/concepts/services-networking/ingress/#tls)
- [Ingress annotations, AWS Load Balancer Controller](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/)

## Bad: an ALB that listens on 80 alone

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/scheme: internet-facing
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}]' # finding
spec:
  ingressClassName: alb
  rules:
    - host: shop.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service: {name: shop, port: {number: 80}}
```

## Bad: no tls

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec: # finding
  ingressClassName: nginx
  rules:
    - host: shop.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend:
              service: {name: shop, port: {number: 80}}
```

## Good: a certificate

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]'
    alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:us-east-1:123456789012:certificate/1
    alb.ingress.kubernetes.io/ssl-redirect: "443"
spec:
  ingressClassName: alb
  rules:
    - host: shop.example
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: internal
spec:
  ingressClassName: nginx
  tls:
    - hosts: [internal.example]
      secretName: internal-tls
  rules:
    - host: internal.example
```

## Good: it carries a name for ExternalDNS, and another proxy serves it

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    external-dns.alpha.kubernetes.io/target: proxy.shop.example
spec:
  rules:
    - host: shop.example
```

## Good: other controllers' ways to encrypt

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: google
  annotations:
    networking.gke.io/managed-certificates: shop
spec:
  defaultBackend: {service: {name: shop, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: traefik
  annotations:
    traefik.ingress.kubernetes.io/router.entrypoints: websecure
spec:
  ingressClassName: traefik
  defaultBackend: {service: {name: shop, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: through
  annotations:
    nginx.ingress.kubernetes.io/ssl-passthrough: "true"
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: shop, port: {number: 443}}}
```

## Good: listeners that can't be read are another rule's

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: broken
  annotations:
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTPS": 443]'
spec:
  ingressClassName: alb
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.ingress import Ingress
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/Ingress", "extensions/Ingress"),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=("polaris:tlsSettingsMissing",),
    tags=("checklist:ingress-tls",),
    remedy="Give it a certificate and an HTTPS listener, and redirect HTTP.",
)
def ingress_without_tls(manifest: Manifest) -> Iterator[Violation]:
    """Yield an Ingress that nothing encrypts; one whose listeners can't be read serves nothing at all."""
    if not isinstance(manifest, Ingress) or (manifest.is_alb and manifest.listen_ports is None):
        return
    if not manifest.terminates_tls and any(manifest.backends):
        ports = manifest.alb("listen-ports")
        at = ports if ports.exists else manifest.at("spec.tls")
        yield manifest.violation(at, f"{manifest.address} serves plain HTTP")
