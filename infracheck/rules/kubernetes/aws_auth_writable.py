"""Role changes who is administrator of an EKS cluster.

The ConfigMap `aws-auth` in `kube-system` maps IAM users and roles to groups of the cluster. Whoever may write it adds
a line with their own role and `system:masters`, and is administrator.

## Fix

Take the ConfigMap out of the role, and move to EKS access entries (`authentication_mode = "API"`): then the ConfigMap
decides nothing any more, and IAM and its audit log say who may change access.

## References

- [Grant IAM users access to Kubernetes with a ConfigMap](https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html)
- [EKS access entries](https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html)

## Bad: named

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: access
  namespace: kube-system
rules:
  - apiGroups: [""]
    resources: [configmaps]
    resourceNames: [aws-auth] # finding
    verbs: [get, update]
```

## Good: reading, and another ConfigMap

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: access
  namespace: kube-system
rules:
  - apiGroups: [""]
    resources: [configmaps]
    resourceNames: [aws-auth]
    verbs: [get]
  - apiGroups: [""]
    resources: [configmaps]
    resourceNames: [coredns]
    verbs: [update]
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
    kinds=("rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=("AVD-KSV-0115", "KSV-0115"),
    tags=("checklist:rbac",),
    remedy="Take `aws-auth` out of the role, and use EKS access entries.",
)
def aws_auth_writable(role: Role) -> Iterator[Violation]:
    """Yield the name of the ConfigMap in each rule that lets write it."""

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        if granted.names(("update", "patch", "delete"), ("configmaps",)) is None:
            return
        name = granted.field["resourceNames"].first(lambda one: one.text() == "aws-auth")
        if name is not None:
            yield role.violation(name, f"{role.address} may make anybody administrator: it writes aws-auth")

    yield from judge_each(role.rules, judge)
