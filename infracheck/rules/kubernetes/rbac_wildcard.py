"""Role grants every verb or every resource.

A `*` in a role grants what exists today and whatever a future version or operator adds. `verbs: ["*"]` includes
`deletecollection`, and on roles and bindings `escalate` and `bind`; `resources: ["*"]` includes Secrets. Nobody reading
the role can tell what its holder needs. `apiGroups: ["*"]` with named resources is the lesser fault: it takes in
whatever bears that name in any API to come.

## Fix

Name the verbs, the resources and the groups that are used. The audit log of the API server tells which.

## References

- [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)
- CIS Kubernetes Benchmark v1.9.0, 5.1.3: minimize wildcard use in Roles and ClusterRoles

## Bad: verbs and resources

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: deployer
rules:
  - apiGroups: [apps]
    resources: [deployments]
    verbs: ["*"] # finding
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: reader
  namespace: core-api
rules:
  - apiGroups: [""]
    resources: ["*"] # finding
    verbs: [get, list]
```

## Bad: every group

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups:
      - "*" # finding
      - apps
    resources: [deployments]
    verbs: [get]
```

## Bad: a patch widens it

```yaml base/kustomization.yaml
resources:
  - role.yaml
```

```yaml base/role.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: deployer
rules:
  - apiGroups: [apps]
    resources: [deployments]
    verbs: [get, patch]
```

```yaml overlays/dev/kustomization.yaml
resources:
  - ../../base
patches:
  - target:
      kind: ClusterRole
    patch: |-
      - op: add
        path: /rules/0/verbs/-
        value: "*" # finding
```

## Good: named, and one subresource of whatever can be scaled

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: deployer
rules:
  - apiGroups: [apps]
    resources: [deployments]
    verbs: [get, list, watch, create, update, patch]
  - apiGroups: [apps]
    resources: ["*/scale"]
    verbs: [get, update]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation
    from infracheck.source.field import Field

PARTS = {
    "verbs": ("every verb", None),
    "resources": ("every resource", None),
    "apiGroups": ("resources of that name in every API group", Severity.LOW),
}
"""Where a wildcard may stand, what it grants, and how bad it is where that differs from the rest."""


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=(
        "CKV_K8S_49",
        "AVD-KSV-0044",
        "KSV-0044",
        "AVD-KSV-0045",
        "KSV-0045",
        "AVD-KSV-0046",
        "KSV-0046",
        "AVD-KSV-0112",
        "KSV-0112",
        "kube-linter:wildcard-in-rules",
        "polaris:rolebindingClusterAdminRole",
    ),
    tags=("checklist:rbac",),
    remedy="Name the verbs and the resources that are used.",
)
def rbac_wildcard(manifest: Manifest) -> Iterator[Violation]:
    """Yield the first wildcard of each rule of a role."""

    def judge(entry: Field) -> Iterator[Violation]:
        for name, (what, severity) in PARTS.items():
            guilty = entry[name].first(lambda one: one.text() == "*")
            if guilty is not None:
                yield manifest.violation(guilty, f"{manifest.address} grants {what}", severity=severity)
                return

    yield from judge_each(manifest.at("rules"), judge)
