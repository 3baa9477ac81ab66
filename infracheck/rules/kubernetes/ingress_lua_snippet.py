"""Ingress brings Lua code of its own into nginx.

The controller is built with OpenResty, and Lua in a snippet runs inside it: it opens files, makes connections and reads
the token of the controller's account, which may read the Secrets of the whole cluster.

Off by default: `ingress-snippet` reports every snippet. This rule is for teams that allow snippets and draw the line
here.

## Fix

Remove the Lua code. What it decides is mostly done by an annotation, by external authentication or by the service.

## References

- [CVE-2021-25742: ingress-nginx custom snippets allow retrieval of secrets](https://github.com/kubernetes/ingress-nginx/issues/7837)
- [ingress-nginx: annotations](https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/)

## Bad: code, and where to find it

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/server-snippet: | # finding
      location /time { content_by_lua_block { ngx.say(ngx.now()) } }
    nginx.ingress.kubernetes.io/configuration-snippet: | # finding
      lua_code_cache off;
spec:
  ingressClassName: nginx
```

## Good: a snippet without

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/configuration-snippet: |
      more_set_headers "X-Frame-Options: deny";
    shop.example/notes: "alias lua_code_cache"
spec:
  ingressClassName: nginx
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._snippets import LUA, snippets_holding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.ingress import Ingress
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/Ingress", "extensions/Ingress"),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P2,
    aliases=("CKV_K8S_152",),
    remedy="Remove the Lua code.",
    default=False,
)
def ingress_lua_snippet(ingress: Ingress) -> Iterator[Violation]:
    """Yield each snippet that holds Lua code or its directives."""
    yield from snippets_holding(ingress, LUA, "runs Lua code in nginx")
