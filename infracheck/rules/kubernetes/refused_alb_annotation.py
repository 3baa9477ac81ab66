"""Value of an annotation makes the load balancer controller refuse the Ingress.

Annotations are plain text to the API server: whatever they say, `kubectl apply` succeeds. The AWS Load Balancer
Controller reads them later. JSON that does not parse, a scheme called `public` or a redirect to a port without a
listener is an error in its log and an event of the Ingress; the load balancer, and with it every other Ingress of the
group, stays as it was.

## Fix

Correct the value. In YAML, JSON is best put in single quotes: `listen-ports: '[{"HTTPS": 443}]'`.

## References

- [AWS Load Balancer Controller: Ingress annotations](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/)

## Bad: JSON, a word, a number, a listener that is not there

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443]' # finding
    alb.ingress.kubernetes.io/actions.sorry: '{type: fixed-response}' # finding
    alb.ingress.kubernetes.io/scheme: public # finding
    alb.ingress.kubernetes.io/target-type: pod # finding
    alb.ingress.kubernetes.io/healthcheck-interval-seconds: 10s # finding
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: redirect
  annotations:
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 8443}]'
    alb.ingress.kubernetes.io/ssl-redirect: "443" # finding
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: ports
  annotations:
    alb.ingress.kubernetes.io/listen-ports: '[{"TCP": 80}]' # finding
spec:
  ingressClassName: alb
```

## Bad: an overlay's patch

```yaml base/kustomization.yaml
resources: [ingress.yaml]
```

```yaml base/ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/scheme: internal
spec:
  ingressClassName: alb
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: Ingress}
    patch: |
      - op: replace
        path: /metadata/annotations/alb.ingress.kubernetes.io~1scheme
        value: internet # finding
```

## Good: as the controller reads them

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/group.name: public
    alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}]'
    alb.ingress.kubernetes.io/ssl-redirect: "443"
    alb.ingress.kubernetes.io/scheme: internet-facing
    alb.ingress.kubernetes.io/target-type: ip
    alb.ingress.kubernetes.io/backend-protocol: HTTPS
    alb.ingress.kubernetes.io/healthcheck-interval-seconds: "10"
    alb.ingress.kubernetes.io/healthcheck-port: traffic-port
    alb.ingress.kubernetes.io/actions.sorry: '{"type": "fixed-response", "fixedResponseConfig": {"statusCode": "503"}}'
    alb.ingress.kubernetes.io/conditions.sorry: '[{"field": "source-ip", "sourceIpConfig": {"values": ["10.0.0.0/8"]}}]'
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: other
  annotations:
    alb.ingress.kubernetes.io/group.name: public
    alb.ingress.kubernetes.io/certificate-arn: arn:aws:acm:us-east-1:123456789012:certificate/1
spec:
  ingressClassName: alb
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: nginx
  annotations:
    alb.ingress.kubernetes.io/scheme: public
spec:
  ingressClassName: nginx
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.ingress import ALB_PREFIX, LONGEST_JSON, read_json
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.ingress import Ingress
    from infracheck.rule import Violation
    from infracheck.source.field import Field

WORDS = {
    "scheme": ("internal", "internet-facing"),
    "target-type": ("instance", "ip"),
    "ip-address-type": ("ipv4", "dualstack", "dualstack-without-public-ipv4"),
    "backend-protocol": ("HTTP", "HTTPS"),
    "backend-protocol-version": ("HTTP1", "HTTP2", "GRPC"),
    "healthcheck-protocol": ("HTTP", "HTTPS"),
    "auth-type": ("none", "oidc", "cognito"),
    "auth-on-unauthenticated-request": ("authenticate", "allow", "deny"),
}
"""Annotations that know a few values only."""
NUMBERS = (
    "group.order",
    "ssl-redirect",
    "healthcheck-interval-seconds",
    "healthcheck-timeout-seconds",
    "healthy-threshold-count",
    "unhealthy-threshold-count",
    "auth-session-timeout",
)
JSON = ("auth-idp-cognito", "auth-idp-oidc")
JSON_FAMILIES = ("actions.", "conditions.", "transforms.")


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/Ingress", "extensions/Ingress"),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    remedy="Correct the value.",
)
def refused_alb_annotation(ingress: Ingress) -> Iterator[Violation]:
    """Yield each annotation whose value the controller can't use."""
    if not ingress.is_alb:
        return

    def judge(annotation: tuple[str, Field]) -> Iterator[Violation]:
        name, field = annotation[0].removeprefix(ALB_PREFIX), annotation[1]
        wrong = _fault(ingress, name, field)
        if wrong:
            yield ingress.violation(field, f"{ingress.address} is refused by the controller: {name} {wrong}")

    yield from judge_each((one for one in ingress.annotations.items() if one[0].startswith(ALB_PREFIX)), judge)


def _fault(ingress: Ingress, name: str, field: Field) -> str:
    text = (field.text("") or "").strip()
    if name in WORDS and text not in WORDS[name]:
        return f"is {text!r}, not {' or '.join(WORDS[name])}"
    if name in NUMBERS and field.number() is None:
        return f"is {text!r}, no whole number"
    if len(text) > LONGEST_JSON:
        return ""
    if (name in JSON or name.startswith(JSON_FAMILIES)) and not isinstance(read_json(field), dict | list):
        return "is no JSON"
    if name == "listen-ports" and ingress.listen_ports is None:
        return "is no JSON list of HTTP and HTTPS ports"
    return _missing_listener(ingress, field) if name == "ssl-redirect" else ""


def _missing_listener(ingress: Ingress, redirect: Field) -> str:
    """What is wrong with a redirect whose port has no HTTPS listener on the whole load balancer."""
    listeners = [one.listen_ports for one in ingress.group_members]
    if None in listeners:
        return ""
    secure = {port for pairs in listeners for protocol, port in pairs or () if protocol == "HTTPS"}
    number = redirect.number()
    return "" if number in secure else f"leads to port {number}, on which nothing listens in HTTPS"
