"""Container can write to its root filesystem.

Whoever breaks into a container whose root filesystem is writable can replace the program, install tools and leave a
backdoor that lives until the pod is replaced. What the application itself writes there also fills the node's disk,
which evicts other pods, and is lost on restart.

## Fix

Set `securityContext.readOnlyRootFilesystem: true` and mount an `emptyDir` where the application must write (`/tmp`).

## References

- [Configure a Security Context for a Pod or Container](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/)
- [Security checklist: pod security](https://kubernetes.io/docs/concepts/security/application-security-checklist/)

## Bad: written, and by default

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
        readOnlyRootFilesystem: false # finding
    - name: proxy # finding
      image: registry.example/proxy:1.4.0
```

## Good: read-only, with a place to write

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
        readOnlyRootFilesystem: true
      volumeMounts:
        - name: tmp
          mountPath: /tmp
  volumes:
    - name: tmp
      emptyDir: {}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.LOW,
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=(
        "CKV_K8S_22",
        "AVD-KSV-0014",
        "KSV-0014",
        "kube-linter:no-read-only-root-fs",
        "kube-score:container-security-context-readonlyrootfilesystem",
        "polaris:notReadOnlyRootFilesystem",
    ),
    remedy="Set `readOnlyRootFilesystem: true` and mount an `emptyDir` where it must write.",
)
def writable_root_filesystem(container: Container) -> Iterator[Violation]:
    """Yield a container whose root filesystem is not read-only. Windows knows no such setting."""
    read_only = container.at("securityContext.readOnlyRootFilesystem")
    if not container.pod.is_windows and read_only.boolean(default=False) is False:
        shown = f"{container.shown_name} of {container.address}"
        yield container.violation(read_only, f"container {shown} can write to its root filesystem")
