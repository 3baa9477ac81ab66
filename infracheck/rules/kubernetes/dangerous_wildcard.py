"""Wildcard of a role takes in a dangerous permission.

`resources: ["*"]` includes Secrets and `pods/exec`, `verbs: ["*"]` on roles includes `escalate`, on service accounts
`impersonate`. Nobody wrote that down, and who reviews the role by the names in it doesn't see it.

It is off by default: `kubernetes/rbac-wildcard` reports every wildcard, and rules of their own the permissions that are
named. Select it to see which wildcards are worth the work first.

## Fix

Name the resources and verbs that are used; a permission of this list only where the holder's work needs it.

## References

- [Role Based Access Control Good Practices: privilege escalation risks](https://kubernetes.io/docs/concepts/security/rbac-good-practices/#privilege-escalation-risks)
- CIS Kubernetes Benchmark v1.9.0, 5.1.3: minimize wildcard use in Roles and ClusterRoles

## Bad: every resource, and every verb

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
  - apiGroups: [rbac.authorization.k8s.io]
    resources: [roles, rolebindings]
    verbs: ["*"] # finding
  - apiGroups: [""]
    resources: ["*/scale", serviceaccounts]
    verbs:
      - "*" # finding
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

## Good: harmless ones, and what is named, which other rules report

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: deployer
rules:
  - apiGroups: [apps, shop.example]
    resources: ["*"]
    verbs: ["*"]
  - apiGroups: [""]
    resources: [configmaps, services]
    verbs: ["*"]
  - apiGroups: ["*"]
    resources: ["*/scale"]
    verbs: [update]
  - apiGroups: ["*"]
    resources: ["*"]
    verbs: [approve]
  - apiGroups: [""]
    resources: [pods/exec]
    verbs: ["*"]
  - apiGroups: [""]
    resources: ["*"]
    resourceNames: [web]
    verbs: [get]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: nodes
  namespace: shop
rules:
  - apiGroups: [""]
    resources: [nodes/proxy]
    verbs: ["*"]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.rbac import PolicyRule, Role
    from infracheck.rule import Violation
    from infracheck.source.field import Field


class Permission(NamedTuple):
    """What is dangerous to hold: one of the verbs on one of the resources.

    Attributes:
        does: what its holder does with it.
        named: which of the two its own rule goes by, "verbs" or "resources"; the other may be a wildcard there.
        in_cluster: whether the resources belong to no namespace, so that a Role can't grant it.
    """

    does: str
    named: str
    verbs: tuple[str, ...]
    resources: tuple[str, ...]
    group: str = ""
    in_cluster: bool = False


PERMISSIONS: Final = (
    Permission("run commands in pods", "resources", ("create", "get"), ("pods/exec", "pods/attach")),
    Permission("read Secrets", "resources", ("get", "list", "watch"), ("secrets",)),
    Permission("act as a service account", "verbs", ("impersonate",), ("serviceaccounts",)),
    Permission("act as anybody", "verbs", ("impersonate",), ("users", "groups"), in_cluster=True),
    Permission("issue tokens of service accounts", "resources", ("create",), ("serviceaccounts/token",)),
    Permission(
        "grant itself any permission",
        "verbs",
        ("escalate", "bind"),
        ("roles", "clusterroles"),
        "rbac.authorization.k8s.io",
    ),
    Permission("reach kubelets", "resources", ("get", "create"), ("nodes/proxy",), in_cluster=True),
    Permission(
        "change admission webhooks",
        "resources",
        ("create", "update", "patch"),
        ("mutatingwebhookconfigurations", "validatingwebhookconfigurations"),
        "admissionregistration.k8s.io",
        in_cluster=True,
    ),
    Permission("redirect Services", "resources", ("update", "patch"), ("services/status",)),
)
"""The risks of the good practices, as far as wildcards take them in, and CVE-2020-8554, the last."""


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
        "CKV2_K8S_2",
        "CKV2_K8S_3",
        "CKV2_K8S_4",
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
def dangerous_wildcard(role: Role) -> Iterator[Violation]:
    """Yield the wildcard of each rule that takes in a permission that is dangerous to hold."""

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        if granted.is_restricted:
            return
        does = [one.does for one in PERMISSIONS if _takes_in(role, granted, one)]
        wildcard = _wildcard(granted)
        if does and wildcard is not None:
            yield role.violation(wildcard, f"{role.address} lets its holder {_listed(does)}, by a wildcard")

    yield from judge_each(role.rules, judge)


def _takes_in(role: Role, granted: PolicyRule, permission: Permission) -> bool:
    """Whether a rule grants a permission without naming what the permission's own rule goes by."""
    if permission.in_cluster and not role.is_cluster_scoped:
        return False
    named = granted.verbs if permission.named == "verbs" else granted.resources
    if set(named) & {*permission.verbs, *permission.resources}:
        return False
    return any(
        granted.grants(verb, resource, permission.group)
        for verb in permission.verbs
        for resource in permission.resources
    )


def _wildcard(granted: PolicyRule) -> Field | None:
    """The one that takes in most: `*` among the resources, then among the verbs, then `*/exec` and the like."""
    resources, verbs = granted.field["resources"], granted.field["verbs"]
    return (
        resources.first(lambda one: one.text() == "*")
        or verbs.first(lambda one: one.text() == "*")
        or resources.first(lambda one: (one.text() or "").startswith("*/"))
    )


def _listed(does: list[str]) -> str:
    *first, last = does
    return f"{', '.join(first)} and {last}" if first else last
