"""Role is given to everybody.

`system:unauthenticated` and `system:anonymous` are whoever reaches the API server, without any proof of who they are.
`system:authenticated` is everybody with any account: every pod's service account, every employee, and on GKE everybody
with a Google account. `system:serviceaccounts` is every pod of the cluster.

The roles for discovery that Kubernetes itself gives so are left alone. A role among the manifests that reads nothing
secret, or uses single objects by name, counts for less.

## Fix

Name the groups or service accounts that need the role.

## References

- [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)
- [Default roles and role bindings: discovery](https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles)
- [GKE: avoid default roles and groups](https://cloud.google.com/kubernetes-engine/docs/best-practices/rbac#default-roles-groups)

## Bad: without a password, and with any account

```yaml bindings.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: dashboard
subjects:
  - kind: User
    name: system:anonymous # finding
  - kind: Group
    name: system:unauthenticated # finding
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: view
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: sandbox
  namespace: sandbox
subjects:
  - kind: Group
    name: system:authenticated # finding
  - kind: Group
    name: system:serviceaccounts # finding
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: edit
```

## Good: a group, the accounts of a namespace, names of nobody, and discovery

```yaml bindings.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: sandbox
  namespace: sandbox
subjects:
  - kind: Group
    name: developers
  - kind: Group
    name: system:serviceaccounts:sandbox
  - kind: ServiceAccount
    name: system:authenticated
  - kind: User
    name: system:authenticated
  - kind: Group
    name: system:anonymous
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: edit
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: system:public-info-viewer
subjects:
  - kind: Group
    name: system:unauthenticated
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: system:public-info-viewer
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

EVERYBODY = {
    ("User", "system:anonymous"): ("whoever reaches the API server", Severity.CRITICAL),
    ("Group", "system:unauthenticated"): ("whoever reaches the API server", Severity.CRITICAL),
    ("Group", "system:authenticated"): ("everybody with any account", Severity.HIGH),
    ("Group", "system:serviceaccounts"): ("every pod of the cluster", Severity.MEDIUM),
}
"""Kinds and names of subjects, whom they mean, and how bad it is to give them a role."""
DISCOVERY = frozenset({"system:basic-user", "system:discovery", "system:public-info-viewer"})
READING = frozenset({"get", "list", "watch"})


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding"),
    severity=Severity.CRITICAL,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=("AVD-KSV-01011", "KSV-01011", "AVD-KSV-0122", "KSV-0122"),
    tags=("checklist:rbac",),
    remedy="Name the groups or service accounts that need the role.",
)
def role_bound_to_everybody(binding: Binding) -> Iterator[Violation]:
    """Yield each subject that means everybody."""

    def judge(subject: Subject) -> Iterator[Violation]:
        meant = EVERYBODY.get((subject.kind, subject.name))
        if meant is None:
            return
        who, severity = meant
        yield binding.violation(
            subject.field["name"],
            f"{binding.address} gives role {binding.role_name} to {who}",
            severity=Severity.LOW if severity < Severity.CRITICAL and _is_harmless(binding) else severity,
        )

    if binding.role_name not in DISCOVERY:
        yield from judge_each(binding.subjects, judge)


def _is_harmless(binding: Binding) -> bool:
    """Whether the role is known to read, or to use single objects by name, and no Secrets."""
    role = binding.role
    return role is not None and all(
        (set(one.verbs) <= READING or one.is_restricted) and not {"secrets", "*"} & set(one.resources)
        for one in role.rules
    )
