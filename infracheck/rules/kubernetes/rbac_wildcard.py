"""Role grants every verb or every resource.

A `*` in a role grants what exists today and whatever a future version or operator adds. `verbs: ["*"]` includes
`deletecollection`, and on roles and bindings `escalate` and `bind`; `resources: ["*"]` includes Secrets. Nobody reading
the role can tell what its holder needs.

## Fix

Name the verbs and the resources that are used. The audit log of the API server tells which.

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

## Good: named

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: deployer
rules:
  - apiGroups: [apps]
    resources: [deployments]
    verbs: [get, list, watch, create, update, patch]
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


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole"),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=("CKV_K8S_49", "AVD-KSV-0044", "AVD-KSV-0045", "AVD-KSV-0046", "KSV-0046", "kube-linter:wildcard-in-rules"),
    tags=("checklist:rbac",),
    remedy="Name the verbs and the resources that are used.",
)
def rbac_wildcard(manifest: Manifest) -> Iterator[Violation]:
    """Yield the first wildcard of each rule of a role."""

    def judge(entry: Field) -> Iterator[Violation]:
        for name in ("verbs", "resources"):
            guilty = entry[name].first(lambda one: one.text() == "*")
            if guilty is not None:
                yield manifest.violation(guilty, f"{manifest.address} grants every {name[:-1]}")
                return

    yield from judge_each(manifest.at("rules"), judge)
