"""Container sees all of the kernel's /proc.

Runtimes hide the parts of `/proc` that speak of the node (`/proc/kcore`, `/proc/keys`, `/proc/timer_list`) and make
others read-only (`/proc/sys`, `/proc/sysrq-trigger`). `procMount: Unmasked` takes the mask away: memory, keys and
switches of the kernel are then open to the container. In a pod with users of its own (`hostUsers: false`), which nested
containers need, its root has no rights over them, and the Pod Security Standards allow it since Kubernetes 1.34.

## Fix

Remove `procMount`, or set `hostUsers: false` for the pod.

## References

- [Pod Security Standards, baseline: /proc mount type](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
- [User Namespaces, Kubernetes documentation](https://kubernetes.io/docs/concepts/workloads/pods/user-namespaces/)

## Bad: one container, one init container

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: builder
spec:
  initContainers:
    - name: setup
      image: registry.example/builder:1.4.0
      securityContext:
        procMount: Unmasked # finding
  containers:
    - name: builder
      image: registry.example/builder:1.4.0
      securityContext:
        procMount: Unmasked # finding
    - name: logs
      image: registry.example/logs:1.4.0
```

## Good: masked, or in a user namespace

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
        procMount: Default
---
apiVersion: v1
kind: Pod
metadata:
  name: builder
spec:
  hostUsers: false
  containers:
    - name: builder
      image: registry.example/builder:1.4.0
      securityContext:
        procMount: Unmasked
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.HIGH,
    category=Category.SECURITY,
    aliases=("AVD-KSV-0027", "KSV-0027", "kube-linter:unsafe-proc-mount", "polaris:procMount"),
    tags=("pss-baseline", "pss-restricted"),
    remedy="Remove `procMount`, or set `hostUsers: false` for the pod.",
)
def unmasked_proc_mount(container: Container) -> Iterator[Violation]:
    """Yield a container whose view of /proc is not the masked one."""
    mount = container.at("securityContext.procMount")
    if (mount.text("Default") or "Default") != "Default" and not container.pod.has_user_namespace:
        shown = f"container {container.shown_name} of {container.address}"
        yield container.violation(mount, f"{shown} sees all of the kernel's /proc: procMount is {mount.text()}")
