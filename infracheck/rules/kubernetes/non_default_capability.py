"""Container adds a capability beyond the runtime's defaults.

The baseline standard lets a container add only what runtimes give by default, `NET_RAW` excepted: with that it forges
packets and answers for other pods' addresses. Every further capability, such as `SYS_TIME` or `SYSLOG`, reaches beyond
the container, and a namespace that enforces the standard refuses the pod.

## Fix

Remove the capability. What needs to bind a port below 1024 adds `NET_BIND_SERVICE`.

## References

- [Pod Security Standards, baseline: capabilities](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
- CIS Kubernetes Benchmark v1.9.0, 5.2.8 and 5.2.9: NET_RAW and added capabilities

## Bad: raw sockets

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
            - NET_RAW # finding
```

## Good: a default one

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
          add: [CHOWN]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.facts.pod_security import BASELINE_CAPABILITIES
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
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    aliases=(
        "CKV_K8S_25",
        "AVD-KSV-0022",
        "KSV-0022",
        "AVD-KSV-0106",
        "KSV-0106",
        "AVD-KSV-0119",
        "KSV-0119",
    ),
    tags=("pss-baseline", "pss-restricted"),
    remedy="Remove the capability.",
)
def non_default_capability(container: Container) -> Iterator[Violation]:
    """Yield each added capability outside the baseline standard; the dangerous ones have a rule of their own."""

    def judge(entry: Field) -> Iterator[Violation]:
        name = capability(entry)
        if name and name not in BASELINE_CAPABILITIES | DANGEROUS:
            shown = f"{container.shown_name} of {container.address}"
            yield container.violation(entry, f"container {shown} adds {name}, which the baseline standard forbids")

    yield from judge_each(container.capabilities.field["add"], judge)
