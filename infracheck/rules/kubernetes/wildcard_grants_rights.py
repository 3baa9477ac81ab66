"""Wildcard of a role gives its holder further rights.

`verbs: ["*"]` on roles includes `escalate` and `bind`, on service accounts `impersonate`: whoever holds such a role
becomes what they like. Nobody wrote that down, and who reviews the role by the names in it doesn't see it.

It is off by default: `kubernetes/rbac-wildcard` reports every wildcard, and rules of their own the verbs that are
named. Select it to see which wildcards are worth the work first.

## Fix

Name the verbs and resources that are used.

## References

- [Role Based Access Control Good Practices: privilege escalation risks](https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks)
- CIS Kubernetes Benchmark v1.9.0, 5.1.3: minimize wildcard use in Roles and ClusterRoles

## Bad: every verb, on roles and on service accounts

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: tenant
  namespace: shop
rules:
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [roles, rolebindings]
    verbs: ["*"] # finding
  - apiGroups: [""]
    resources: ["*/scale", serviceaccounts]
    verbs:
      - "*" # finding
```

## Bad: every resource of the group

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: operator
rules:
  - apiGroups: [admissionregistration.k8s.io]
    resources: ["*"] # finding
    verbs: [get, list, patch]
```

## Good: reading, other resources, and what is named, which other rules report

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: deployer
rules:
  - apiGroups: ["*"]
    resources: ["*"]
    verbs: [get, list, watch]
  - apiGroups: [""]
    resources: [configmaps, pods]
    verbs: ["*"]
  - apiGroups: [rbac.authorization.k8s.io]
    resources: ["*"]
    verbs: [bind]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: webhooks
  namespace: shop
rules:
  - apiGroups: [admissionregistration.k8s.io]
    resources: ["*"]
    verbs: ["*"]
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
    Permission(
        "grant itself any permission",
        "verbs",
        ("escalate", "bind"),
        ("roles", "clusterroles"),
        "rbac.authorization.k8s.io",
    ),
    Permission("act as a service account", "verbs", ("impersonate",), ("serviceaccounts",)),
    Permission("act as anybody", "verbs", ("impersonate",), ("users", "groups"), in_cluster=True),
    Permission(
        "change admission webhooks",
        "resources",
        ("create", "update", "patch"),
        ("mutatingwebhookconfigurations", "validatingwebhookconfigurations"),
        "admissionregistration.k8s.io",
        in_cluster=True,
    ),
)
"""By which one becomes somebody else, or decides what others may."""


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=(
        "CKV_K8S_155",
        "CKV_K8S_157",
        "CKV_K8S_158",
        "CKV2_K8S_1",
        "CKV2_K8S_3",
    ),
    tags=("checklist:rbac",),
    remedy="Name the resources and verbs that are used.",
    default=False,
)
def wildcard_grants_rights(role: Role) -> Iterator[Violation]:
    """Yield the wildcard of each rule that takes in such a permission."""
    return violations(role, PERMISSIONS)
