"""Public load balancer has no web application firewall in production.

A web application firewall before a public load balancer drops what scanners send all day: known exploits, injection
attempts, floods from single addresses. It also is the one place where a new vulnerability can be blocked within
minutes, before the application is patched. Without one each request reaches the application.

The firewall may also be tied to the load balancer outside the manifests, by Terraform or Firewall Manager: suppress the
finding where that is so.

## Fix

Name the web ACL: `alb.ingress.kubernetes.io/wafv2-acl-arn`, on any Ingress of the group or in the IngressClassParams.

## References

- [AWS Load Balancer Controller: wafv2-acl-arn](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#wafv2-acl-arn)
- [Security Hub ELB.16: Application Load Balancers should be associated with an AWS WAF web ACL](https://docs.aws.amazon.com/securityhub/latest/userguide/elb-controls.html#elb-16)

## Bad: open to the internet as it is

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations: # finding
    alb.ingress.kubernetes.io/scheme: internet-facing
spec:
  ingressClassName: alb
```

## Good: one for the group, and internal ones need none

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/group.name: public
    alb.ingress.kubernetes.io/scheme: internet-facing
    alb.ingress.kubernetes.io/wafv2-acl-arn: arn:aws:wafv2:us-east-1:123456789012:regional/webacl/public/1
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: blog
  annotations:
    alb.ingress.kubernetes.io/group.name: public
    alb.ingress.kubernetes.io/scheme: internet-facing
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: admin
spec:
  ingressClassName: alb
```

## Good: in the sandbox

```yaml overlays/sandbox/ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/scheme: internet-facing
spec:
  ingressClassName: alb
```

## Good: another controller

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: nginx
  annotations:
    alb.ingress.kubernetes.io/scheme: internet-facing
spec:
  ingressClassName: nginx
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Profile, Severity
from infracheck.kubernetes.alb import is_public, setting
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.ingress import Ingress
    from infracheck.rule import Violation

FIREWALLS = ("wafv2-acl-arn", "wafv2-acl-name", "waf-acl-id", "web-acl-id")


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/Ingress", "extensions/Ingress"),
    severity=Severity.LOW,
    category=Category.SECURITY,
    confidence=Confidence.MEDIUM,
    priority=Priority.P3,
    profiles={Profile.SANDBOX: None, Profile.DEVELOPMENT: None},
    remedy="Set `alb.ingress.kubernetes.io/wafv2-acl-arn`.",
)
def alb_without_waf(ingress: Ingress) -> Iterator[Violation]:
    """Yield a public load balancer that names no web ACL."""
    if ingress.is_alb and is_public(ingress) and not any(setting(ingress, name).exists for name in FIREWALLS):
        yield ingress.violation(
            ingress.alb("wafv2-acl-arn"),
            f"{ingress.address} is open to the internet without a web application firewall",
        )
