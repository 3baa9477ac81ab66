"""Ingress has TLS, but not for this host.

`tls` lists the hosts it holds for. A host of the rules that is not among them is served in plain HTTP, and over HTTPS
with the controller's self-signed certificate, which browsers refuse. It looks encrypted in a review, because a `tls`
section is there. A wildcard covers one level: `*.example.com` covers `a.example.com` and not `a.b.example.com`.

An ALB takes its certificate from its annotations or finds it by the hosts, and is not judged.

## Fix

Add the host to `spec.tls[].hosts`, and to the certificate.

## References

- [Ingress: TLS](https://kubernetes.io/docs/concepts/services-networking/ingress/#tls)

## Bad: another host, and one level too many

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: nginx
  tls:
    - hosts: [shop.example, "*.shop.example"]
      secretName: shop-tls
  rules:
    - host: shop.example
    - host: shop.test # finding
    - host: a.b.shop.example # finding
```

## Bad: an overlay changes the one and not the other

```yaml base/kustomization.yaml
resources: [ingress.yaml]
```

```yaml base/ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: nginx
  tls:
    - hosts: [dev.shop.example]
      secretName: shop-tls
  rules:
    - host: dev.shop.example
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: Ingress, name: shop}
    patch: |
      - op: replace
        path: /spec/rules/0/host
        value: shop.example # finding
```

## Good: all are there, or an ALB

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: nginx
  tls:
    - hosts: [Shop.example, "*.shop.example"]
      secretName: shop-tls
  rules:
    - host: shop.example
    - host: a.shop.example
    - host: "*.shop.example"
    - http: {paths: []}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: whole
spec:
  ingressClassName: nginx
  tls:
    - secretName: whole-tls
  rules:
    - host: whole.example
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: alb
spec:
  ingressClassName: alb
  tls:
    - hosts: [one.example]
  rules:
    - host: two.example
```

## Good: no TLS at all

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: plain
spec:
  ingressClassName: nginx
  rules:
    - host: plain.example
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
    from infracheck.rule import Violation
    from infracheck.source.field import Field


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/Ingress", "extensions/Ingress"),
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    priority=Priority.P2,
    tags=("checklist:ingress-tls",),
    remedy="Add the host to `spec.tls[].hosts`.",
)
def tls_host_mismatch(ingress: Ingress) -> Iterator[Violation]:
    """Yield each host that no entry of `tls` covers."""
    entries = ingress.tls
    if not entries or ingress.is_alb or any(not len(entry["hosts"]) for entry in entries):
        return
    covered = {host.lower() for entry in entries for host in entry["hosts"].texts()}

    def judge(host: Field) -> Iterator[Violation]:
        name = (host.text("") or "").lower()
        if name and name not in covered and f"*.{name.partition('.')[2]}" not in covered:
            yield ingress.violation(
                host,
                f"{ingress.address} serves {name} without TLS: `tls` covers {', '.join(sorted(covered))}",
                related=[("the hosts with TLS", ingress.at("spec.tls"))],
            )

    yield from judge_each(ingress.hosts, judge)
