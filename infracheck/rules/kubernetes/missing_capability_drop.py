"""Container keeps the capabilities of the runtime.

A container that drops nothing has the Linux capabilities that its runtime gives: fourteen with containerd, nine with
CRI-O. Among them are `DAC_OVERRIDE` to pass over file permissions, `SETUID` to become anybody and, with containerd,
`NET_RAW` to forge packets on the network. Hardly an application needs any of them; an intruder does.

## Fix

Set `capabilities.drop: [ALL]` and add back what is needed, at most `NET_BIND_SERVICE` under the restricted standard.

## References

- [Pod Security Standards, restricted: capabilities](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
- CIS Kubernetes Benchmark v1.9.0, 5.2.8 to 5.2.10: capabilities

## Bad: nothing dropped, and not enough

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web # finding
      image: registry.example/web:1.4.0
    - name: proxy
      image: registry.example/proxy:1.4.0
      securityContext:
        capabilities:
          drop: [NET_RAW] # finding
```

## Bad: each by its name, which leaves nothing and is refused under the restricted standard

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
          drop: # finding
            - AUDIT_WRITE
            - CHOWN
            - DAC_OVERRIDE
            - FOWNER
            - FSETID
            - KILL
            - MKNOD
            - NET_BIND_SERVICE
            - NET_RAW
            - SETFCAP
            - SETGID
            - SETPCAP
            - SETUID
            - SYS_CHROOT
```

## Good: all dropped and one added, or nothing that dropping would change

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
---
apiVersion: v1
kind: Pod
metadata:
  name: node-agent
spec:
  containers:
    - name: agent
      image: registry.example/agent:1.4.0
      securityContext: {privileged: true}
---
apiVersion: v1
kind: Pod
metadata:
  name: legacy
spec:
  os: {name: windows}
  containers:
    - name: web
      image: registry.example/legacy:1.4.0
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.facts.pod_security import DEFAULT_CAPABILITIES
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
        "CKV_K8S_37",
        "AVD-KSV-0003",
        "KSV-0003",
        "AVD-KSV-0004",
        "KSV-0004",
        "AVD-KSV-0106",
        "KSV-0106",
        "polaris:insecureCapabilities",
    ),
    tags=("pss-restricted",),
    remedy="Set `capabilities.drop: [ALL]` and add back what is needed.",
)
def missing_capability_drop(container: Container) -> Iterator[Violation]:
    """Yield a container that does not drop all capabilities; dropping has no effect on a privileged one."""
    if container.pod.is_windows or container.is_privileged or container.capabilities.drops_all:
        return
    shown = f"{container.shown_name} of {container.address}"
    if container.capabilities.dropped >= DEFAULT_CAPABILITIES:
        message = (
            f"container {shown} drops its capabilities one by one: the restricted standard takes only ALL for that"
        )
    else:
        message = f"container {shown} keeps capabilities of the runtime: it does not drop ALL"
    yield container.violation("securityContext.capabilities.drop", message)
