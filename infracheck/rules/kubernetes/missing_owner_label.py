"""Object does not say which team owns it.

When it fails at night, or costs too much, somebody has to find out whom to ask. Teams that agree on a label for that
want it on every workload; others keep the answer elsewhere, and therefore the rule does not run unless it is selected.

## Fix

Add the label, best in the kustomization of the service with `labels` and `includeTemplates`.

## References

- [Recommended Labels](https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/)
- [Kustomize: labels](https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/labels/)

## Bad: nobody's

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: # finding
    app: web
```

## Bad: the label that the team agreed on

```toml infracheck.toml
[rules."kubernetes/missing-owner-label"]
labels = ["team", "example.com/team"]
```

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels: # finding
    owner: web
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  labels:
    example.com/team: shop
```

## Good: by the overlay

```yaml base/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
```

```yaml base/kustomization.yaml
resources: [deployment.yaml]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
labels:
  - pairs: {owner: shop}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation


class Options(BaseModel):
    """What this rule lets a team set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    labels: tuple[str, ...] = Field(
        default=("owner",), min_length=1, description="Keys of which a workload must have one, with a value."
    )


@rule(
    Target.WORKLOAD,
    severity=Severity.LOW,
    category=Category.OPERATIONS,
    priority=Priority.P3,
    aliases=("kube-linter:required-label-owner",),
    remedy="Add the label of the team that owns it.",
    settings=Options,
    default=False,
)
def missing_owner_label(workload: Workload, options: Options) -> Iterator[Violation]:
    """Yield the labels if none of them names the owner."""
    labels = workload.labels.require()
    if find(options.labels, lambda key: bool(labels[key].text())) is None:
        yield workload.violation(labels, f"{workload.address} has no label {' or '.join(options.labels)}")
