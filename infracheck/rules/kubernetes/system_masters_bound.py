"""Role is bound to the group of those who need none.

Members of `system:masters` pass every authorization check before any role is looked at, so that binding a role to the
group gives them nothing. It tells that somebody counts on the group: its members can't be limited, can't be taken away
a permission, and their certificates can't be revoked.

## Fix

Remove the subject. Give administrators a group of your own and bind that.

## References

- [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)
- [User-facing roles](https://kubernetes.io/docs/reference/access-authn-authz/rbac/#user-facing-roles)

## Bad: beside another group

```yaml binding.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: platform
subjects:
  - kind: Group
    name: platform
  - kind: Group
    name: system:masters # finding
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: view
```

## Good: a group of one's own

```yaml binding.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: platform
subjects:
  - kind: Group
    name: platform
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: view
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.rbac import Binding, Subject
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding"),
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    priority=Priority.P2,
    aliases=("AVD-KSV-0123", "KSV-0123"),
    tags=("checklist:rbac",),
    remedy="Remove the subject, and bind a group of your own.",
)
def system_masters_bound(binding: Binding) -> Iterator[Violation]:
    """Yield the subject that names the group."""

    def judge(subject: Subject) -> Iterator[Violation]:
        if subject.kind == "Group" and subject.name == "system:masters":
            yield binding.violation(
                subject.field["name"],
                f"{binding.address} names system:masters, whose members no role gives or takes anything",
            )

    yield from judge_each(binding.subjects, judge)
