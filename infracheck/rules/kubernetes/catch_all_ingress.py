"""Ingress answers for any host.

A rule without a host, or with a wildcard, takes requests for names nobody thought of: the bare address of the load
balancer, which scanners try first, a customer's domain that still points here, a host header made up to poison a cache
or a password reset link. It also shadows mistakes: a misspelt host is answered all the same.

A wildcard is right where each customer has a subdomain, and a load balancer behind a CDN may have no name; the rule is
therefore a matter of policy and does not run by itself.

## Fix

Name the hosts, and let the default backend answer 404.

## References

- [Ingress: rules](https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-rules)
- [Ingress: hostname wildcards](https://kubernetes.io/docs/concepts/services-networking/ingress/#hostname-wildcards)

## Bad: no host, and a wildcard

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  rules:
    - http: # finding
        paths: []
    - host: "*.shop.example" # finding
```

## Good: named hosts

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  defaultBackend: {service: {name: not-found, port: {number: 80}}}
  rules:
    - host: shop.example
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
    severity=Severity.LOW,
    category=Category.SECURITY,
    priority=Priority.P3,
    remedy="Name the hosts.",
    default=False,
)
def catch_all_ingress(ingress: Ingress) -> Iterator[Violation]:
    """Yield each rule without a host, and each host that is a wildcard."""

    def judge(entry: Field) -> Iterator[Violation]:
        host = entry["host"].text("") or ""
        if not host:
            yield ingress.violation(entry, f"{ingress.address} has a rule for any host", on_key=False)
        elif host.startswith("*"):
            yield ingress.violation(entry["host"], f"{ingress.address} answers for every host like {host}")

    yield from judge_each(ingress.field.at("spec.rules"), judge)
