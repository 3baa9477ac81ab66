"""Container listens on a port below 1024.

Such ports can only be bound by root, with `NET_BIND_SERVICE`, or where the runtime lowers the bound
(`net.ipv4.ip_unprivileged_port_start`, which containerd does by default). An application that insists on one is mostly
run as root for no other reason.

## Fix

Listen on a high port and map it in the Service: `port: 80, targetPort: 8080`.

## References

- [Service: field spec.ports, Kubernetes documentation](https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports)
- [Using sysctls in a Kubernetes Cluster](https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/)

## Bad: of the container, and of the node

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      ports:
        - containerPort: 80 # finding
        - containerPort: 8443
          hostPort: 443 # finding
```

## Good: mapped by the Service

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      ports: [{containerPort: 8080, hostPort: 0}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.place import entries
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation
    from infracheck.source.field import Field

UNPRIVILEGED = 1024
"""The first port that needs no privilege on Linux (ip(7), ip_unprivileged_port_start)."""


@rule(
    Target.CONTAINER,
    severity=Severity.LOW,
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=("AVD-KSV-0117", "KSV-0117", "kube-linter:privileged-ports"),
    remedy="Listen on a high port and map it in the Service.",
    default=False,
)
def privileged_port(container: Container) -> Iterator[Violation]:
    """Yield each port below 1024, of the container or the node."""

    def judge(port: Field) -> Iterator[Violation]:
        number = port.number()
        if number is not None and 0 < number < UNPRIVILEGED:
            shown = f"container {container.shown_name} of {container.address}"
            yield container.violation(port, f"{shown} uses port {number}, below {UNPRIVILEGED}")

    ports = entries(container.field["ports"])
    yield from judge_each((port[key] for port in ports for key in ("containerPort", "hostPort")), judge)
