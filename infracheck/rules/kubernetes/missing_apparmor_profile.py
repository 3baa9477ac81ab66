"""Container names no AppArmor profile.

Where nothing is written, nodes with AppArmor use the runtime's profile and nodes without it use none. Writing
`RuntimeDefault` makes the demand explicit: the kubelet of a node that can't meet it refuses the pod instead of running
it unconfined. Only clusters whose nodes all have AppArmor should ask for this; Amazon Linux and Bottlerocket use
SELinux.

## Fix

Set `securityContext.appArmorProfile.type: RuntimeDefault` for the pod.

## References

- [Restrict a Container's Access to Resources with AppArmor](https://kubernetes.io/docs/tutorials/security/apparmor/)

## Bad: none

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
        appArmorProfile: {type: RuntimeDefault}
```

## Good: for the pod, or by the annotation

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    appArmorProfile: {type: RuntimeDefault}
  containers: [{name: web, image: "registry.example/web:1.4.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: proxy
  annotations:
    container.apparmor.security.beta.kubernetes.io/proxy: runtime/default
spec:
  containers: [{name: proxy, image: "registry.example/proxy:1.4.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.facts.pod_security import APPARMOR_ANNOTATION
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
    remedy="Set `appArmorProfile.type: RuntimeDefault` for the pod.",
    default=False,
)
def missing_apparmor_profile(container: Container) -> Iterator[Violation]:
    """Yield a container without a profile; a privileged one has none in any case."""
    if container.pod.is_windows or container.is_privileged:
        return
    profile = container.effective_security("appArmorProfile.type")
    annotation = container.workload.pod_annotations.require()[APPARMOR_ANNOTATION + container.name]
    if not profile.exists and not annotation.exists:
        shown = f"container {container.shown_name} of {container.address}"
        yield container.violation(profile, f"{shown} names no AppArmor profile")
