"""Container's system calls are not filtered.

Without a seccomp profile a container may make every system call the kernel knows, some 450 of them. The runtime's own
profile refuses about 44 that applications don't need and exploits do. Kubernetes leaves containers unconfined unless
they, or the kubelet's configuration, say otherwise.

A pod of which no container has a profile is one finding. Profiles that are switched off on purpose, and those asked for
by the annotations of old, which Kubernetes no longer reads, are reported by rules of their own (`unconfined-seccomp`,
`annotation-without-effect`).

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
spec: # finding
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext:
        runAsNonRoot: true
---
apiVersion: v1
kind: Pod
metadata:
  name: worker
spec:
  securityContext: # finding
    runAsNonRoot: true
  initContainers:
    - name: migrate
      image: registry.example/worker:1.4.0
  containers:
    - name: worker
      image: registry.example/worker:1.4.0
    - name: mount
      image: registry.example/mount:1.4.0
      securityContext: {privileged: true}
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

## Bad: an annotation that asks for what there is not

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    seccomp.security.alpha.kubernetes.io/pod: default
spec: # finding
  containers:
    - name: web
      image: registry.example/web:1.4.0
```

## Good: an annotation asks for one, which is judged by another rule

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    container.seccomp.security.alpha.kubernetes.io/web: runtime/default
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
from infracheck.kubernetes.matches import gather
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation

ANNOTATED_PROFILES = ("runtime/default", "docker/default", "localhost/")
"""What the annotations took for a profile, besides `unconfined`; the API server refused the rest."""


@rule(
    Target.POD_SPEC,
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
    ),
    tags=("pss-restricted",),
    remedy="Set `seccompProfile.type: RuntimeDefault` for the pod.",
)
def missing_seccomp_profile(pod: PodSpec) -> Iterator[Violation]:
    """Yield the pod if none of its containers has a profile, else each container that has none."""
    if pod.is_windows:
        return
    lacking = gather(pod.containers, _lacks_profile)
    others = [container for container in pod.containers if container not in lacking.certain]
    if lacking.certain and lacking.doubt is None and all(container.is_privileged for container in others):
        whose = f"container {lacking.certain[0].shown_name}" if len(pod.containers) == 1 else "no container"
        has = "has no" if len(pod.containers) == 1 else "has a"
        yield pod.violation("securityContext.seccompProfile.type", f"{whose} of {pod.address} {has} seccomp profile")
        return
    for container in lacking:
        profile = container.effective_security("seccompProfile.type")
        shown = f"container {container.shown_name} of {container.address}"
        yield container.violation(profile, f"{shown} has no seccomp profile")


def _lacks_profile(container: Container) -> bool:
    """Whether a container has no profile and asks for none; a privileged one is unconfined in any case."""
    if container.is_privileged:
        return False
    return not container.effective_security("seccompProfile.type").exists and not _asks_by_annotation(container)


def _asks_by_annotation(container: Container) -> bool:
    own, pods = SECCOMP_ANNOTATIONS
    annotations = container.workload.pod_annotations.require()
    found = annotations[own + container.name], annotations[pods]
    return any((field.text("") or "").startswith(ANNOTATED_PROFILES) for field in found)
