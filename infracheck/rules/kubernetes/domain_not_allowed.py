"""Host name is outside the domains the team may use.

A host under a foreign or misspelt domain gets no certificate and no traffic, or, worse, External DNS writes a record
into a zone that belongs to somebody else. The usual cause is a name copied from another product or environment.

The rule knows the domains from `allowed-domains` in the configuration and is silent where there are none. It reads the
hosts of Ingresses, of routes and Gateways of the Gateway API, the names in External DNS annotations and in
DNSEndpoints.

## Fix

Correct the host, or add its domain to `allowed-domains`.

## References

- [External DNS: annotations](https://kubernetes-sigs.github.io/external-dns/latest/docs/annotations/annotations/)
- [Ingress: rules and hosts](https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-rules)

## Bad: a letter is missing, and an overlay takes another domain

```yaml infracheck.toml
allowed-domains = ["violet.example"]
```

```yaml base/kustomization.yaml
resources: [manifest.yaml]
```

```yaml base/manifest.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  rules:
    - host: shop.violet.example
    - host: shop.violt.example # finding
---
apiVersion: v1
kind: Service
metadata:
  name: stream
  annotations:
    external-dns.alpha.kubernetes.io/hostname: stream.violet.example, stream.example.org # finding
spec:
  type: LoadBalancer
  ports: [{port: 443}]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata:
  name: docs
spec:
  hostnames:
    - notviolet.example # finding
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: Ingress, name: shop}
    patch: |
      - op: replace
        path: /spec/rules/0/host
        value: shop.violet.test # finding
```

## Good: below the domain

```yaml infracheck.toml
allowed-domains = ["violet.example", "*.violet.test"]
```

```yaml manifests/manifest.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    external-dns.alpha.kubernetes.io/hostname: shop.violet.example.
spec:
  rules:
    - host: violet.example
    - host: "*.Violet.example"
    - host: a.violet.test
    - http: {paths: []}
```

## Good: nothing is configured

```yaml manifest.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  rules:
    - host: shop.example.org
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.external_dns import claimed_names
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.external_dns import ClaimedName
    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("Ingress", "Service", "gateway.networking.k8s.io/*", "externaldns.k8s.io/DNSEndpoint"),
    severity=Severity.MEDIUM,
    category=Category.CORRECTNESS,
    remedy="Correct the host, or add its domain to `allowed-domains`.",
)
def domain_not_allowed(manifest: Manifest) -> Iterator[Violation]:
    """Yield each host that is under none of the allowed domains."""
    allowed = [one.lower().strip(".").removeprefix("*.") for one in manifest.context.settings.allowed_domains]
    if not allowed:
        return
    seen: set[str] = set()

    def judge(claimed: ClaimedName) -> Iterator[Violation]:
        for name in claimed.names():
            bare = name.removeprefix("*.")
            inside = any(bare == domain or bare.endswith(f".{domain}") for domain in allowed)
            if not inside and name not in seen:
                seen.add(name)
                yield manifest.violation(
                    claimed.field, f"{manifest.address} claims {name}, which is under none of {', '.join(allowed)}"
                )

    yield from judge_each(claimed_names(manifest), judge)
