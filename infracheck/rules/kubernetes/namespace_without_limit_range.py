"""Namespace has no LimitRange.

Without one, a container that asks for nothing gets nothing: it is evicted first, and may take all memory of its node.

It is off by default: teams that set requests and limits themselves need none, and the object is often made along with
the namespace elsewhere. Select it where a policy asks for it.

## Fix

Add a LimitRange to the namespace.

## References

- [LimitRange](https://kubernetes.io/docs/concepts/policy/limit-range/)

## Bad: one stands elsewhere

```yaml manifest.yaml
apiVersion: v1
kind: Namespace
metadata:
  name: shop # finding
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: LimitRange
metadata:
  name: all
  namespace: tools
spec: {}
```

## Bad: the namespace is made elsewhere

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop # finding
spec:
  containers: [{name: app, image: "web:1.0"}]
```

## Good: there is one, and the system's namespace

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: LimitRange
metadata:
  name: all
  namespace: shop
spec: {}
---
apiVersion: v1
kind: Pod
metadata:
  name: agent
  namespace: kube-system
spec:
  containers: [{name: app, image: "web:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._namespaces import SYSTEM, workloads_by_namespace
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.objects import Objects
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation


@rule(
    Target.OBJECTS,
    severity=Severity.LOW,
    category=Category.OPERATIONS,
    priority=Priority.P3,
    tags=("checklist:resource-limits",),
    remedy="Add a LimitRange to the namespace.",
    default=False,
)
def namespace_without_limit_range(objects: Objects) -> Iterator[Violation]:
    """Yield each namespace with workloads and no LimitRange."""

    def judge(item: tuple[str, list[Workload]]) -> Iterator[Violation]:
        namespace, workloads = item
        if (
            namespace in SYSTEM
            or find(objects.of_kind("LimitRange"), lambda one: one.namespace == namespace) is not None
        ):
            return
        message = f"namespace {namespace} has no LimitRange"
        declared = objects.named("Namespace", namespace).certain
        if declared:
            yield declared[0].violation("metadata.name", message)
        else:
            yield workloads[0].violation("metadata.namespace", message)

    yield from judge_each(workloads_by_namespace(objects), judge)
