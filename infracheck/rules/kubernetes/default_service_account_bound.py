"""Role is given to the account that every pod has.

A pod that names no service account runs as `default` of its namespace. Permissions given to that account are therefore
given to every such pod, and to every one that will be added: the cache, the batch job, the debugging shell.

## Fix

Make a ServiceAccount for the workload that needs the role, name it in `serviceAccountName`, and bind that.

## References

- [Using RBAC Authorization](https://kubernetes.io/docs/reference/access-authn-authz/rbac/)
- CIS Kubernetes Benchmark v1.9.0, 5.1.5: default service accounts are not actively used

## Bad: in a namespace, and in the whole cluster

```yaml bindings.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: reader
  namespace: core-api
subjects:
  - kind: ServiceAccount
    name: default # finding
    namespace: core-api
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: view
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: reader
subjects:
  - kind: ServiceAccount
    name: default # finding
    namespace: tools
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: view
```

## Good: its own account, and a group of that name

```yaml bindings.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: reader
  namespace: core-api
subjects:
  - kind: ServiceAccount
    name: reports
  - kind: Group
    name: default
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
    aliases=("CKV_K8S_42",),
    tags=("checklist:rbac",),
    remedy="Bind a ServiceAccount of the workload's own.",
)
def default_service_account_bound(binding: Binding) -> Iterator[Violation]:
    """Yield each subject that is a default account."""

    def judge(subject: Subject) -> Iterator[Violation]:
        if subject.kind == "ServiceAccount" and subject.name == "default":
            yield binding.violation(
                subject.field["name"],
                f"{binding.address} gives role {binding.role_name} to every pod that names no account",
            )

    yield from judge_each(binding.subjects, judge)
