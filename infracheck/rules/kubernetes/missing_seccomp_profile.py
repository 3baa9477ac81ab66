"""Container's system calls are not filtered.

Without a seccomp profile a container may make every system call the kernel knows, some 450 of them. The runtime's own
profile refuses about 44 that applications don't need and exploits do. Kubernetes leaves containers unconfined unless
they, or the kubelet's configuration, say otherwise.

## Fix

Set `securityContext.seccompProfile.type: RuntimeDefault` for the pod.

## References

- [Pod Security Standards, restricted: seccomp](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
- [Restrict a Container's Syscalls with seccomp](https://kubernetes.io/docs/tutorials/security/seccomp/)
- CIS Kubernetes Benchmark v1.9.0, 5.7.2: seccomp profile

## Bad: none

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext: # finding
        runAsNonRoot: true
```

## Bad: one container goes without

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: web
      image: registry.example/web:1.4.0
    - name: proxy
      image: registry.example/proxy:1.4.0
      securityContext:
        seccompProfile:
          type: Unconfined # finding
```

## Good: the runtime's profile

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    seccompProfile:
      type: RuntimeDefault
  containers:
    - name: web
      image: registry.example/web:1.4.0
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
        "CKV_K8S_31",
        "AVD-KSV-0030",
        "KSV-0030",
        "AVD-KSV-0104",
        "KSV-0104",
        "kube-score:container-seccomp-profile",
        "polaris:linuxHardening",
    ),
    tags=("pss-restricted",),
    remedy="Set `seccompProfile.type: RuntimeDefault` for the pod.",
)
def missing_seccomp_profile(container: Container) -> Iterator[Violation]:
    """Yield a container without a profile, or unconfined on purpose; a privileged one is unconfined in any case."""
    if container.pod.is_windows or container.is_privileged:
        return
    shown = f"{container.shown_name} of {container.address}"
    profile = container.effective_security("seccompProfile.type")
    if not profile.exists:
        yield container.violation(profile, f"container {shown} has no seccomp profile")
    elif profile.text() == "Unconfined":
        message = f"container {shown} switches its seccomp profile off"
        yield container.violation(profile, message, severity=Severity.MEDIUM)
