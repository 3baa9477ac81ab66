"""Label `app.kubernetes.io/instance` is not the object's name.

Where a team names each object after the instance of the application it belongs to, a label that differs was copied
from another: dashboards and selectors by instance then show the wrong one. In charts and bases with several objects the
two differ by design, and therefore the rule does not run unless it is selected.

## Fix

Set the label to the name of the object, or leave it out.

## References

- [Recommended Labels](https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/#labels)

## Bad: copied

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app.kubernetes.io/instance: shop # finding
```

## Good: the same, or none

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    app.kubernetes.io/instance: web
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
```

## Good: an overlay's prefix in both

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
namePrefix: eu-
labels:
  - pairs: {app.kubernetes.io/instance: eu-web}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

INSTANCE: Final = "app.kubernetes.io/instance"


@rule(
    Target.WORKLOAD,
    severity=Severity.LOW,
    category=Category.OPERATIONS,
    priority=Priority.P3,
    aliases=("polaris:metadataAndInstanceMismatched",),
    remedy="Set the label to the name of the object, or leave it out.",
    default=False,
)
def instance_label_mismatch(workload: Workload) -> Iterator[Violation]:
    """Yield the label if it is not the name."""
    label = workload.label(INSTANCE)
    instance = label.text()
    if instance and workload.name and instance != workload.name:
        yield workload.violation(label, f"{workload.address} says that it belongs to instance {instance}")
