"""Container adds back a capability that the restricted standard forbids.

Under the restricted standard a container drops ALL and may add back `NET_BIND_SERVICE` alone. Capabilities such as
`CHOWN`, `SETUID` or `DAC_OVERRIDE` are the runtime's defaults and forbidden there: with them an intruder becomes
another user or passes over file permissions.

## Fix

Remove the capability. What it was for is mostly done when the image is built (owner of files) or by `fsGroup` (owner of
volumes).

## References

- [Pod Security Standards, restricted: capabilities](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
- CIS Kubernetes Benchmark v1.9.0, 5.2.9: minimize the admission of containers with added capabilities

## Bad: two of three

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  initContainers:
    - name: setup
      image: registry.example/setup:1.4.0
      securityContext:
        capabilities:
          drop: [ALL]
          add:
            - CHOWN # finding
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext:
        capabilities:
          drop: [ALL]
          add:
            - NET_BIND_SERVICE
            - SETUID # finding
```

## Good: the one that binds low ports, and what other rules report

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
    - name: agent
      image: registry.example/agent:1.4.0
      securityContext:
        capabilities:
          add: [SYS_ADMIN, NET_RAW]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.facts.pod_security import BASELINE_CAPABILITIES, RESTRICTED_CAPABILITIES
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
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=("CKV_K8S_25", "AVD-KSV-0022", "KSV-0022", "AVD-KSV-0106", "KSV-0106"),
    tags=("pss-restricted",),
    remedy="Remove the capability.",
    default=False,
)
def restricted_capability(container: Container) -> Iterator[Violation]:
    """Yield each capability that is added within the baseline standard and outside the restricted one."""

    def judge(entry: Field) -> Iterator[Violation]:
        name = capability(entry)
        if name in BASELINE_CAPABILITIES - RESTRICTED_CAPABILITIES:
            shown = f"container {container.shown_name} of {container.address}"
            yield container.violation(entry, f"{shown} adds back {name}, which the restricted standard forbids")

    yield from judge_each(entries(container.capabilities.field["add"]), judge)
