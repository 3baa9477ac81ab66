r"""Annotation breaks out of the nginx configuration it is put into.

ingress-nginx before 1.11.5 and 1.12.1 pastes some annotations into its configuration without escaping them. A line
break, a quote, a brace or a semicolon in them ends the directive and begins another, by which an attacker runs code in
the controller and reads every Secret of the cluster ("IngressNightmare", CVE-2025-1097, -1098 and -24514). No honest
value has these characters.

## Fix

Remove the characters, find out who wrote them, and update the controller.

## References

- [CVE-2025-1097: auth-tls-match-cn](https://github.com/kubernetes/kubernetes/issues/131007)
- [CVE-2025-1098: mirror annotations](https://github.com/kubernetes/kubernetes/issues/131008)
- [CVE-2025-24514: auth-url](https://github.com/kubernetes/kubernetes/issues/131006)

## Bad: a second directive

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/auth-url: "http://example.com/#;}\nload_module /tmp/x.so;" # finding
    nginx.ingress.kubernetes.io/auth-tls-match-cn: "CN=ab #(\n){}\nload_module x.so;" # finding
spec:
  ingressClassName: nginx
```

## Good: addresses and names

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/auth-url: https://$host/oauth2/auth?rd=$escaped_request_uri
    nginx.ingress.kubernetes.io/auth-tls-match-cn: CN=client.example
    nginx.ingress.kubernetes.io/mirror-target: https://mirror.example$request_uri
    nginx.ingress.kubernetes.io/mirror-host: mirror.example
spec:
  ingressClassName: nginx
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.ingress import Ingress
    from infracheck.rule import Violation

PREFIX = "nginx.ingress.kubernetes.io/"
URL = re.compile(r"[\r\n<>\"{}|^`\\;]")
NAME = re.compile(r"[\r\n#{};]")
PLACES = {"auth-url": URL, "mirror-target": URL, "mirror-host": URL, "auth-tls-match-cn": NAME}


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/Ingress", "extensions/Ingress"),
    severity=Severity.CRITICAL,
    category=Category.SECURITY,
    priority=Priority.P0,
    aliases=("AVD-KCV-0093", "KCV-0093"),
    remedy="Remove what is not part of the address or name.",
)
def nginx_injection_in_annotation(ingress: Ingress) -> Iterator[Violation]:
    """Yield each annotation that holds characters by which it leaves its directive."""

    def judge(name: str) -> Iterator[Violation]:
        field = ingress.annotation(f"{PREFIX}{name}")
        found = PLACES[name].search((field.text("") or "").strip())
        if found:
            yield ingress.violation(
                field, f"{name} of {ingress.address} holds {found[0]!r}, by which it ends its nginx directive"
            )

    yield from judge_each(PLACES, judge)
