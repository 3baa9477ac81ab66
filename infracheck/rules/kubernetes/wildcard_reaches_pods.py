"""Wildcard of a role reaches into pods, nodes and Secrets.

`resources: ["*"]` includes Secrets and `pods/exec`, also where the verbs are only `get` and `list`: `get` runs commands
in pods too. Nobody wrote that down, and who reviews the role by the names in it doesn't see it.

It is off by default: `kubernetes/rbac-wildcard` reports every wildcard, and rules of their own the resources that are
named. Select it to see which wildcards are worth the work first.

## Fix

Name the resources that are used, and those of this list only where the holder's work needs them.

## References

- [Role Based Access Control Good Practices: privilege escalation risks](https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks)
- CIS Kubernetes Benchmark v1.9.0, 5.1.3: minimize wildcard use in Roles and ClusterRoles

## Bad: every resource, for reading and for making

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: [""]
    resources: ["*"] # finding
    verbs: [get, list]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: tenant
  namespace: shop
rules:
  - apiGroups: ["*"]
    resources: ["*"] # finding
    verbs: [create]
```

## Bad: whatever is called so

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: support
rules:
  - apiGroups: [""]
    resources: ["*/exec"] # finding
    verbs: [create]
```

## Good: other groups, other verbs, one object, nodes in a Role, and what is named, which other rules report

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: deployer
rules:
  - apiGroups: [apps, shop.example]
    resources: ["*"]
    verbs: ["*"]
  - apiGroups: ["*"]
    resources: ["*/scale"]
    verbs: [update]
  - apiGroups: [""]
    resources: ["*"]
    verbs: [delete]
  - apiGroups: [""]
    resources: [pods/exec, secrets]
    verbs: ["*"]
  - apiGroups: [""]
    resources: ["*"]
    resourceNames: [web]
    verbs: [get]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: proxy
  namespace: shop
rules:
  - apiGroups: [""]
    resources: ["*/proxy"]
    verbs: [get]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._wildcards import Permission, violations

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.rbac import Role
    from infracheck.rule import Violation

PERMISSIONS: Final = (
    Permission("run commands in pods", "resources", ("create", "get"), ("pods/exec", "pods/attach")),
    Permission("read Secrets", "resources", ("get", "list", "watch"), ("secrets",)),
    Permission("issue tokens of service accounts", "resources", ("create",), ("serviceaccounts/token",)),
    Permission("reach kubelets", "resources", ("get", "create"), ("nodes/proxy",), in_cluster=True),
)
"""By which one gets at what runs in the cluster, and at its credentials."""


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=(
        "CKV2_K8S_2",
        "CKV2_K8S_5",
        "polaris:clusterrolePodExecAttach",
        "polaris:clusterrolebindingPodExecAttach",
        "polaris:rolePodExecAttach",
        "polaris:rolebindingClusterRolePodExecAttach",
        "polaris:rolebindingRolePodExecAttach",
    ),
    tags=("checklist:rbac",),
    remedy="Name the resources and verbs that are used.",
    default=False,
)
def wildcard_reaches_pods(role: Role) -> Iterator[Violation]:
    """Yield the wildcard of each rule that takes in such a permission."""
    return violations(role, PERMISSIONS)
