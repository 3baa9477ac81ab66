"""External secret is not read from the path agreed on.

A team keeps its secrets at one path in the store (`[secrets] path`, by default `/{product}/{env}/{name}`), and grants
access by its beginning: the role of an environment may read what is below it. A secret elsewhere needs a permission of
its own, is left out of reviews and rotation, and is forgotten when the environment is taken down.

The rule runs where the configuration names the `product`.

## Fix

Move the secret to its path in the store and correct `remoteRef.key`, or correct the convention.

## References

- [Organizing parameters in hierarchies, AWS Systems Manager](https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-hierarchies.html)
- [ExternalSecret, External Secrets Operator](https://external-secrets.io/latest/api/externalsecret/)

## Bad: no environment, and another beginning

```toml infracheck.toml
product = "shop"
```

```yaml overlays/production/kustomization.yaml
resources:
  - secret.yaml
```

```yaml overlays/production/secret.yaml
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: database
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: parameter-store}
  data:
    - secretKey: password
      remoteRef:
        key: /shop/database-password # finding
    - secretKey: token
      remoteRef:
        key: database-token # finding
  dataFrom:
    - find:
        path: /legacy # finding
```

## Bad: the convention of a team, and a variable of the environment

```toml infracheck.toml
product = "shop"

[secrets]
path = "/{env}/{product}/{name}"
```

```sh overlays/production/env
export ENVIRONMENT=production
```

```yaml overlays/production/kustomization.yaml
resources:
  - secret.yaml
```

```yaml overlays/production/secret.yaml
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: database
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: parameter-store}
  data:
    - secretKey: password
      remoteRef:
        key: /${ENVIRONMENT}/shop/database/password
    - secretKey: token
      remoteRef:
        key: /shop/${ENVIRONMENT}/token # finding
```

## Good: on the path; a pattern; another provider

```toml infracheck.toml
product = "shop"
```

```yaml overlays/production/kustomization.yaml
resources:
  - secret.yaml
```

```yaml overlays/production/secret.yaml
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata:
  name: vault
spec:
  provider: {vault: {server: "https://vault.example"}}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: licence
spec:
  secretStoreRef: {name: vault}
  data:
    - secretKey: key
      remoteRef: {key: kv/licence}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: database
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: parameter-store}
  data:
    - secretKey: password
      remoteRef: {key: /shop/production/database/password}
  dataFrom:
    - find:
        path: /shop/production/
    - find:
        name: {regexp: "^database-"}
```

## Good: no product is configured

```yaml secret.yaml
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: database
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: parameter-store}
  data:
    - secretKey: password
      remoteRef:
        key: database-password
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._secret_paths import keys_in_aws
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.external_secrets import ExternalSecret, RemoteKey
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("external-secrets.io/ExternalSecret",),
    severity=Severity.LOW,
    category=Category.OPERATIONS,
    tags=("checklist:secrets",),
    remedy="Move the secret to the path agreed on.",
)
def external_secret_off_path(secret: ExternalSecret) -> Iterator[Violation]:
    """Yield each key that does not follow the convention."""
    settings = secret.context.settings
    expected = settings.secrets.path_for(
        product=settings.product, environment=secret.context.environment or "<env>", name="<name>"
    )

    def judge(remote: RemoteKey) -> Iterator[Violation]:
        path = remote.key.text() or ""
        # A search below a folder needs no name of its own.
        whole = f"{path.rstrip('/')}/name" if remote.is_pattern else path
        if path and settings.secrets.environment_of(whole, product=settings.product) is None:
            yield secret.violation(remote.key, f"{secret.address} reads `{path}`, which is not of the form {expected}")

    if settings.product:
        yield from judge_each(keys_in_aws(secret), judge)
