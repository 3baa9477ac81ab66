"""Container takes a port of its node.

A `hostPort` opens the port on every node the pod runs on, past Services and, with most network plugins, past
NetworkPolicies. Only one such pod fits on a node: the next one stays Pending, and a rolling update of a Deployment
waits for a node that is free.

## Fix

Remove `hostPort` and expose the pod by a Service. Where every caller is to reach the agent of its own node, give the
Service `internalTrafficPolicy: Local`.

## References

- [Configuration best practices: services](https://kubernetes.io/docs/concepts/configuration/overview/#services)
- [Service Internal Traffic Policy](https://kubernetes.io/docs/concepts/services-networking/service-traffic-policy/)
- [Pod Security Standards, baseline: host ports](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
- CIS Kubernetes Benchmark v1.9.0, 5.2.12: minimize the admission of containers which use HostPorts

## Bad: one of two

```yaml manifest.yaml
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: proxy
spec:
  selector:
    matchLabels: {app: proxy}
  template:
    metadata:
      labels: {app: proxy}
    spec:
      initContainers:
        - name: sidecar
          image: registry.example/sidecar:1.4.0
          restartPolicy: Always
          ports:
            - containerPort: 9090
              hostPort: 9090 # finding
      containers:
        - name: proxy
          image: registry.example/proxy:1.4.0
          ports:
            - {name: metrics, containerPort: 9100}
            - name: http
              containerPort: 8080
              hostPort: 80 # finding
```

## Good: zero is none, and with the node's network it says nothing more

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: proxy
spec:
  containers:
    - name: proxy
      image: registry.example/proxy:1.4.0
      ports:
        - {containerPort: 8080, hostPort: 0}
---
apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  hostNetwork: true
  containers:
    - name: agent
      image: registry.example/agent:1.4.0
      ports:
        - {containerPort: 9100, hostPort: 9100}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.container import Port
from infracheck.kubernetes.place import entries
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    aliases=("CKV_K8S_26", "AVD-KSV-0024", "KSV-0024", "polaris:hostPortSet"),
    tags=("pss-baseline", "pss-restricted"),
    remedy="Remove `hostPort` and expose the pod by a Service.",
)
def host_port(container: Container) -> Iterator[Violation]:
    """Yield each port of the node that is taken; a pod in the node's network is another rule's."""

    def judge(port: Port) -> Iterator[Violation]:
        if port.host_port and not container.pod.uses_host_network:
            shown = f"container {container.shown_name} of {container.address}"
            yield container.violation(port.field["hostPort"], f"{shown} takes port {port.host_port} of its node")

    yield from judge_each((Port(entry) for entry in entries(container.field["ports"])), judge)
