"""Container has a capability that amounts to the node.

`SYS_ADMIN` mounts filesystems, `SYS_MODULE` loads code into the kernel, `SYS_PTRACE` reads the memory of processes,
`NET_ADMIN` redirects the traffic of the network it is in, `DAC_READ_SEARCH` opens any file of the node by its number.
Whoever breaks into such a container is close to owning the node, and with it every pod there and the node's cloud role.

## Fix

Remove the capability. Let a node agent that truly needs it run in a namespace of its own, with a suppression that
says why.

## References

- [Pod Security Standards, baseline: capabilities](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
- [capabilities(7), Linux manual](https://man7.org/linux/man-pages/man7/capabilities.7.html)

## Bad: two of three

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
          add:
            - NET_BIND_SERVICE
            - SYS_ADMIN # finding
            - CAP_NET_ADMIN # finding
```

## Good: the one that binds low ports

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
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._capabilities import DANGEROUS, capability
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation
    from infracheck.source.field import Field


@rule(
    Target.CONTAINER,
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=(
        "CKV_K8S_25",
        "CKV_K8S_39",
        "AVD-KSV-0005",
        "KSV-0005",
        "AVD-KSV-0022",
        "KSV-0022",
        "AVD-KSV-0106",
        "KSV-0106",
        "AVD-KSV-0120",
        "KSV-0120",
        "polaris:dangerousCapabilities",
    ),
    tags=("pss-baseline", "pss-restricted"),
    remedy="Remove the capability.",
)
def dangerous_capability(container: Container) -> Iterator[Violation]:
    """Yield each added capability by which the container reaches the node."""

    def judge(entry: Field) -> Iterator[Violation]:
        name = capability(entry)
        if name in DANGEROUS:
            yield container.violation(entry, f"container {container.shown_name} of {container.address} adds {name}")

    yield from judge_each(container.capabilities.field["add"], judge)
