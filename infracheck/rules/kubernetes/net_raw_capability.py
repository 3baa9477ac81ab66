"""Container may forge packets.

containerd and Docker give every container `NET_RAW`. With it a process answers for the addresses of other pods on its
node, reads what was meant for them, and asks the resolver in their name. Hardly an application needs it.

It is off by default: `kubernetes/missing-capability-drop` asks for more, to drop ALL. This rule is for teams that begin
with the one.

## Fix

Set `capabilities.drop: [NET_RAW]`, or better `[ALL]`.

## References

- [Pod Security Standards: capabilities](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
- [Configure a Security Context: capabilities](https://kubernetes.io/docs/tasks/configure-pod-container/security-context/#set-capabilities-for-a-container)
- CIS Kubernetes Benchmark v1.9.0, 5.2.8: containers with the NET_RAW capability

## Bad: nothing dropped, something else, and added back

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
          drop: [CHOWN] # finding
    - name: probe
      image: registry.example/probe:1.4.0
      securityContext:
        capabilities:
          drop: [ALL]
          add: [NET_RAW] # finding
```

## Good: dropped, with or without the others, or nothing to drop

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      securityContext: {capabilities: {drop: [NET_RAW]}}
    - name: proxy
      image: registry.example/proxy:1.4.0
      securityContext: {capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}
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
    aliases=("CKV_K8S_28", "kube-linter:drop-net-raw-capability"),
    tags=("pss-restricted",),
    remedy="Set `capabilities.drop: [NET_RAW]`, or better `[ALL]`.",
    default=False,
)
def net_raw_capability(container: Container) -> Iterator[Violation]:
    """Yield where a container gets NET_RAW; a privileged one has every capability whatever it says."""
    if container.pod.is_windows or container.is_privileged or not container.capabilities.has("NET_RAW"):
        return
    added = container.capabilities.field["add"]
    at = added if container.capabilities.added & {"NET_RAW", "ALL"} else container.capabilities.field["drop"]
    yield container.violation(at, f"container {container.shown_name} of {container.address} may forge packets: NET_RAW")
