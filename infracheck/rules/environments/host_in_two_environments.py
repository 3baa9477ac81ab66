"""Two environments claim the same host name.

External DNS of each cluster writes the record of the host. Where both keep to their own records, the second environment
gets no name; where they share an owner id, each overwrites the other's record every minute, and customers land in the
sandbox. The usual cause is a host written in the base, where every overlay inherits it.

A private and a public zone may hold the same name, but not for two environments: internal load balancers are judged
too. Names that External DNS shares on purpose (`set-identifier`) are not.

## Fix

Let each overlay set the host: by a patch, or with a variable such as `${DOMAIN}`.

## References

- [External DNS: registry and owner id](https://kubernetes-sigs.github.io/external-dns/latest/docs/registry/registry/)
- [External DNS: annotations](https://kubernetes-sigs.github.io/external-dns/latest/docs/annotations/annotations/)

## Bad: the host stands in the base

```yaml base/kustomization.yaml
resources: [ingress.yaml]
```

```yaml base/ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: alb
  rules:
    - host: shop.violet.example # finding
```

```yaml overlays/sandbox/kustomization.yaml
resources: [../../base]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
```

## Bad: one overlay copied the other's patch

```yaml base/kustomization.yaml
resources: [service.yaml]
```

```yaml base/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: stream
spec:
  type: LoadBalancer
  ports: [{port: 443}]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - path: host.yaml
```

```yaml overlays/production/host.yaml
apiVersion: v1
kind: Service
metadata:
  name: stream
  annotations:
    external-dns.alpha.kubernetes.io/hostname: stream.violet.example
```

```yaml overlays/sandbox/kustomization.yaml
resources: [../../base]
patches:
  - path: host.yaml
```

```yaml overlays/sandbox/host.yaml
apiVersion: v1
kind: Service
metadata:
  name: stream
  annotations:
    external-dns.alpha.kubernetes.io/hostname: stream.violet.example # finding
```

## Good: each has its own

```yaml base/kustomization.yaml
resources: [ingress.yaml]
```

```yaml base/ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
spec:
  ingressClassName: alb
  rules:
    - host: shop.${DOMAIN}
    - host: shop.internal
      http: {paths: []}
```

```yaml overlays/sandbox/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: Ingress}
    patch: |
      - op: remove
        path: /spec/rules/1
```

```bash overlays/sandbox/env
DOMAIN=sandbox.violet.example
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
```

```bash overlays/production/env
DOMAIN=violet.example
```

## Good: names each cluster resolves for itself, and names shared on purpose

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
  rules:
    - host: shop.svc.cluster.local
    - host: shop
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: weighted
  annotations:
    external-dns.alpha.kubernetes.io/set-identifier: one
spec:
  ingressClassName: nginx
  rules:
    - host: shop.violet.example
```

```yaml overlays/sandbox/kustomization.yaml
resources: [../../base]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Profile, Severity
from infracheck.kubernetes.external_dns import SET_IDENTIFIER, claimed_names
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.external_dns import ClaimedName
    from infracheck.kubernetes.manifest import Manifest
    from infracheck.repository import Environment, Repository
    from infracheck.rule import Violation
    from infracheck.source.field import Field

IMPORTANCE = {Profile.PRODUCTION: 0, Profile.SANDBOX: 1, Profile.DEVELOPMENT: 2}
"""Whose name it is, where two claim it: the finding is the other's."""
LOCAL = (".local", ".localhost", ".svc", ".cluster.local", ".test", ".internal")
"""Names no public zone holds: each cluster resolves them for itself."""


@rule(
    Target.REPOSITORY,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    remedy="Let each overlay set the host.",
)
def host_in_two_environments(repository: Repository) -> Iterator[Violation]:
    """Yield each host that an environment of more weight claims already."""
    taken: dict[str, tuple[Environment, Manifest, Field]] = {}
    named = [one for one in repository.environments if one.name]
    for environment in sorted(named, key=lambda one: (IMPORTANCE[one.profile], one.name)):
        claims = (
            (manifest, claimed)
            for manifest in environment.objects.manifests
            if not manifest.annotation(SET_IDENTIFIER).exists
            for claimed in claimed_names(manifest)
        )

        def judge(claim: tuple[Manifest, ClaimedName], environment: Environment = environment) -> Iterator[Violation]:
            manifest, claimed = claim
            for name in claimed.names():
                if name.endswith(LOCAL) or "." not in name:
                    continue
                first, by, place = taken.setdefault(name, (environment, manifest, claimed.field))
                if first is not environment:
                    yield manifest.violation(
                        claimed.field,
                        f"{name} is claimed by {first.name} and by {environment.name}: DNS leads to one of them",
                        related=[(f"{by.address} of {first.name}", place)],
                    )

        yield from judge_each(claims, judge)
