"""Container offers SSH.

A login into a running container goes past the cluster's access control and its audit log, lives on passwords or keys in
the image, and changes what then is no longer what was deployed. Git servers and file drops that are meant to speak SSH
get a suppression.

## Fix

Remove the port and the daemon; use `kubectl exec` or `kubectl debug`, which RBAC governs and the audit log records.

## References

- [Debug Running Pods](https://kubernetes.io/docs/tasks/debug/debug-application/debug-running-pod/)
- [NIST SP 800-190, 4.4.2: unbounded network access from containers](https://csrc.nist.gov/pubs/sp/800/190/final)

## Bad: port 22

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
        - containerPort: 8080
        - containerPort: 22 # finding
          protocol: TCP
```

## Good: others, and 22 of another protocol

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
        - containerPort: 2222
        - {containerPort: 22, protocol: UDP}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.container import Port
from infracheck.kubernetes.place import entries
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation

SSH = 22
"""The port of the IANA registry."""


@rule(
    Target.CONTAINER,
    severity=Severity.LOW,
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=("kube-linter:ssh-port",),
    remedy="Remove the port and the daemon behind it.",
)
def ssh_port(container: Container) -> Iterator[Violation]:
    """Yield each declaration of TCP port 22."""

    def judge(port: Port) -> Iterator[Violation]:
        if port.number == SSH and port.protocol == "TCP":
            shown = f"container {container.shown_name} of {container.address}"
            yield container.violation(port.field["containerPort"], f"{shown} offers SSH on port 22")

    yield from judge_each((Port(entry) for entry in entries(container.field["ports"])), judge)
