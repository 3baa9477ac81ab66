"""Binding names a role that nothing creates.

Kubernetes accepts a binding to a role that does not exist, and nobody gets anything: the controller behind it logs
`forbidden` and does nothing. Worse, whoever creates a role of that name later decides what the subjects may do. The
usual cause is a renamed role, `Role` in place of `ClusterRole`, or another namespace.

Roles are also made by charts and operators. The rule therefore speaks up only where the manifests hold a role of that
name elsewhere or of the other kind, or one whose name differs by a letter or two.

## Fix

Correct `roleRef`, or add the role. `roleRef` can't be changed in place: delete the binding and apply it anew.

## References

- [Using RBAC Authorization](https://kubernetes.io/docs/reference/access-authn-authz/rbac/)

## Bad: the other kind, another namespace, and a slip

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: deployer
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: leader-election
  namespace: tools
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: deployer
  namespace: core-api
subjects:
  - {kind: Group, name: deployers}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: deployer # finding
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: leader-election
  namespace: core-api
subjects:
  - {kind: Group, name: deployers}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: leader-election # finding
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: deployer
subjects:
  - {kind: Group, name: deployers}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: deployers # finding
```

## Good: it is there, built in, or somebody else's

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: deployer
rules: []
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: deployer
  namespace: core-api
subjects:
  - {kind: Group, name: deployers}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: deployer
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: auth
subjects:
  - {kind: Group, name: deployers}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: system:auth-delegator
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: issuers
subjects:
  - {kind: Group, name: deployers}
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: cert-manager-edit
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.rbac import Role
from infracheck.kubernetes.references import references_of
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._alike import is_alike
from infracheck.source.field import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.rbac import Binding
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding"),
    severity=Severity.MEDIUM,
    category=Category.CORRECTNESS,
    confidence=Confidence.MEDIUM,
    priority=Priority.P2,
    aliases=(
        "polaris:clusterrolebindingPodExecAttach",
        "polaris:rolebindingClusterRolePodExecAttach",
        "polaris:rolebindingRolePodExecAttach",
    ),
    tags=("checklist:rbac",),
    remedy="Correct `roleRef`, or add the role.",
)
def binding_without_role(binding: Binding) -> Iterator[Violation]:
    """Yield the role of a binding if nothing bears the name, and something bears nearly that name."""
    reference = next((one for one in references_of(binding) if one.how == "role"), None)
    if reference is None or not reference.name or reference.is_builtin or binding.objects.providers_of(reference):
        return
    meant = find(binding.objects.views(Role), lambda role: is_alike(role.name, reference.name))
    if meant is not None:
        yield binding.violation(
            reference.field,
            f"{binding.address} gives {reference.kind} {reference.name}, which is nowhere; there is {meant.address}",
            related=[("there is", meant.field.at("metadata.name"))],
        )
