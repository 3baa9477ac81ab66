"""Role lets its holder give itself any permission.

Kubernetes lets nobody create or bind a role with more permissions than they have, unless a role of theirs allows the
verb `escalate` (on roles) or `bind` (on roles, for bindings). Whoever has one of them is cluster administrator, or
administrator of the namespace, as soon as they want to be. On bindings Kubernetes asks for neither verb, so there they
give nothing.

`verbs: ["*"]` includes both; that is `kubernetes/rbac-wildcard`.

## Fix

Take the verb out. Where a controller must bind certain roles, name those in `resourceNames`, as [the
documentation](https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping)
shows.

## References

- [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)
- [Privilege escalation prevention](https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping)

## Bad: any role, and the one that may do everything

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: tenant-operator
rules:
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [roles, clusterroles]
    verbs: [create, escalate] # finding
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [clusterroles]
    resourceNames: [cluster-admin]
    verbs:
      - bind # finding
```

## Good: one harmless role, no special verb, and one where it means nothing

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: tenant-operator
rules:
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [clusterroles]
    resourceNames: [view, tenant]
    verbs: [bind]
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [roles, rolebindings]
    verbs: [get, list, create, update]
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [rolebindings]
    verbs: [create, bind]
  - apiGroups: [trust.example]
    resources: [roles]
    verbs: [bind]
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

ROLES = ("roles", "clusterroles")
"""What the two verbs are asked for; on bindings they have no meaning."""
GROUP = "rbac.authorization.k8s.io"
POWERFUL = frozenset({"cluster-admin", "admin"})
"""Built-in roles that make an administrator of whoever gets them."""


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=(
        "CKV_K8S_157",
        "CKV_K8S_158",
        "CKV2_K8S_1",
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
    remedy="Take `escalate` and `bind` out, or name the roles in `resourceNames`.",
)
def role_escalation_granted(role: Role) -> Iterator[Violation]:
    """Yield the verb of each rule that lifts the protection, for all roles or a powerful one."""

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        entry = granted.verb("escalate", ROLES, GROUP) or granted.verb("bind", ROLES, GROUP)
        if entry is not None and (not granted.is_restricted or POWERFUL & set(granted.resource_names)):
            what = "any permission" if role.is_cluster_scoped else "any permission in its namespace"
            yield role.violation(entry, f"{role.address} lets its holder get {what}: `{entry.text()}` on roles")

    yield from judge_each(role.rules, judge)
