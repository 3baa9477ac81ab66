"""Container adds a capability that it has already.

Every runtime gives containers some capabilities unless they are dropped. Adding one of them changes nothing, and reads
as though the container were held to what it adds: it keeps all the others too. Mostly `drop: [ALL]` was forgotten.

Reported are the capabilities that containerd, Docker and CRI-O all give.

## Fix

Add `drop: [ALL]`, so that the list says what the container has; or remove the line.

## References

- [Set capabilities for a Container](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#set-capabilities-for-a-container)
- [Pod Security Standards, restricted: capabilities](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
- [CRI-O: default_capabilities](https://github.com/cri-o/cri-o/blob/main/docs/crio.conf.5.md)

## Bad: low ports, and nothing dropped

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
          add:
            - NET_BIND_SERVICE # finding
```

## Bad: another one is dropped

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
          drop: [NET_RAW, KILL]
          add:
            - CAP_CHOWN # finding
            - KILL
```

## Good: all dropped before, not among the defaults, or privileged

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
    - name: capture
      image: registry.example/capture:1.4.0
      securityContext:
        capabilities:
          add: [NET_RAW]
    - name: node-agent
      image: registry.example/node-agent:1.4.0
      securityContext:
        privileged: true
        capabilities:
          add: [CHOWN]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.facts.pod_security import UNIVERSAL_CAPABILITIES
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
    severity=Severity.INFO,
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=("CKV_K8S_25", "AVD-KSV-0022", "KSV-0022"),
    remedy="Add `drop: [ALL]`, or remove the line.",
)
def redundant_capability(container: Container) -> Iterator[Violation]:
    """Yield each added capability that the container was given by the runtime and did not drop."""
    if container.pod.is_windows or container.is_privileged or container.capabilities.drops_all:
        return
    dropped = {capability(entry) for entry in entries(container.capabilities.field["drop"])}

    def judge(entry: Field) -> Iterator[Violation]:
        name = capability(entry)
        if name in UNIVERSAL_CAPABILITIES - dropped:
            shown = f"{container.shown_name} of {container.address}"
            yield container.violation(
                entry, f"container {shown} adds {name}, which it has already, as ALL is not dropped"
            )

    yield from judge_each(entries(container.capabilities.field["add"]), judge)
