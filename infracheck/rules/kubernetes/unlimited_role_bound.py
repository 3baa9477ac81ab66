"""Role that allows everything is given to somebody.

A rule with `*` for groups, resources and verbs makes its holder what `cluster-admin` makes them: in the whole cluster
by a ClusterRoleBinding, in the namespace by a RoleBinding. Naming all the verbs in place of `*` changes little.

It is off by default: `kubernetes/rbac-wildcard` reports the role, where it has to be changed, and
`kubernetes/cluster-admin-binding` the bindings of `cluster-admin` itself. Select it to see who holds such a role.

## Fix

Name what is needed in the role, or bind another one.

## References

- [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)
- CIS Kubernetes Benchmark v1.9.0, 5.1.1 and 5.1.3: cluster-admin and wildcards

## Bad: in the cluster, and in a namespace

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: operator
rules:
  - apiGroups: ["*"]
    resources: ["*"]
    verbs: ["*"]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: operator
subjects:
  - {kind: ServiceAccount, name: operator, namespace: tools}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: operator # finding
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: pipeline
  namespace: shop
rules:
  - apiGroups: ["*"]
    resources: ["*"]
    verbs: [create, delete, get, list, patch, update, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: pipeline
  namespace: shop
subjects:
  - {kind: Group, name: pipelines}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: pipeline # finding
```

## Good: one group, one resource, reading; and bound to nobody

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: operator
rules:
  - apiGroups: [""]
    resources: ["*"]
    verbs: ["*"]
  - apiGroups: ["*"]
    resources: [pods]
    verbs: ["*"]
  - apiGroups: ["*"]
    resources: ["*"]
    verbs: [get, list, watch]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: operator
subjects:
  - {kind: ServiceAccount, name: operator, namespace: tools}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: operator}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: everything
rules:
  - apiGroups: ["*"]
    resources: ["*"]
    verbs: ["*"]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: everything
subjects: []
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: everything}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.rbac import Binding, PolicyRule
    from infracheck.rule import Violation

VERBS: Final = frozenset({"create", "delete", "get", "list", "patch", "update", "watch"})
"""What can be done to objects of every kind; `deletecollection` does no more than these together."""


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding"),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=(
        "polaris:clusterrolebindingClusterAdmin",
        "polaris:rolebindingClusterAdminClusterRole",
        "polaris:rolebindingClusterAdminRole",
    ),
    tags=("checklist:rbac",),
    remedy="Name what is needed in the role, or bind another one.",
    default=False,
)
def unlimited_role_bound(binding: Binding) -> Iterator[Violation]:
    """Yield the role of a binding that gives somebody a role of the manifests that allows everything."""
    role = binding.role
    if role is None or role.name == "cluster-admin" or not binding.subjects:
        return
    if find(role.rules, _allows_everything) is not None:
        where = "in the whole cluster" if binding.is_cluster_wide else f"in namespace {binding.namespace}"
        yield binding.violation(
            "roleRef.name",
            f"{binding.address} gives {role.address}, which allows everything {where}",
            severity=None if binding.is_cluster_wide else Severity.MEDIUM,
            related=[("the role", role.at("rules"))],
        )


def _allows_everything(granted: PolicyRule) -> bool:
    """Whether a rule speaks of every resource of every group, and lets do with it whatever can be done."""
    if "*" not in granted.api_groups or "*" not in granted.resources or granted.is_restricted:
        return False
    return "*" in granted.verbs or set(granted.verbs) >= VERBS
