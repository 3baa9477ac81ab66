"""Role issues tokens for any service account.

`create` on `serviceaccounts/token` gives a token for every account of the namespace, with a ClusterRole of every
namespace: those of operators that may do everything among them, and with IAM roles for service accounts their access
to AWS as well.

## Fix

Name the accounts in `resourceNames`.

## References

- [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)
- [TokenRequest API](https://kubernetes.io/docs/reference/kubernetes-api/authentication-resources/token-request-v1/)

## Bad: any account

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: broker
rules:
  - apiGroups: [""]
    resources:
      - serviceaccounts
      - serviceaccounts/token # finding
    verbs: [get, create]
```

## Good: one account

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: broker
rules:
  - apiGroups: [""]
    resources: [serviceaccounts/token]
    resourceNames: [reader]
    verbs: [create]
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
    tags=("checklist:rbac",),
    remedy="Name the accounts in `resourceNames`.",
)
def token_request_granted(role: Role) -> Iterator[Violation]:
    """Yield the subresource in each rule that names no account."""

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        entry = granted.names(("create",), ("serviceaccounts/token",))
        if entry is not None and not granted.is_restricted:
            where = "" if role.is_cluster_scoped else " of its namespace"
            yield role.violation(entry, f"{role.address} issues tokens for any service account{where}")

    yield from judge_each(role.rules, judge)
