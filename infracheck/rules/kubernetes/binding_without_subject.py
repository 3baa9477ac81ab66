"""Binding names a service account that nothing creates.

The role is given to nobody: the pods it was meant for run as another account and get `forbidden`. Whoever can create
service accounts in that namespace can take the place. The usual cause is a renamed account, or a namespace that was
not changed along with the rest.

Accounts are also made elsewhere. The rule therefore speaks up only where the manifests hold one of that name in another
namespace, or one whose name differs by a letter or two. In a ClusterRoleBinding a service account needs its namespace;
the API server refuses the object without. A base that holds the account itself and names no namespace anywhere gets
one from the `namespace` of an overlay, accounts and subjects alike.

## Fix

Correct the subject's name or namespace, or add the ServiceAccount.

## References

- [Using RBAC Authorization](https://kubernetes.io/docs/reference/access-authn-authz/rbac/)
- [Referring to subjects](https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-subjects)

## Bad: another namespace, another name, and no namespace

```yaml bindings.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: operator
  namespace: tools
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: operator
subjects:
  - kind: ServiceAccount
    name: operator # finding
    namespace: default
  - kind: ServiceAccount
    name: operators # finding
    namespace: tools
  - kind: ServiceAccount
    name: operator # finding
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: view
```

## Good: a base for overlays that set the namespace

```yaml bindings.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: operator
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: operator
subjects:
  - kind: ServiceAccount
    name: operator
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: view
```

## Good: it is there; a RoleBinding's own namespace; somebody else's

```yaml bindings.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: operator
  namespace: tools
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: operator
  namespace: tools
subjects:
  - kind: ServiceAccount
    name: operator
  - kind: ServiceAccount
    name: default
  - kind: ServiceAccount
    name: prometheus
    namespace: monitoring
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: view
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.references import references_of
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._alike import is_alike
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.rbac import Binding
    from infracheck.kubernetes.references import Reference
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding"),
    severity=Severity.MEDIUM,
    category=Category.CORRECTNESS,
    confidence=Confidence.MEDIUM,
    priority=Priority.P2,
    tags=("checklist:rbac",),
    remedy="Correct the subject's name or namespace, or add the ServiceAccount.",
)
def binding_without_subject(binding: Binding) -> Iterator[Violation]:
    """Yield each service account of a binding that nothing creates."""

    def judge(account: Reference) -> Iterator[Violation]:
        if not account.name:
            return
        if not account.namespace:
            if _is_base_of(account):
                return
            message = f"{binding.address} names ServiceAccount {account.name} without its namespace"
            yield binding.violation(account.field, message)
        elif not account.is_builtin and not binding.objects.providers_of(account) and _is_ours(account):
            yield binding.violation(
                account.field,
                f"{binding.address} gives its role to ServiceAccount {account.namespace}/{account.name}, which nothing "
                "creates",
            )

    yield from judge_each((one for one in references_of(binding) if one.how == "subject"), judge)


def _is_ours(account: Reference) -> bool:
    """Whether the manifests hold an account of nearly that name, or of that name in another namespace."""
    accounts = account.by.objects.of_kind("ServiceAccount")
    return find(accounts, lambda one: is_alike(one.name, account.name)) is not None


def _is_base_of(account: Reference) -> bool:
    """Whether the account is among manifests that get their namespace from an overlay yet to come."""
    if account.by.context.environment:
        return False
    accounts = account.by.objects.of_kind("ServiceAccount")
    return find(accounts, lambda one: one.name == account.name and not one.at("metadata.namespace").exists) is not None
