"""Ingress brings an alias for a path of its own into nginx.

`alias` makes nginx answer with files of the controller's own container. One that leads to its service account's folder
hands the account's token to whoever asks, and this token may read the Secrets of the whole cluster.

Off by default: `ingress-snippet` reports every snippet. This rule is for teams that allow snippets and draw the line
here.

## Fix

Remove the `alias`. Files are served by a service, not by the controller.

## References

- [CVE-2021-25742: ingress-nginx custom snippets allow retrieval of secrets](https://github.com/kubernetes/ingress-nginx/issues/7837)
- [nginx: alias](https://nginx.org/en/docs/http/ngx_http_core_module.html#alias)

## Bad: the token's folder

```yaml ingress.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    nginx.ingress.kubernetes.io/server-snippet: | # finding
      location /leak { alias /var/run/secrets/kubernetes.io/serviceaccount/; }
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
from infracheck.rules.kubernetes._snippets import ALIAS, snippets_holding

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
    aliases=("CKV_K8S_154",),
    remedy="Remove the `alias`.",
    default=False,
)
def ingress_alias_snippet(ingress: Ingress) -> Iterator[Violation]:
    """Yield each snippet that serves files by `alias`."""
    yield from snippets_holding(ingress, ALIAS, "serves files of the controller")
