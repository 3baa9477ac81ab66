"""Ingress answers plain HTTP beside HTTPS instead of redirecting.

Whoever types the bare name, follows an old link or is lured to `http://` then talks to the application in clear text:
the session cookie, the password and the page itself can be read and changed on the way, although a certificate is
there. A redirect sends every such request to HTTPS before the application sees it.

For an ALB the redirect is `ssl-redirect`, on any Ingress of the group, or an action that redirects to HTTPS.
ingress-nginx redirects by itself where there is `tls`, unless `ssl-redirect: "false"` says otherwise. An Ingress
without any HTTPS is the affair of `kubernetes/ingress-without-tls`.

## Fix

ALB: `alb.ingress.kubernetes.io/ssl-redirect: "443"`. ingress-nginx: remove `nginx.ingress.kubernetes.io/ssl-redirect`.

## References

- [AWS Load Balancer Controller: ssl-redirect](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#ssl-redirect)
- [ingress-nginx: server-side HTTPS enforcement](https://kubernetes.github.io/ingress-nginx/user-guide/tls/#server-side-https-enforcement-through-redirect)

## Bad: an ALB with two listeners

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]' # finding
    alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:us-east-1:123456789012:certificate/1
spec:
  ingressClassName: alb
  rules:
    - host: shop.example
```

## Bad: one environment takes the redirect away

```yaml base/kustomization.yaml
resources: [ingress.yaml]
```

```yaml base/ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]' # finding
    alb.ingress.kubernetes.io/ssl-redirect: "443"
spec:
  ingressClassName: alb
  rules:
    - host: shop.example
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - patch: |
      apiVersion: networking.k8s.io/v1
      kind: Ingress
      metadata:
        name: shop
        annotations:
          alb.ingress.kubernetes.io/ssl-redirect: null
```

## Bad: nginx told not to

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/ssl-redirect: "false" # finding
spec:
  ingressClassName: nginx
  tls:
    - hosts: [shop.example]
      secretName: shop-tls
  rules:
    - host: shop.example
```

## Good: redirected, by itself, its group, or an action

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/group.name: public
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]'
    alb.ingress.kubernetes.io/ssl-redirect: "443"
spec:
  ingressClassName: alb
  rules:
    - host: shop.example
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: blog
  annotations:
    alb.ingress.kubernetes.io/group.name: public
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]'
spec:
  ingressClassName: alb
  rules:
    - host: blog.example
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: old
  annotations:
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]'
    alb.ingress.kubernetes.io/actions.to-https: >-
      {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS", "Port": "443", "StatusCode": "HTTP_301"}}
spec:
  ingressClassName: alb
  rules:
    - host: old.example
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: to-https, port: {name: use-annotation}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: plain
spec:
  ingressClassName: nginx
  tls:
    - hosts: [plain.example]
      secretName: plain-tls
  rules:
    - host: plain.example
```

## Bad: an action that leads elsewhere

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: old
  annotations:
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]' # finding
    alb.ingress.kubernetes.io/actions.moved: '{"type": "redirect", "redirectConfig": {"host": "new.example"}}'
    alb.ingress.kubernetes.io/actions.sorry: '{"type": "fixed-response", "redirectConfig": {"protocol": "HTTPS"}}'
    alb.ingress.kubernetes.io/actions.broken: '[1]'
spec:
  ingressClassName: alb
```

## Good: nothing to redirect, or forced

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: plain
  annotations:
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}]'
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: secure
  annotations:
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTPS": 443}]'
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: forced
  annotations:
    nginx.ingress.kubernetes.io/ssl-redirect: "false"
    nginx.ingress.kubernetes.io/force-ssl-redirect: "true"
spec:
  ingressClassName: nginx
  tls:
    - hosts: [forced.example]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: bare
  annotations:
    nginx.ingress.kubernetes.io/ssl-redirect: "false"
spec:
  ingressClassName: nginx
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.alb import setting
from infracheck.kubernetes.ingress import ALB_PREFIX, read_json
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.ingress import Ingress
    from infracheck.rule import Violation
    from infracheck.source.field import Field

NGINX = "nginx.ingress.kubernetes.io/"


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/Ingress", "extensions/Ingress"),
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    priority=Priority.P2,
    tags=("checklist:ingress-tls",),
    remedy="Redirect HTTP to HTTPS with `ssl-redirect`.",
)
def ingress_without_https_redirect(ingress: Ingress) -> Iterator[Violation]:
    """Yield the listeners of an ALB that serves both, and the switch that turns nginx's redirect off."""
    if ingress.is_alb:
        protocols = {protocol for protocol, _ in ingress.listen_ports or ()}
        if protocols == {"HTTP", "HTTPS"} and not _is_redirected(ingress):
            ports = ingress.alb("listen-ports")
            yield ingress.violation(ports, f"{ingress.address} serves plain HTTP beside HTTPS and does not redirect it")
        return
    switch = ingress.annotation(f"{NGINX}ssl-redirect")
    forced = ingress.annotation(f"{NGINX}force-ssl-redirect")
    if switch.boolean() is False and forced.boolean() is not True and len(ingress.field.at("spec.tls")):
        yield ingress.violation(switch, f"{ingress.address} serves plain HTTP beside HTTPS: its redirect is turned off")


def _is_redirected(ingress: Ingress) -> bool:
    if setting(ingress, "ssl-redirect").number() is not None:
        return True
    actions = (field for key, field in ingress.annotations.items() if key.startswith(f"{ALB_PREFIX}actions."))
    return any(_leads_to_https(action) for action in actions)


def _leads_to_https(action: Field) -> bool:
    written = _lowered(read_json(action))
    return written.get("type") == "redirect" and _lowered(written.get("redirectconfig")).get("protocol") == "HTTPS"


def _lowered(value: object) -> dict[str, object]:
    """A JSON object by lower-case keys: the controller reads `Type` and `type` alike."""
    return {str(key).lower(): inner for key, inner in value.items()} if isinstance(value, dict) else {}
