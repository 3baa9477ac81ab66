"""Internal tool is reachable from the internet.

A namespace for internal tools holds admin consoles, dashboards and job runners: software that trusts whoever reaches
it. One word, `scheme: internet-facing`, puts it before every scanner of the internet, and its one login page is then
all that stands between them and production data.

A namespace counts as internal if its name, or its `purpose` in the configuration, says "internal", or if the rule's
setting `namespaces` lists it. In an Ingress group the scheme may come from another Ingress. Not reported are load
balancers that ask for a login (`auth-type`), let in only some addresses (`inbound-cidrs`, prefix lists), or have
security groups of their own, which nothing here can read.

## Fix

Remove `scheme: internet-facing` (the default is `internal`) and reach the tool by VPN; or restrict it with
`inbound-cidrs`, or put a login before it with `auth-type: oidc`.

## References

- [AWS Load Balancer Controller: access control](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#access-control)
- [Elastic Load Balancing: scheme](https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html#load-balancer-scheme)

## Bad: an overlay opens it

```yaml base/kustomization.yaml
resources: [ingress.yaml]
```

```yaml base/ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: admin
  namespace: internal-tools
  annotations:
    alb.ingress.kubernetes.io/scheme: internal
spec:
  ingressClassName: alb
```

```yaml overlays/sandbox/kustomization.yaml
resources: [../../base]
patches:
  - path: open.yaml
```

```yaml overlays/sandbox/open.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: admin
  namespace: internal-tools
  annotations:
    alb.ingress.kubernetes.io/scheme: internet-facing # finding
```

## Bad: the group is public, and the configuration says what the namespace is for

```yaml infracheck.toml
[namespaces.backoffice]
purpose = "internal tools of the support team"
```

```yaml manifests/ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  namespace: front-end
  annotations:
    alb.ingress.kubernetes.io/group.name: public
    alb.ingress.kubernetes.io/scheme: internet-facing
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: tickets
  namespace: backoffice
  annotations:
    alb.ingress.kubernetes.io/group.name: public # finding
spec:
  ingressClassName: alb
```

## Good: internal, restricted, or behind a login

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: admin
  namespace: internal-tools
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: reports
  namespace: internal-tools
  annotations:
    alb.ingress.kubernetes.io/scheme: internet-facing
    alb.ingress.kubernetes.io/inbound-cidrs: 203.0.113.0/24
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: console
  namespace: internal-tools
  annotations:
    alb.ingress.kubernetes.io/scheme: internet-facing
    alb.ingress.kubernetes.io/auth-type: oidc
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  namespace: front-end
  annotations:
    alb.ingress.kubernetes.io/scheme: internet-facing
spec:
  ingressClassName: alb
```

## Bad: a namespace the settings name, and addresses that are all

```toml infracheck.toml
[rules."kubernetes/public-alb-for-internal-namespace"]
namespaces = ["backoffice"]
```

```yaml manifests/ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: console
  namespace: backoffice
  annotations:
    alb.ingress.kubernetes.io/scheme: internet-facing # finding
    alb.ingress.kubernetes.io/inbound-cidrs: 10.0.0.0/8, 0.0.0.0/0
spec:
  ingressClassName: alb
```

## Good: security groups of its own, or another controller

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: guarded
  namespace: internal-tools
  annotations:
    alb.ingress.kubernetes.io/scheme: internet-facing
    alb.ingress.kubernetes.io/security-groups: sg-office
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: nginx
  namespace: internal-tools
  annotations:
    alb.ingress.kubernetes.io/scheme: internet-facing
spec:
  ingressClassName: nginx
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.alb import own_setting, setting
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.ingress import Ingress
    from infracheck.rule import Violation

INTERNAL = re.compile(r"\binternal\b", re.IGNORECASE)
EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})
GUARDS = ("security-groups", "security-group-prefix-lists")
"""Settings by which the team decides elsewhere who may connect."""


class Options(BaseModel):
    """What this rule lets a team set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    namespaces: tuple[str, ...] = Field(default=(), description="Further namespaces that are internal.")


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/Ingress", "extensions/Ingress"),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    settings=Options,
    remedy="Remove `scheme: internet-facing`, or restrict who may connect.",
)
def public_alb_for_internal_namespace(ingress: Ingress, options: Options) -> Iterator[Violation]:
    """Yield the scheme of an Ingress whose namespace is internal and whose load balancer is not."""
    if not ingress.is_alb or not _is_internal(ingress, options):
        return
    scheme = setting(ingress, "scheme")
    if scheme.text("internal") != "internet-facing" or _is_guarded(ingress):
        return
    own = own_setting(ingress, "scheme")
    group = ingress.group_name
    shared = not own.exists
    yield ingress.violation(
        ingress.alb("group.name") if shared else ingress.alb("scheme"),
        f"{ingress.address} puts a service of internal namespace {ingress.namespace} on the internet"
        + (f": group {group} is internet-facing" if shared else ""),
        related=[("the scheme", scheme)] if shared else (),
    )


def _is_internal(ingress: Ingress, options: Options) -> bool:
    name = ingress.namespace
    declared = ingress.context.settings.namespaces.get(name)
    return name in options.namespaces or any(
        INTERNAL.search(text) for text in (name, declared.purpose if declared else "")
    )


def _is_guarded(ingress: Ingress) -> bool:
    if ingress.alb("auth-type").text("none") != "none":
        return True
    if any(setting(ingress, name).exists for name in GUARDS):
        return True
    ranges = own_setting(ingress, "inbound-cidrs")
    listed = ranges.texts()
    allowed = {part.strip() for text in listed for part in text.split(",")} - {""}
    return bool(allowed) and not allowed & EVERYWHERE
