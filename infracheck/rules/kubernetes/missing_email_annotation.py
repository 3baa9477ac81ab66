"""Object does not say whom to write to.

An address in an annotation tells whoever finds a broken or expensive workload whom to ask. Teams that agree on one want
it everywhere; others keep the answer elsewhere, and therefore the rule does not run unless it is selected.

## Fix

Add the annotation, best in the kustomization of the service with `commonAnnotations`.

## References

- [Annotations](https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/)
- [Kustomize: commonAnnotations](https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/commonannotations/)

## Bad: none, and none that is an address

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata: # finding
  name: web
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  annotations:
    email: the shop team # finding
```

## Good: an address, from the overlay

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
commonAnnotations:
  email: shop@example.com
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@.]+(?:\.[^\s@.]+)+")


class Options(BaseModel):
    """What this rule lets a team set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    annotation: str = Field(default="email", min_length=1, description="Key of the annotation.")


@rule(
    Target.WORKLOAD,
    severity=Severity.LOW,
    category=Category.OPERATIONS,
    priority=Priority.P3,
    aliases=("kube-linter:required-annotation-email",),
    remedy="Add an annotation with the address of the team.",
    settings=Options,
    default=False,
)
def missing_email_annotation(workload: Workload, options: Options) -> Iterator[Violation]:
    """Yield the annotation if it holds no address."""
    annotations = workload.annotations.require()
    annotation = annotations[options.annotation]
    if not ADDRESS.fullmatch(annotation.text("") or ""):
        place = annotation if annotation.exists else annotations
        yield workload.violation(
            place, f"{workload.address} has no annotation {options.annotation} with the address of a team"
        )
