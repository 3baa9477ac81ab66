"""Two external secrets make the same Secret.

Both own the Secret of that name: the operator lets the first have it and refuses the other, which then is never in
step (`SecretSyncedError`), or each overwrites the other's keys in turn, as the version may be. Which values the pods
see depends on the order of events.

## Fix

Give each its own `spec.target.name`, or put all keys into one ExternalSecret. An addition to a Secret of somebody else
has `creationPolicy: Merge`.

## References

- [Lifecycle: creation policy](https://external-secrets.io/latest/guides/ownership-deletion-policy/)

## Bad: a target and a name

```yaml manifest.yaml
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: database
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: parameter-store}
  data:
    - secretKey: password
      remoteRef:
        key: /shop/production/database
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: database-admin
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: parameter-store}
  target:
    name: database # finding
```

## Good: another namespace, another name, and an addition

```yaml manifest.yaml
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: database
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: parameter-store}
  data:
    - secretKey: password
      remoteRef:
        key: /shop/production/database
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: database
  namespace: tools
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: parameter-store}
  data:
    - secretKey: password
      remoteRef:
        key: /shop/production/database
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: database-admin
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: parameter-store}
  target: {name: database-admin}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: addition
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: parameter-store}
  target: {name: database, creationPolicy: Merge}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.external_secrets import ExternalSecret
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.objects import Objects
    from infracheck.rule import Violation

OWNING = ("Owner", "Orphan")
"""The creation policies under which the operator makes the Secret."""


@rule(
    Target.OBJECTS,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    tags=("checklist:secrets",),
    remedy="Give each its own `spec.target.name`.",
)
def external_secrets_clash(objects: Objects) -> Iterator[Violation]:
    """Yield each external secret whose Secret an earlier one makes."""
    first: dict[tuple[str, str], ExternalSecret] = {}

    def judge(secret: ExternalSecret) -> Iterator[Violation]:
        if secret.creation_policy not in OWNING:
            return
        earlier = first.setdefault((secret.namespace, secret.secret_name), secret)
        if earlier.name != secret.name:
            target = secret.at("spec.target.name")
            yield secret.violation(
                target if target.exists else "metadata.name",
                f"{secret.address} makes Secret {secret.secret_name}, which {earlier.address} makes too",
                related=[("also made here", earlier.field.at("metadata.name"))],
            )

    yield from judge_each(objects.views(ExternalSecret), judge)
