"""Container may gain privileges beyond those it started with.

Unless `allowPrivilegeEscalation` is false, a process can gain more rights than its parent through a setuid program such
as `su` or through file capabilities: the kernel's `no_new_privs` flag is not set. A break-in as an ordinary user then
becomes root within the container, and from there most ways out of it begin.

## Fix

Set `securityContext.allowPrivilegeEscalation: false` on the container. There is no such setting for the pod.

## References

- [Pod Security Standards, restricted: privilege escalation](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
- CIS Kubernetes Benchmark v1.9.0, 5.2.6: minimize the admission of containers with allowPrivilegeEscalation

## Bad: allowed, and by default

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
        allowPrivilegeEscalation: true # finding
```

```yaml worker.yaml
apiVersion: v1
kind: Pod
metadata:
  name: worker
spec:
  securityContext:
    runAsNonRoot: true
  containers:
    - name: worker # finding
      image: registry.example/worker:1.4.0
```

## Bad: one that may run on Windows, and one that never does

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  affinity:
    nodeAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
        nodeSelectorTerms:
          - matchExpressions:
              - {key: kubernetes.io/os, operator: In, values: [linux, windows]}
  containers:
    - name: web # finding
      image: registry.example/web:1.4.0
```

```yaml worker.yaml
apiVersion: v1
kind: Pod
metadata:
  name: worker
spec:
  affinity:
    nodeAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
        nodeSelectorTerms:
          - matchExpressions:
              - {key: kubernetes.io/os, operator: NotIn, values: [windows]}
  containers:
    - name: worker # finding
      image: registry.example/worker:1.4.0
```

## Good: refused

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
        allowPrivilegeEscalation: false
```

## Good: a Windows pod has no such thing

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  os:
    name: windows
  containers:
    - name: web
      image: registry.example/web:1.4.0
```

```yaml worker.yaml
apiVersion: v1
kind: Pod
metadata:
  name: worker
spec:
  affinity:
    nodeAffinity:
      requiredDuringSchedulingIgnoredDuringExecution:
        nodeSelectorTerms:
          - matchExpressions:
              - {key: kubernetes.io/os, operator: In, values: [windows]}
  containers:
    - name: worker
      image: registry.example/worker:1.4.0
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
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    aliases=(
        "CKV_K8S_20",
        "AVD-KSV-0001",
        "KSV-0001",
        "kube-linter:privilege-escalation-container",
        "polaris:privilegeEscalationAllowed",
    ),
    tags=("pss-restricted",),
    remedy="Set `allowPrivilegeEscalation: false` on the container.",
)
def privilege_escalation_allowed(container: Container) -> Iterator[Violation]:
    """Yield a container that does not refuse new privileges; a privileged one has them all already."""
    allowed = container.at("securityContext.allowPrivilegeEscalation")
    if container.pod.is_windows or container.is_privileged or allowed.boolean(default=True) is False:
        return
    shown = f"{container.shown_name} of {container.address}"
    yield container.violation(allowed, f"container {shown} may gain privileges: allowPrivilegeEscalation is not false")
