"""Ingress brings its own nginx configuration.

Snippet annotations are pasted into the configuration of ingress-nginx as they are. Whoever may create or change an
Ingress can thereby make the controller read any file it can read, its service account's token first, and that token
reads the Secrets of the whole cluster (CVE-2021-25742). `alias` and Lua code are the shortest ways there.

## Fix

Use the annotation made for the purpose (rewrites, headers, limits all have one), or set it for all in the controller's
ConfigMap, and keep `allow-snippet-annotations: "false"`, the default since 1.9.

## References

- [CVE-2021-25742: ingress-nginx custom snippets allow retrieval of secrets](https://github.com/kubernetes/ingress-nginx/issues/7837)
- [ingress-nginx: annotations](https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/)

## Bad: headers, a file, Lua

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/configuration-snippet: | # finding
      more_set_headers "X-Frame-Options: deny";
    nginx.ingress.kubernetes.io/server-snippet: | # finding
      location /leak { alias /var/run/secrets/kubernetes.io/serviceaccount/; }
    nginx.org/location-snippets: content_by_lua 'ngx.say(1)'; # finding
spec:
  ingressClassName: nginx
```

## Good: annotations with one purpose

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/custom-headers: shop/headers
    nginx.ingress.kubernetes.io/limit-rps: "20"
    nginx.ingress.kubernetes.io/auth-snippet: ""
spec:
  ingressClassName: nginx
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._snippets import ALIAS, LUA, snippets
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.ingress import Ingress
    from infracheck.rule import Violation
    from infracheck.source.field import Field

MEANS = (("Lua code", LUA), ("an alias", ALIAS))


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/Ingress", "extensions/Ingress"),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P2,
    aliases=("CKV_K8S_153",),
    remedy="Use the annotation made for the purpose instead of a snippet.",
)
def ingress_snippet(ingress: Ingress) -> Iterator[Violation]:
    """Yield each snippet that holds anything."""

    def judge(annotation: tuple[str, Field]) -> Iterator[Violation]:
        key, field = annotation
        text = field.text("") or ""
        if text.strip():
            means = " and ".join(name for name, pattern in MEANS if pattern.search(text))
            yield ingress.violation(
                field,
                f"{ingress.address} writes nginx configuration by {key.partition('/')[2]}"
                + (f": it uses {means}" if means else ""),
                on_key=True,
            )

    yield from judge_each(snippets(ingress), judge)
