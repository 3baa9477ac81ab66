"""Capability is written as Kubernetes does not know it.

In a manifest capabilities stand in capitals and without `CAP_`. `drop: [CAP_NET_RAW]` asks for `CAP_CAP_NET_RAW`:
depending on the runtime nothing is dropped, or the container does not start. `drop: [all]` works, but namespaces that
enforce the restricted standard compare with `ALL`, letter by letter, and refuse the pod.

## Fix

Write the name in capitals and without the prefix: `NET_RAW`, `ALL`.

## References

- [Set capabilities for a Container](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#set-capabilities-for-a-container)
- [Pod Security Standards, restricted: capabilities](https://kubernetes.io/docs/concepts/security/pod-security-standards/)

## Bad: a prefix, and small letters

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext:
        capabilities:
          drop:
            - all # finding
          add:
            - CAP_NET_BIND_SERVICE # finding
```

## Good: as Kubernetes writes them

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext:
        capabilities:
          drop: [ALL]
          add: [NET_BIND_SERVICE]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.place import entries
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._capabilities import capability
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation
    from infracheck.source.field import Field


@rule(
    Target.CONTAINER,
    severity=Severity.LOW,
    category=Category.CORRECTNESS,
    priority=Priority.P3,
    tags=("pss-restricted",),
    remedy="Write the name in capitals and without `CAP_`.",
)
def misspelt_capability(container: Container) -> Iterator[Violation]:
    """Yield each capability that is added or dropped under a name of another spelling."""

    def judge(entry: Field) -> Iterator[Violation]:
        written = entry.text("") or ""
        if written != capability(entry):
            shown = f"container {container.shown_name} of {container.address}"
            yield container.violation(entry, f"{shown} names capability {written}, which is {capability(entry)}")

    listed = container.capabilities.field
    yield from judge_each([*entries(listed["drop"]), *entries(listed["add"])], judge)
