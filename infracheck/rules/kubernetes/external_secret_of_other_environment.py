"""External secret reads what belongs to another environment.

The path names one environment and the manifest is deployed to another: production runs with the password of the
sandbox, or developers read production's. With roles that are limited to their own environment the Secret is never
made; without, nobody notices until the wrong database is changed. The usual cause is a path that was written out in
the base, or copied from another overlay.

## Fix

Write the environment's own path, or put the name of the environment into a variable (`/shop/${ENVIRONMENT}/...`).

## References

- [Organizing parameters in hierarchies, AWS Systems Manager](https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-hierarchies.html)
- [ExternalSecret, External Secrets Operator](https://external-secrets.io/latest/api/externalsecret/)

## Bad: written out in the base

```yaml base/kustomization.yaml
resources:
  - secret.yaml
```

```yaml base/secret.yaml
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: database
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: parameter-store}
  data:
    - secretKey: password
      remoteRef:
        key: /shop/production/database # finding
```

```yaml overlays/production/kustomization.yaml
resources:
  - ../../base
```

```yaml overlays/sandbox/kustomization.yaml
resources:
  - ../../base
```

## Bad: a configured environment, in a search

```toml infracheck.toml
[environments.blue]
paths = ["overlays/blue"]

[environments.green]
paths = ["overlays/green"]
```

```yaml overlays/blue/kustomization.yaml
resources:
  - secret.yaml
```

```yaml overlays/blue/secret.yaml
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: database
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: parameter-store}
  dataFrom:
    - find:
        path: /shop/green/database # finding
```

## Good: its own, spelt in either way, by a variable, and words that only look like one

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
    - secretKey: a
      remoteRef: {key: /shop/prod/database}
    - secretKey: b
      remoteRef: {key: "/shop/${ENVIRONMENT}/database"}
    - secretKey: c
      remoteRef: {key: /shop/production/staging}
    - secretKey: d
      remoteRef: {key: /shop/live/database}
    - secretKey: e
      remoteRef: {key: /vendor/staging}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.discovery.environment import SPELLINGS, canonical
from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.external_secrets import ExternalSecret, RemoteKey
    from infracheck.rule import Violation

AMBIGUOUS = frozenset({"test", "qa", "live", "local"})
"""Usual names of environments that are ordinary words of paths too; they count where they are configured."""


@rule(
    Target.MANIFEST,
    kinds=("external-secrets.io/ExternalSecret",),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    tags=("checklist:secrets",),
    remedy="Write the environment's own path.",
)
def external_secret_of_other_environment(secret: ExternalSecret) -> Iterator[Violation]:
    """Yield each key whose path names another environment, and not the one it is deployed to."""
    own = canonical(secret.context.environment)
    configured = {canonical(name) for name in secret.context.settings.environments}
    known = (SPELLINGS.keys() - AMBIGUOUS) | configured

    def judge(remote: RemoteKey) -> Iterator[Violation]:
        path = remote.key.text() or ""
        parts = path.strip("/").split("/")
        # The last part is the name of the secret, unless a folder is searched.
        named = [canonical(part) for part in (parts if remote.is_pattern else parts[:-1])]
        other = next((part for part in named if part in known), None)
        if other is not None and own not in named:
            where = secret.context.environment
            yield secret.violation(remote.key, f"{secret.address} of {where} reads `{path}`, which belongs to {other}")

    if own:
        yield from judge_each(secret.remote_keys, judge)
