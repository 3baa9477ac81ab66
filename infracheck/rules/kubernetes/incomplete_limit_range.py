"""LimitRange leaves a side of the containers' resources open.

A LimitRange can hold containers between a smallest and a largest amount, and can fill in requests and limits where they
are missing. One that lacks a part lets that side go: without `max` a container takes what it likes, without `min` many
that ask for nothing crowd a node, without `default` and `defaultRequest` those that say nothing are refused by a
ResourceQuota or run without a bound.

Off by default: which parts a namespace needs is its team's choice. A LimitRange for claims or pods alone is left alone.

## Fix

Add the part to the entry with `type: Container`.

## References

- [Limit Ranges](https://kubernetes.io/docs/concepts/policy/limit-range/)

## Bad: no smallest amount, and nothing at all

```yaml manifest.yaml
apiVersion: v1
kind: LimitRange
metadata:
  name: containers
spec:
  limits: # finding
    - type: Container
      default: {cpu: 300m, memory: 200Mi}
      defaultRequest: {cpu: 200m, memory: 100Mi}
      max: {cpu: "2", memory: 1Gi}
---
apiVersion: v1
kind: LimitRange
metadata:
  name: nothing
spec: {} # finding
```

## Good: all four, and limits for claims

```yaml manifest.yaml
apiVersion: v1
kind: LimitRange
metadata:
  name: containers
spec:
  limits:
    - type: Container
      default: {cpu: 300m, memory: 200Mi}
      defaultRequest: {cpu: 200m, memory: 100Mi}
    - type: Container
      max: {cpu: "2", memory: 1Gi}
      min: {cpu: 10m, memory: 4Mi}
---
apiVersion: v1
kind: LimitRange
metadata:
  name: claims
spec:
  limits:
    - type: PersistentVolumeClaim
      max: {storage: 100Gi}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.place import entries
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation

PARTS: Final = ("default", "defaultRequest", "max", "min")


@rule(
    Target.MANIFEST,
    kinds=("LimitRange",),
    severity=Severity.LOW,
    category=Category.OPERATIONS,
    priority=Priority.P3,
    aliases=("AVD-KSV-0039", "KSV-0039"),
    tags=("checklist:resource-limits",),
    remedy="Add the part to the entry with `type: Container`.",
    default=False,
)
def incomplete_limit_range(manifest: Manifest) -> Iterator[Violation]:
    """Yield the LimitRange if none of its entries for containers has one of the parts."""
    limits = entries(manifest.at("spec.limits"))
    ours = [entry for entry in limits if entry.require()["type"].text() == "Container"]
    missing = [part for part in PARTS if not any(entry[part].require().exists for entry in ours)]
    if missing and (ours or not limits):
        message = f"{manifest.address} sets no {', no '.join(missing)} for containers"
        yield manifest.violation("spec.limits", message)
