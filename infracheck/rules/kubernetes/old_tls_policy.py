"""Load balancer still speaks TLS 1.0 or 1.1.

TLS 1.0 and 1.1 were withdrawn in 2021 (RFC 8996): their ciphers and hashes are broken, no current browser uses them,
and PCI DSS forbids them. A load balancer that offers them lets an attacker on the way talk both sides down. The policy
that AWS takes where none is written, `ELBSecurityPolicy-2016-08`, offers both: that is reported with low severity,
because the controller may have been started with another default.

## Fix

Set a policy that begins with TLS 1.2: `alb.ingress.kubernetes.io/ssl-policy: ELBSecurityPolicy-TLS13-1-2-2021-06`, for
a Service `service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy`.

## References

- [Security policies for your Application Load Balancer](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html)
- [RFC 8996: Deprecating TLS 1.0 and TLS 1.1](https://www.rfc-editor.org/rfc/rfc8996)
- [AWS Load Balancer Controller: ssl-policy](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#ssl-policy)

## Bad: written, by default, and for a Service

```yaml manifest.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:us-east-1:123456789012:certificate/1
    alb.ingress.kubernetes.io/ssl-policy: ELBSecurityPolicy-TLS-1-1-2017-01 # finding
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: blog
  annotations: # finding
    alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:us-east-1:123456789012:certificate/1
spec:
  ingressClassName: alb
---
apiVersion: v1
kind: Service
metadata:
  name: stream
  annotations:
    service.beta.kubernetes.io/aws-load-balancer-type: external
    service.beta.kubernetes.io/aws-load-balancer-ssl-cert: arn:aws:acm:us-east-1:123456789012:certificate/1
    service.beta.kubernetes.io/aws-load-balancer-ssl-negotiation-policy: ELBSecurityPolicy-2016-08 # finding
spec:
  type: LoadBalancer
  ports: [{port: 443}]
```

## Good: TLS 1.2 and later, from the class, or no TLS here

```yaml manifest.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:us-east-1:123456789012:certificate/1
    alb.ingress.kubernetes.io/ssl-policy: ELBSecurityPolicy-TLS13-1-2-2021-06
spec:
  ingressClassName: alb
---
apiVersion: elbv2.k8s.aws/v1beta1
kind: IngressClassParams
metadata:
  name: modern
spec:
  sslPolicy: ELBSecurityPolicy-FS-1-2-Res-2020-10
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: modern
spec:
  controller: ingress.k8s.aws/alb
  parameters: {apiGroup: elbv2.k8s.aws, kind: IngressClassParams, name: modern}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: blog
  annotations:
    alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:us-east-1:123456789012:certificate/1
spec:
  ingressClassName: modern
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: plain
spec:
  ingressClassName: alb
```

## Good: not the load balancer's affair

```yaml manifest.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: nginx
  annotations:
    alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:us-east-1:123456789012:certificate/1
spec:
  ingressClassName: nginx
---
apiVersion: v1
kind: Service
metadata:
  name: stream
spec:
  type: LoadBalancer
  ports: [{port: 443}]
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.alb import setting
from infracheck.kubernetes.ingress import Ingress
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation

OLD = re.compile(
    r"ELBSecurityPolicy-(2016-08|2015-0\d|2014-\d\d|FS-2018-06|FS-1-1-.*|TLS-1-[01]-.*|TLS13-1-[01]-.*)", re.IGNORECASE
)
"""The policies that offer TLS 1.0 or 1.1, by AWS's table of policies and protocols."""
SERVICE = "service.beta.kubernetes.io/aws-load-balancer-"


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/Ingress", "extensions/Ingress", "Service"),
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    priority=Priority.P3,
    tags=("checklist:ingress-tls",),
    remedy="Set `ssl-policy: ELBSecurityPolicy-TLS13-1-2-2021-06`.",
)
def old_tls_policy(manifest: Manifest) -> Iterator[Violation]:
    """Yield the policy of a load balancer that offers TLS before 1.2."""
    if isinstance(manifest, Ingress):
        if not manifest.is_alb or not any(protocol == "HTTPS" for protocol, _ in manifest.listen_ports or ()):
            return
        policy, own = setting(manifest, "ssl-policy"), manifest.alb("ssl-policy")
    elif manifest.group or not manifest.annotation(f"{SERVICE}ssl-cert").exists:
        return
    else:
        policy = own = manifest.annotation(f"{SERVICE}ssl-negotiation-policy")
    name = policy.text("") or ""
    if OLD.fullmatch(name):
        yield manifest.violation(policy if own.exists else own, f"{manifest.address} offers TLS before 1.2: {name}")
    elif not name:
        yield manifest.violation(
            own,
            f"{manifest.address} offers TLS before 1.2: without a policy AWS takes ELBSecurityPolicy-2016-08",
            severity=Severity.LOW,
        )
