"""Nothing limits what a container may ask of the kernel.

Seccomp, AppArmor, SELinux and dropped capabilities each take something from an intruder: system calls, files, the right
to change owners. A container that has none of the four set meets the kernel with all that its runtime gives.

It is off by default: each of them has a rule of its own that asks for it (`missing-seccomp-profile`,
`missing-capability-drop`, `missing-apparmor-profile`). This one finds the workloads where nobody has begun.

## Fix

Set `seccompProfile.type: RuntimeDefault` for the pod and `capabilities.drop: [ALL]` for the container.

## References

- [Linux kernel security constraints for Pods and containers](https://kubernetes.io/docs/concepts/security/linux-kernel-security-constraints/)
- [Configure a Security Context for a Pod or Container](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/)

## Bad: nothing, one switched off again, and everything given back

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    container.apparmor.security.beta.kubernetes.io/other: runtime/default
spec:
  containers:
    - name: web # finding
      image: registry.example/web:1.4.0
---
apiVersion: v1
kind: Pod
metadata:
  name: worker
spec:
  securityContext:
    seccompProfile: {type: RuntimeDefault}
  containers:
    - name: worker
      image: registry.example/worker:1.4.0
      securityContext: # finding
        seccompProfile: {type: Unconfined}
        seLinuxOptions: {}
---
apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  containers:
    - name: agent
      image: registry.example/agent:1.4.0
      securityContext: # finding
        capabilities:
          drop: [ALL]
          add: [ALL]
```

## Good: one of the four

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    container.apparmor.security.beta.kubernetes.io/proxy: runtime/default
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext:
        seccompProfile: {type: RuntimeDefault}
    - name: proxy
      image: registry.example/proxy:1.4.0
    - name: logs
      image: registry.example/logs:1.4.0
      securityContext:
        capabilities: {drop: [NET_RAW]}
    - name: metrics
      image: registry.example/metrics:1.4.0
      securityContext:
        appArmorProfile: {type: RuntimeDefault}
    - name: cache
      image: registry.example/cache:1.4.0
      securityContext:
        seLinuxOptions: {level: "s0:c123,c456"}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.facts.pod_security import APPARMOR_ANNOTATION, PROFILE_TYPES
from infracheck.kubernetes.matches import some
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
    aliases=("polaris:linuxHardening",),
    remedy="Set `seccompProfile.type: RuntimeDefault` for the pod and drop capabilities.",
    default=False,
)
def unhardened_container(container: Container) -> Iterator[Violation]:
    """Yield a container with none of the four; a privileged one has none whatever it says, and is another rule's."""
    if container.pod.is_windows or container.is_privileged:
        return
    means = (
        lambda: container.effective_security("seccompProfile.type").text() in PROFILE_TYPES,
        lambda: container.effective_security("appArmorProfile.type").text() in PROFILE_TYPES,
        lambda: _annotated_profile(container) not in ("", "unconfined"),
        lambda: len(container.effective_security("seLinuxOptions")) > 0,
        lambda: len(container.capabilities.field["drop"]) > 0 and "ALL" not in container.capabilities.added,
    )
    if not some(means):
        shown = f"container {container.shown_name} of {container.address}"
        message = f"{shown} is held by neither seccomp, AppArmor, SELinux nor dropped capabilities"
        yield container.violation("securityContext", message)


def _annotated_profile(container: Container) -> str:
    """The AppArmor profile of the annotation, which counts where no field says so; "" where there is none."""
    if container.effective_security("appArmorProfile.type").exists:
        return ""
    return container.workload.pod_annotations.require()[APPARMOR_ANNOTATION + container.name].text("") or ""
