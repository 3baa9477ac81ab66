"""Role writes Secrets.

Whoever may write a Secret replaces the credentials that pods use, or the certificate of a host. Whoever may create one
asks for a token: a Secret of type `kubernetes.io/service-account-token` is filled by Kubernetes with a token, without
an end, of the account that its annotation names, and pods of the namespace can mount it.

It is off by default: controllers and pipelines write Secrets. Select it where
roles of people and pipelines are reviewed.

## Fix

Let the External Secrets Operator make Secrets, and give its account alone the right; name the Secrets in
`resourceNames` where a controller keeps its own.

## References

- [Good practices for Kubernetes Secrets](https://kubernetes.io/docs/concepts/security/secrets-good-practices/)
- [Secret: ServiceAccount token Secrets](https://kubernetes.io/docs/concepts/configuration/secret/#serviceaccount-token-secrets)
- [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)

## Bad: made, and deleted

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: developer
  namespace: shop
rules:
  - apiGroups: [""]
    resources:
      - configmaps
      - secrets # finding
    verbs: [get, create]
  - apiGroups: ["*"]
    resources: [secrets] # finding
    verbs: [deletecollection]
```

## Good: reading, its own, and other things of that name

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: developer
  namespace: shop
rules:
  - apiGroups: [""]
    resources: [secrets]
    verbs: [get, list, watch]
  - apiGroups: [""]
    resources: [secrets]
    resourceNames: [operator-cert]
    verbs: [update, patch]
  - apiGroups: [vault.example.org]
    resources: [secrets]
    verbs: [create]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.rbac import WRITING
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.rbac import PolicyRule, Role
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"),
    severity=Severity.LOW,
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=("AVD-KSV-0041", "KSV-0041", "AVD-KSV-0113", "KSV-0113", "kube-linter:access-to-secrets"),
    tags=("checklist:rbac",),
    remedy="Leave Secrets to the operator that makes them, or name one's own in `resourceNames`.",
    default=False,
)
def secrets_writable(role: Role) -> Iterator[Violation]:
    """Yield `secrets` of each rule that lets write them without naming them."""

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        entry = granted.names(WRITING, ("secrets",))
        if entry is not None and not granted.is_restricted:
            where = "of every namespace" if role.is_cluster_scoped else f"of namespace {role.namespace}"
            yield role.violation(entry, f"{role.address} writes the Secrets {where}")

    yield from judge_each(role.rules, judge)
