"""Container's system calls are not filtered.

Without a seccomp profile a container may make every system call the kernel knows, some 450 of them. The runtime's own
profile refuses about 44 that applications don't need and exploits do. Kubernetes leaves containers unconfined unless
they, or the kubelet's configuration, say otherwise. The annotations of old (`seccomp.security.alpha.kubernetes.io/pod`)
have had no effect since Kubernetes 1.27. Profiles that are switched off on purpose are reported by a rule of their own.

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

## Bad: one container of two, and an init container

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  initContainers:
    - name: migrate # finding
      image: registry.example/web:1.4.0
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext:
        seccompProfile:
          type: RuntimeDefault
    - name: proxy # finding
      image: registry.example/proxy:1.4.0
```

## Bad: by an annotation that is read no more

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    seccomp.security.alpha.kubernetes.io/pod: runtime/default
spec:
  containers:
    - name: web # finding
      image: registry.example/web:1.4.0
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

## Good: the annotation, on a cluster that reads it

```toml infracheck.toml
[environments.dev]
cluster-version = "1.24"
```

```yaml dev/manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    seccomp.security.alpha.kubernetes.io/pod: runtime/default
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.facts.pod_security import SECCOMP_ANNOTATIONS
from infracheck.kubernetes.release import NEWEST, cluster_release
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation
    from infracheck.source.field import Field

ANNOTATIONS_END = (1, 27)
"""The release that reads the annotations no more."""


@rule(
    Target.CONTAINER,
    severity=Severity.LOW,
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=(
        "CKV_K8S_31",
        "AVD-KSV-0030",
        "KSV-0030",
        "kube-score:container-seccomp-profile",
        "polaris:linuxHardening",
    ),
    tags=("pss-restricted",),
    remedy="Set `seccompProfile.type: RuntimeDefault` for the pod.",
)
def missing_seccomp_profile(container: Container) -> Iterator[Violation]:
    """Yield a container without a profile; a privileged one is unconfined in any case."""
    if container.pod.is_windows or container.is_privileged:
        return
    profile = container.effective_security("seccompProfile.type")
    if profile.exists:
        return
    annotation = _annotation(container)
    if annotation is not None and (cluster_release(container.context) or NEWEST) < ANNOTATIONS_END:
        return
    shown = f"container {container.shown_name} of {container.address}"
    if annotation is None:
        yield container.violation(profile, f"{shown} has no seccomp profile")
    else:
        message = f"{shown} has no seccomp profile: its annotation has no effect since Kubernetes 1.27"
        yield container.violation(profile, message, related=[("the annotation", annotation)])


def _annotation(container: Container) -> Field | None:
    """The annotation of old that gives the container its profile, or None."""
    own, pods = SECCOMP_ANNOTATIONS
    annotations = container.workload.pod_annotations.require()
    found = annotations[own + container.name], annotations[pods]
    return next((field for field in found if field.exists and field.text() != "unconfined"), None)
