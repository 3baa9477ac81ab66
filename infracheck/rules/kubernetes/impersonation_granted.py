"""Role lets its holder act as somebody else.

Whoever may `impersonate` users or groups without a list of names may act as a member of `system:masters`, which the API
server asks for no permission at all: the role is cluster administration under another name, and the audit log shows the
impersonated name beside the real one. Who may impersonate service accounts alone has the permissions of each of them,
in a Role of each in its namespace: medium severity. Users and groups have no namespace, so that a Role that speaks of
them gives nothing.

`verbs: ["*"]` includes it; that is `kubernetes/rbac-wildcard`.

## Fix

List in `resourceNames` who may be impersonated, or take the rule out.

## References

- [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)
- [User impersonation](https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/)

## Bad: anybody, and the group of administrators

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: gateway
rules:
  - apiGroups: [""]
    resources: [users, groups]
    verbs: [impersonate] # finding
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: break-glass
rules:
  - apiGroups: [""]
    resources: [groups]
    resourceNames: ["system:masters"]
    verbs: [impersonate] # finding
```

## Bad: any service account

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: deployer
  namespace: shop
rules:
  - apiGroups: [""]
    resources: [serviceaccounts]
    verbs: [impersonate] # finding
```

## Good: one named account, and a Role that gives nothing

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: deployer
rules:
  - apiGroups: [""]
    resources: [serviceaccounts]
    resourceNames: [release]
    verbs: [impersonate]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: support
  namespace: shop
rules:
  - apiGroups: [""]
    resources: [users, groups]
    verbs: [impersonate]
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

PEOPLE = ("users", "groups")


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=("CKV2_K8S_3", "AVD-KSV-0043", "KSV-0043"),
    tags=("checklist:rbac",),
    remedy="List in `resourceNames` who may be impersonated.",
)
def impersonation_granted(role: Role) -> Iterator[Violation]:
    """Yield the verb of each rule that gives every identity, or that of an administrator."""

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        anybody = granted.verb("impersonate", PEOPLE) if role.is_cluster_scoped else None
        if anybody is not None and (not granted.is_restricted or "system:masters" in granted.resource_names):
            yield role.violation(anybody, f"{role.address} lets its holder act as anybody, administrators too")
            return
        accounts = granted.verb("impersonate", ("serviceaccounts",))
        if accounts is not None and not granted.is_restricted:
            where = "" if role.is_cluster_scoped else " of its namespace"
            message = f"{role.address} lets its holder act as any service account{where}"
            yield role.violation(accounts, message, severity=Severity.MEDIUM)

    yield from judge_each(role.rules, judge)
