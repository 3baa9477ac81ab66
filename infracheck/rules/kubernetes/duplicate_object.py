"""Two different objects have one name.

Both are applied, one after the other: what the second says replaces what the first said, and which one comes second is
decided by the order of files. Within a kustomization the build fails instead. Objects that are the same to the letter,
as a Namespace that several folders bring along, do no harm and are not reported; neither are objects of different
stacks, which may go to different clusters.

## Fix

Delete one of the two, or give it another name or namespace.

## References

- [Object Names and IDs](https://kubernetes.io/docs/concepts/overview/working-with-objects/names/)
- [Managing Workloads: organizing resource configurations](https://kubernetes.io/docs/concepts/workloads/management/#organizing-resource-configurations)

## Bad: in two files

```yaml a.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data: {MODE: fast}
```

```yaml b.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web # finding
  namespace: default
data: {MODE: safe}
```

## Bad: another version of the API

```yaml manifest.yaml
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec: {maxReplicas: 3}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web # finding
spec: {maxReplicas: 5}
```

## Good: the same to the letter, another namespace, another group

```yaml manifest.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
apiVersion: v1
kind: Namespace
metadata:
  name: shop
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
---
apiVersion: v1
kind: Service
metadata:
  name: web
---
apiVersion: serving.knative.dev/v1
kind: Service
metadata:
  name: web
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each
from infracheck.source.values import Unknown, walk

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.objects import Objects
    from infracheck.rule import Violation


@rule(
    Target.OBJECTS,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    remedy="Delete one of the two, or give it another name or namespace.",
)
def duplicate_object(objects: Objects) -> Iterator[Violation]:
    """Yield the name of each object that a different one of its stack has borne before."""
    seen: dict[Hashable, Manifest] = {}

    def judge(one: Manifest) -> Iterator[Violation]:
        if not one.name or not one.kind:
            return
        key = (one.context.stack, one.group, one.kind, one.namespace, one.name)
        first = seen.setdefault(key, one)
        if first is not one and not _are_equal(first, one):
            message = f"{one.address} is written twice, and differently"
            yield one.violation("metadata.name", message, related=[("the other", first.field.at("metadata.name"))])

    yield from judge_each(objects.manifests, judge)


def _are_equal(left: Manifest, right: Manifest) -> bool:
    ours, theirs = left.field.value, right.field.value
    if ours is None or theirs is None:
        return True
    if any(isinstance(node, Unknown) for value in (ours, theirs) for node in walk(value)):
        return False
    return bool(ours.to_plain() == theirs.to_plain())
