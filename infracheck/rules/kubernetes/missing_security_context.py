"""Container has no security context at all.

Neither the pod nor the container says anything about user, privileges, capabilities or filesystem: all of it is
whatever the image and the runtime make of it. The single demands are rules of their own; this one finds workloads
nobody has looked at yet.

## Fix

Start with `runAsNonRoot: true` and `seccompProfile.type: RuntimeDefault` for the pod, `allowPrivilegeEscalation: false`
and `capabilities.drop: [ALL]` for the container.

## References

- [Configure a Security Context for a Pod or Container](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/)
- CIS Kubernetes Benchmark v1.9.0, 5.7.3: apply security context to your pods and containers

## Bad: none, and an empty one

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext: {}
  containers:
    - name: web # finding
      image: registry.example/web:1.4.0
    - name: proxy
      image: registry.example/proxy:1.4.0
      securityContext: {} # finding
    - name: logs
      image: registry.example/logs:1.4.0
      securityContext: {runAsNonRoot: true}
```

## Good: one for the pod

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext: {runAsNonRoot: true}
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
    aliases=("CKV_K8S_29", "CKV_K8S_30", "AVD-KSV-0118", "KSV-0118"),
    remedy="Give the pod and its containers a security context.",
    default=False,
)
def missing_security_context(container: Container) -> Iterator[Violation]:
    """Yield a container for which neither it nor its pod sets anything."""
    if not len(container.security_context) and not len(container.pod.security_context):
        shown = f"container {container.shown_name} of {container.address}"
        yield container.violation("securityContext", f"{shown} has no security context, and neither has its pod")
