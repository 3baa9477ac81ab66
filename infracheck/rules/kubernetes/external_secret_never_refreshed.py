"""External secret is read once and never again.

With `refreshInterval: 0` or `refreshPolicy: CreatedOnce` the operator reads the value when the object is made and
leaves it at that: a credential that is rotated in the store stays the old one in the cluster. The usual way to fetch
it by hand, `kubectl annotate externalsecret NAME force-sync=...`, has no effect either, since version 0.11 of the
operator. A very long interval delays a rotation by as much.

`OnChange`, which does react to the annotation, is left alone, and so are values that a generator makes up.

## Fix

Leave both fields out (once an hour), or set an interval up to a day. To decide yourself when a value is read, set
`refreshPolicy: OnChange`.

## Settings

`longest-hours` (24): intervals that are longer are reported.

## References

- [ExternalSecret, External Secrets Operator](https://external-secrets.io/latest/api/externalsecret/)
- [Lifecycle: refresh policy](https://external-secrets.io/latest/guides/ownership-deletion-policy/)

## Bad: zero, once, and a month

```yaml manifest.yaml
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: a
spec:
  refreshInterval: 0s # finding
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: b
spec:
  refreshPolicy: CreatedOnce # finding
  refreshInterval: 1h
---
apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata:
  name: c
spec:
  refreshInterval: 720h # finding
---
apiVersion: external-secrets.io/v1beta1
kind: ExternalSecret
metadata:
  name: d
spec:
  refreshInterval: "0" # finding
```

## Bad: an overlay's patch

```yaml base/secret.yaml
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: database
spec:
  refreshInterval: 1h
```

```yaml base/kustomization.yaml
resources:
  - secret.yaml
```

```yaml overlays/production/kustomization.yaml
resources:
  - ../../base
patches:
  - patch: |-
      apiVersion: external-secrets.io/v1
      kind: ExternalSecret
      metadata:
        name: database
      spec:
        refreshInterval: "0" # finding
```

## Good: the default, an hour, on change, and a generated password

```yaml manifest.yaml
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: a
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: parameter-store}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: b
spec:
  refreshInterval: 24h
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: c
spec:
  refreshPolicy: OnChange
  refreshInterval: "0"
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: d
spec:
  refreshInterval: "0"
  dataFrom:
    - sourceRef:
        generatorRef: {apiVersion: generators.external-secrets.io/v1alpha1, kind: Password, name: admin}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.external_secrets import ExternalSecret
    from infracheck.rule import Violation


class Options(BaseModel):
    """The settings of the rule."""

    model_config = ConfigDict(extra="forbid", frozen=True, validate_by_name=True, validate_by_alias=True)

    longest_hours: Annotated[float, Field(gt=0, alias="longest-hours")] = 24.0
    """Hours between two readings that are not too many."""


@rule(
    Target.MANIFEST,
    kinds=("external-secrets.io/ExternalSecret",),
    severity=Severity.MEDIUM,
    category=Category.OPERATIONS,
    tags=("checklist:secrets",),
    remedy="Set an interval up to a day, or `refreshPolicy: OnChange`.",
    settings=Options,
)
def external_secret_never_refreshed(secret: ExternalSecret, options: Options) -> Iterator[Violation]:
    """Yield the policy or interval that keeps the operator from reading again."""
    policy = secret.refresh_policy
    if policy == "OnChange" or secret.uses_generator:
        return
    if policy == "CreatedOnce":
        yield secret.violation("spec.refreshPolicy", f"{secret.address} is read once and never again")
        return
    seconds = secret.refresh_interval
    if seconds is not None and seconds <= 0:
        yield secret.violation("spec.refreshInterval", f"{secret.address} is read once and never again: interval 0")
    elif seconds is not None and seconds > options.longest_hours * 3600:
        message = (
            f"{secret.address} is read every {seconds / 3600:g} hours, which is more than {options.longest_hours:g}"
        )
        yield secret.violation("spec.refreshInterval", message, severity=Severity.LOW)
