"""Role changes NetworkPolicies.

Whoever may write NetworkPolicies opens the namespace to everybody with one object, or cuts it off: policies only ever
add what is allowed, so a new one undoes the default deny beside it.

It is off by default: pipelines that deploy a whole namespace need it.

## Fix

Give it to the pipeline of the platform alone.

## References

- [Network Policies](https://kubernetes.io/docs/concepts/services-networking/network-policies/)
- [Using RBAC Authorization](https://kubernetes.io/docs/reference/access-authn-authz/rbac/)

## Bad: create

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: developer
rules:
  - apiGroups: [networking.k8s.io]
    resources:
      - ingresses
      - networkpolicies # finding
    verbs: [get, create]
```

## Bad: all at once

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: cleaner
rules:
  - apiGroups: [networking.k8s.io]
    resources: [networkpolicies] # finding
    verbs: [list, deletecollection]
```

## Good: reading

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: developer
rules:
  - apiGroups: [networking.k8s.io]
    resources: [networkpolicies]
    verbs: [get, list, watch]
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
    aliases=("AVD-KSV-0056", "KSV-0056"),
    tags=("checklist:rbac",),
    remedy="Leave NetworkPolicies to the platform's pipeline.",
    default=False,
)
def network_policy_management_granted(role: Role) -> Iterator[Violation]:
    """Yield the resource in each rule that lets write it."""

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        entry = granted.names(WRITING, ("networkpolicies",), "networking.k8s.io")
        if entry is not None:
            yield role.violation(entry, f"{role.address} may open or cut off what NetworkPolicies keep apart")

    yield from judge_each(role.rules, judge)
