"""Role changes roles or bindings.

Kubernetes lets nobody grant more than they have, so this alone makes nobody an administrator; `escalate` and `bind`,
which do, are reported by `kubernetes/role-escalation-granted`. But whoever may write roles and bindings hands on all
that is theirs, to any person and any pod, where no reviewed manifest says so; and who may change or delete them takes
rights from others.

It is off by default: pipelines and operators bring their own roles. Select it where roles of
people and pipelines are reviewed.

## Fix

Keep roles and bindings to the pipeline that applies them from git.

## References

- [Using RBAC Authorization: privilege escalation prevention](https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping)
- [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)

## Bad: bindings, and roles of the cluster

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: lead
rules:
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [rolebindings] # finding
    verbs: [get, patch]
  - apiGroups: ["*"]
    resources:
      - clusterroles # finding
    verbs: ["*"]
```

## Good: reading, and one by name

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: lead
rules:
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [roles, rolebindings, clusterroles, clusterrolebindings]
    verbs: [get, list, watch]
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [clusterroles]
    resourceNames: [operator-aggregated]
    verbs: [update]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.rbac import WRITING
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.rbac import PolicyRule, Role
    from infracheck.rule import Violation

KINDS = ("roles", "rolebindings", "clusterroles", "clusterrolebindings")


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"),
    severity=Severity.LOW,
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=(
        "AVD-KSV-0050",
        "KSV-0050",
        "AVD-KSV-0051",
        "KSV-0051",
        "AVD-KSV-0052",
        "KSV-0052",
        "AVD-KSV-0055",
        "KSV-0055",
    ),
    tags=("checklist:rbac",),
    remedy="Keep roles and bindings to the pipeline that applies them.",
    default=False,
)
def role_management_granted(role: Role) -> Iterator[Violation]:
    """Yield the first resource of each rule that lets write roles or bindings without naming them."""

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        entry = granted.names(WRITING, KINDS, "rbac.authorization.k8s.io")
        if entry is not None and not granted.is_restricted:
            yield role.violation(
                entry, f"{role.address} may hand its rights on, or take those of others: {entry.text()}"
            )

    yield from judge_each(role.rules, judge)
