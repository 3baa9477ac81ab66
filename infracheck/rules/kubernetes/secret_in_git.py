"""Secret is kept in git with its value.

Base64 is no encryption. Whoever reads the repository, a fork, a CI log or a backup has the value, and it stays in git's
history after the file is deleted.

## Fix

Keep the value in AWS Parameter Store or Secrets Manager and commit an ExternalSecret that names its path, or encrypt it
(SealedSecret, SOPS). Change the credential: it has been seen.

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

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation
    from infracheck.source.field import Field

PLACEHOLDER = re.compile(r"^(?:\$\{.*\}|<.*>|ENC\[.*|ref\+.*|\{\{.*\}\})$|^$")
"""Values that are filled in or decrypted later: envsubst, SOPS, vals, templates."""


@rule(
    Target.MANIFEST,
    kinds=("Secret",),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    tags=("checklist:secrets",),
    remedy="Keep the value in the secret store, commit an ExternalSecret, and change the credential.",
)
def secret_in_git(manifest: Manifest) -> Iterator[Violation]:
    """Yield the first value of a Secret that is written in the repository."""
    if manifest.group or manifest.at("sops").exists:
        return
    values = [field for name in ("stringData", "data") for _, field in manifest.at(name).items()]
    guilty = next((field for field in values if _is_written(field)), None)
    if guilty is not None:
        yield manifest.violation(guilty, f"{manifest.address} holds its value in git", secret=True)


def _is_written(field: Field) -> bool:
    """Whether the value itself stands in a file; one that is filled in on deployment does not."""
    return not field.is_unknown and PLACEHOLDER.match(field.text("") or "") is None
