"""External secret reads from a store that nothing creates.

Without its store the Secret is never made, and the pods that need it wait in `CreateContainerConfigError`. The usual
cause is a slip in the name, or `SecretStore`, the default kind, where a `ClusterSecretStore` is meant.

Stores are also made elsewhere. The rule therefore speaks up only where the manifests hold a store of that name of the
other kind or in another namespace, or one whose name differs by a letter or two.

## Fix

Correct `secretStoreRef`.

## References

- [ExternalSecret, External Secrets Operator](https://external-secrets.io/latest/api/externalsecret/)
- [SecretStore](https://external-secrets.io/latest/api/secretstore/)

## Bad: the default kind, and a slip

```yaml manifest.yaml
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata:
  name: parameter-store
spec:
  provider: {aws: {service: ParameterStore, region: eu-west-1}}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: a
spec:
  secretStoreRef:
    name: parameter-store # finding
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: b
spec:
  secretStoreRef:
    kind: ClusterSecretStore
    name: parameters-store # finding
```

## Good: it is there, and somebody else's

```yaml manifest.yaml
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata:
  name: parameter-store
spec:
  provider: {aws: {service: ParameterStore, region: eu-west-1}}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: a
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: parameter-store}
  data:
    - secretKey: password
      remoteRef:
        key: /shop/production/a
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: b
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: vault}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.external_secrets import SecretStore
from infracheck.kubernetes.references import references_of
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._alike import is_alike
from infracheck.source.field import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.external_secrets import ExternalSecret
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("external-secrets.io/ExternalSecret",),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    tags=("checklist:secrets",),
    remedy="Correct `secretStoreRef`.",
)
def external_secret_store_missing(secret: ExternalSecret) -> Iterator[Violation]:
    """Yield the name of the store if nothing bears it, and something bears nearly that name."""
    reference = next((one for one in references_of(secret) if one.how == "store"), None)
    if reference is None or not reference.name or secret.objects.providers_of(reference):
        return
    meant = find(secret.objects.views(SecretStore), lambda store: is_alike(store.name, reference.name))
    if meant is not None:
        yield secret.violation(
            reference.field,
            f"{secret.address} reads from {reference.kind} {reference.name}, which is not there; {meant.address} is",
            related=[("there is", meant.field.at("metadata.name"))],
        )
