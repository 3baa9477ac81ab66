"""Secret is kept in git with its value.

Base64 is no encryption. Whoever reads the repository, a fork, a CI log or a backup has the value, and it stays in git's
history after the file is deleted.

## Fix

Keep the value in AWS Parameter Store or Secrets Manager and commit an ExternalSecret that names its path, or encrypt it
(SealedSecret, SOPS). Change the credential: it has been seen.

The finding is at the value whose key names a credential, else at the first that is neither a placeholder nor a place
(a path, an address). A Secret that holds nothing else is left alone, and so are public certificates.

## References

- [Good practices for Kubernetes Secrets](https://kubernetes.io/docs/concepts/security/secrets-good-practices/)
- [External Secrets Operator](https://external-secrets.io/latest/introduction/overview/)

## Bad: a value in clear text, and one in base64

```yaml licence.yaml
apiVersion: v1
kind: Secret
metadata:
  name: licence
stringData:
  key: 5b1f-99aa-licence # finding
---
apiVersion: v1
kind: Secret
metadata:
  name: database
data:
  password: Y29ycmVjdC1ob3JzZQ== # finding
```

## Bad: a generator's literal

```yaml overlays/production/kustomization.yaml
secretGenerator:
  - name: database
    literals:
      - password=correct-horse # finding
```

## Bad: the password among other settings, and a generator's file

```yaml keystore.yaml
apiVersion: v1
kind: Secret
metadata:
  name: keystore
stringData:
  path: /var/run/keystore.jks
  user: app
  keystore-password: correct-horse # finding
```

```yaml overlays/production/kustomization.yaml
secretGenerator:
  - name: database
    envs:
      - database.env
```

```properties overlays/production/database.env
DB_HOST=db.shop.internal
DB_PASSWORD=correct-horse # finding
```

## Good: places, placeholders and certificates

```yaml keystore.yaml
apiVersion: v1
kind: Secret
metadata:
  name: keystore
stringData:
  path: /var/run/keystore.jks
  password: ${KEYSTORE_PASSWORD}
  ca.crt: |
    -----BEGIN CERTIFICATE-----
    MIIB
    -----END CERTIFICATE-----
data:
  token-path: L3Zhci9ydW4vc2VjcmV0cy90b2tlbg==
  encrypted: RU5DW0FFUzI1Nl9HQ00sZGF0YTp4XQ==
```

## Good: filled elsewhere

```yaml token.yaml
apiVersion: v1
kind: Secret
metadata:
  name: robot-token
  annotations:
    kubernetes.io/service-account.name: robot
type: kubernetes.io/service-account-token
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: database
spec:
  secretStoreRef:
    kind: ClusterSecretStore
    name: parameter-store
  dataFrom:
    - extract:
        key: /shop/production/database
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._credentials import NAMED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.configuration import Configuration
    from infracheck.rule import Violation
    from infracheck.source.field import Field

PLACEHOLDER = re.compile(r"^(?:\$\{.*\}|<.*>|ref\+.*|\{\{.*\}\})$|ENC\[|^-----BEGIN CERTIFICATE-----|^\s*$", re.DOTALL)
"""Values that are filled in or decrypted later (envsubst, SOPS, vals, templates), and what everybody may see."""
PLACE = re.compile(r"^/[\w./-]*$|^(?:https?|file)://[^@\s]*$|^(?:true|false|\d{1,5})$")
SETTING = re.compile(
    r"changeme|(?:https?|s3|file)://|[a-z]+(?:-[a-z]+)*|\d+(?:\.\d+)?[A-Za-z]{0,3}|[\w-]+(?:[./][\w-]+)+(?::[\w.-]+)?"
)
"""Values that lead to something or switch something."""


@rule(
    Target.MANIFEST,
    kinds=("Secret",),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    tags=("checklist:secrets",),
    remedy="Keep the value in the secret store, commit an ExternalSecret, and change the credential.",
)
def secret_in_git(secret: Configuration) -> Iterator[Violation]:
    """Yield the first value of a Secret that is written in the repository."""
    if secret.group or secret.at("sops").exists:
        return
    values = [(key, field) for name in ("stringData", "data") for key, field in secret.at(name).items()]
    written = [(key, field) for key, field in values if not field.is_unknown and _is_written(secret, key, field)]
    named = (field for key, field in written if NAMED.search(key))
    guilty = next(named, next((field for key, field in written if not _is_setting(secret, key)), None))
    if guilty is not None:
        yield secret.violation(guilty, f"{secret.address} holds its value in git", secret=True)


def _is_setting(secret: Configuration, key: str) -> bool:
    """Whether a value under a name that tells nothing is a setting: a word, an amount, an image, the start of a URL."""
    return SETTING.fullmatch((secret.decoded(key) or "").strip()) is not None


def _is_written(secret: Configuration, key: str, field: Field) -> bool:
    """Whether the value itself stands in a file; one that is filled in on deployment does not, and a place is none."""
    text = secret.decoded(key)
    if text is None:
        # No text at all, such as a key store.
        return bool(field.text())
    return PLACEHOLDER.search(text) is None and PLACE.search(text) is None
