"""Pod changes a kernel parameter that is not its own.

Some kernel parameters exist once for each pod; others are the node's, or let a pod take what belongs to its neighbours.
The kubelet refuses pods that set an unsafe one (`SysctlForbidden`), unless its configuration allows it: then one pod's
setting is felt by all on the node.

## Fix

Remove the parameter, or set it on the nodes: with Karpenter in the `userData` of the EC2NodeClass.

## References

- [Using sysctls in a Kubernetes Cluster](https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/)
- [Pod Security Standards, baseline: sysctls](https://kubernetes.io/docs/concepts/security/pod-security-standards/)

## Bad: one of three, and one with slashes

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: search
spec:
  securityContext:
    sysctls:
      - name: net.ipv4.tcp_keepalive_time
        value: "60"
      - name: kernel.msgmax # finding
        value: "65536"
      - name: net/core/somaxconn # finding
        value: "4096"
  containers: [{name: search, image: "registry.example/search:1.4.0"}]
```

## Good: safe ones

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: proxy
spec:
  securityContext:
    sysctls:
      - {name: net.ipv4.ip_unprivileged_port_start, value: "0"}
      - {name: net/ipv4/tcp_rmem, value: "4096 131072 6291456"}
  containers: [{name: proxy, image: "registry.example/proxy:1.4.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.facts.pod_security import SAFE_SYSCTLS
from infracheck.kubernetes.place import entries
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation
    from infracheck.source.field import Field


@rule(
    Target.POD_SPEC,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    aliases=("AVD-KSV-0026", "KSV-0026", "kube-linter:unsafe-sysctls"),
    tags=("pss-baseline", "pss-restricted"),
    remedy="Remove the parameter, or set it on the nodes.",
)
def unsafe_sysctl(pod: PodSpec) -> Iterator[Violation]:
    """Yield each kernel parameter that is not among the safe ones."""

    def judge(entry: Field) -> Iterator[Violation]:
        name = entry["name"].text("") or ""
        if name and name.replace("/", ".") not in SAFE_SYSCTLS:
            yield pod.violation(entry["name"], f"{pod.address} sets {name}, which is unsafe for what else runs there")

    yield from judge_each(entries(pod.security_context["sysctls"]), judge)
