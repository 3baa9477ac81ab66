"""Role reads Secrets.

`get` gives the content of a Secret, and so do `list` and `watch`: of all of them at once. In a ClusterRole that is
every credential of the cluster.

It is off by default, as many controllers must read Secrets; `kubernetes/secrets-readable-by-people`, which runs
unasked, tells which of these roles are given to users and groups.

## Fix

Name the Secrets in `resourceNames` and allow `get` alone, in a Role of the namespace. Mount Secrets into pods: that
needs no role.

## References

- [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)
- [Good practices for Kubernetes Secrets](https://kubernetes.io/docs/concepts/security/secrets-good-practices/)
- CIS Kubernetes Benchmark v1.9.0, 5.1.2: minimize access to secrets

## Bad: get, and list

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: agent
rules:
  - apiGroups: [""]
    resources:
      - configmaps
      - secrets # finding
    verbs: [list]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: writer
rules:
  - apiGroups: ["*"]
    resources: [secrets] # finding
    verbs: ["*"]
```

## Good: one Secret, writing alone, and other things of that name

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: agent
rules:
  - apiGroups: [""]
    resources: [secrets]
    resourceNames: [agent-certificate]
    verbs: [get]
  - apiGroups: [""]
    resources: [secrets]
    verbs: [create, patch]
  - apiGroups: [vault.example]
    resources: [secrets]
    verbs: [get]
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


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"),
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    priority=Priority.P2,
    aliases=("CKV2_K8S_5", "AVD-KSV-0041", "KSV-0041", "AVD-KSV-0113", "KSV-0113", "kube-linter:access-to-secrets"),
    tags=("checklist:rbac",),
    remedy="Name the Secrets in `resourceNames`, and allow `get` alone.",
    default=False,
)
def secrets_readable(role: Role) -> Iterator[Violation]:
    """Yield `secrets` of each rule that lets read them without naming them."""

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        entry = granted.names(("get", "list", "watch"), ("secrets",))
        if entry is not None and not granted.is_restricted:
            where = "of every namespace" if role.is_cluster_scoped else f"of namespace {role.namespace}"
            yield role.violation(entry, f"{role.address} reads the Secrets {where}")

    yield from judge_each(role.rules, judge)
