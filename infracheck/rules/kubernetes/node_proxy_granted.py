"""Role reaches the kubelet of every node.

`nodes/proxy` gives the kubelet's own API: reading logs and running commands in every pod of every node, past admission
control and past the API server's audit log. `get` is enough to run commands, as the kubelet takes them over a
WebSocket, which starts as a GET request. Monitoring agents ask for it out of habit.

## Fix

Give `nodes/metrics`, `nodes/stats`, `nodes/log`, `nodes/healthz` or `nodes/pods`, whichever is read. Since Kubernetes
1.33 the kubelet checks those on their own for what used to need `nodes/proxy`.

## References

- [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)
- [Kubelet authentication/authorization: fine-grained authorization](https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz/)

## Bad: to read metrics, and to do anything

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: agent
rules:
  - apiGroups: [""]
    resources:
      - nodes
      - nodes/metrics
      - nodes/proxy # finding
    verbs: [get, list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: operator
rules:
  - apiGroups: [""]
    resources: [nodes/proxy] # finding
    verbs: ["*"]
```

## Good: only what is read

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: agent
rules:
  - apiGroups: [""]
    resources: [nodes, nodes/metrics, nodes/stats]
    verbs: [get, list, watch]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.rbac import PolicyRule, Role
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/ClusterRole",),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=("AVD-KSV-0047", "KSV-0047", "CKV2_K8S_2"),
    tags=("checklist:rbac",),
    remedy="Give `nodes/metrics`, `nodes/stats` or `nodes/log` instead of `nodes/proxy`.",
)
def node_proxy_granted(role: Role) -> Iterator[Violation]:
    """Yield `nodes/proxy` of each rule; where only reading is allowed, as a fault of medium weight."""

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        writing = granted.names(("create", "update", "patch", "delete"), ("nodes/proxy",))
        entry = writing or granted.names(("get",), ("nodes/proxy",))
        if entry is not None:
            yield role.violation(
                entry,
                f"{role.address} reaches the kubelet of every node, and so every pod",
                severity=None if writing else Severity.MEDIUM,
            )

    yield from judge_each(role.rules, judge)
