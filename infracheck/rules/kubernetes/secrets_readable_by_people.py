"""People may read Secrets in the cluster.

A role that reads Secrets is given to a user or a group. Secrets that the operator brings from the secret store are
then read past the store: without its permissions, its audit log, and its rotation. `list` shows all of them at once.

The rule looks at roles given to users and groups, where both role and binding are among the manifests.

## Fix

Take `secrets` out of the role. Whoever must see a value reads it in the secret store, where access is granted for each
path and logged.

## References

- [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)
- [Good practices for Kubernetes Secrets](https://kubernetes.io/docs/concepts/security/secrets-good-practices/)
- CIS Kubernetes Benchmark v1.9.0, 5.1.2: minimize access to secrets

## Bad: a group of developers

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: developer
rules:
  - apiGroups: [""]
    resources:
      - pods
      - secrets # finding
    verbs: [get, list]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: developers
  namespace: core-api
subjects:
  - kind: Group
    name: developers
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: developer
```

## Good: a controller; people without Secrets

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: controller
rules:
  - apiGroups: [""]
    resources: [secrets]
    verbs: [get, list]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: controller
subjects:
  - kind: ServiceAccount
    name: controller
    namespace: tools
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: controller
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: developer
rules:
  - apiGroups: [""]
    resources: [pods]
    verbs: [get, list]
  - apiGroups: [""]
    resources: [secrets]
    verbs: [create]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: developers
subjects:
  - kind: Group
    name: developers
roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: ClusterRole
  name: developer
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Profile, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.rbac import Binding, PolicyRule, Role, Subject
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"),
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    priority=Priority.P2,
    profiles={Profile.DEVELOPMENT: Severity.INFO},
    tags=("checklist:rbac", "checklist:secrets"),
    remedy="Take `secrets` out of the role; values are read in the secret store.",
)
def secrets_readable_by_people(role: Role) -> Iterator[Violation]:
    """Yield `secrets` of each rule that lets read them, if a user or group has the role."""

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        entry = granted.names(("get", "list", "watch"), ("secrets",))
        if entry is None or granted.is_restricted:
            return
        binding = find(role.bindings, lambda one: _person(one) is not None)
        person = _person(binding) if binding is not None else None
        if binding is not None and person is not None:
            yield role.violation(
                entry,
                f"{role.address} lets {person.kind.lower()} {person.name} read Secrets, by {binding.address}",
                related=[("given by", person.field["name"])],
            )

    yield from judge_each(role.rules, judge)


def _person(binding: Binding) -> Subject | None:
    """The first subject that is a user or group of the team's, rather than of the system."""
    return find(binding.subjects, lambda one: one.kind in ("User", "Group") and not one.name.startswith("system:"))
