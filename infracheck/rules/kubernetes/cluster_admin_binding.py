"""Somebody is made administrator of the whole cluster.

`cluster-admin` may do everything to everything: read every Secret, run on every node, change who may do what. Whoever
takes over a pod that runs as such an account, or the laptop of such a user, has the cluster.

A role of one's own that allows everything comes to the same; that is `kubernetes/rbac-wildcard`.

## Fix

Bind a role that names what is needed. In one namespace, `edit` or `admin` by a RoleBinding will often do.
Administrators are better made in IAM (EKS access entries), where their sessions end.

## References

- [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)
- CIS Kubernetes Benchmark v1.9.0, 5.1.1: cluster-admin only where required

## Bad: an operator, and a pipeline in its namespace

```yaml bindings.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: operator
subjects:
  - kind: ServiceAccount
    name: operator
    namespace: tools
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cluster-admin # finding
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: pipeline
  namespace: core-api
subjects:
  - kind: Group
    name: pipelines
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cluster-admin # finding
```

## Bad: an overlay of one environment decides

```yaml base/binding.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: developers
subjects:
  - kind: Group
    name: developers
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: view
```

```yaml base/kustomization.yaml
resources:
  - binding.yaml
```

```yaml overlays/production/kustomization.yaml
resources:
  - ../../base
patches:
  - target:
      kind: ClusterRoleBinding
    patch: |-
      - op: replace
        path: /roleRef/name
        value: cluster-admin # finding
```

## Good: less, and a Role that is merely called so

```yaml bindings.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: pipeline
  namespace: core-api
subjects:
  - kind: Group
    name: pipelines
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: edit
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: other
  namespace: core-api
subjects: []
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cluster-admin
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.rbac import Binding
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding"),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=(
        "kube-linter:cluster-admin-role-binding",
        "polaris:clusterrolebindingClusterAdmin",
        "polaris:rolebindingClusterAdminClusterRole",
        "AVD-KSV-0111",
        "KSV-0111",
    ),
    tags=("checklist:rbac",),
    remedy="Bind a role that names what is needed.",
)
def cluster_admin_binding(binding: Binding) -> Iterator[Violation]:
    """Yield the role of a binding that gives cluster-admin to anybody."""
    if binding.role_kind != "ClusterRole" or binding.role_name != "cluster-admin" or not binding.subjects:
        return
    where = "in the whole cluster" if binding.is_cluster_wide else f"in namespace {binding.namespace}"
    yield binding.violation(
        "roleRef.name",
        f"{binding.address} lets {_shown(binding)} do everything {where}",
        severity=None if binding.is_cluster_wide else Severity.MEDIUM,
    )


def _shown(binding: Binding) -> str:
    """The first subject, and how many more there are."""
    first, *rest = binding.subjects
    name = "?" if first.field["name"].is_unknown else first.name
    return f"{name} and {len(rest)} more" if rest else name
