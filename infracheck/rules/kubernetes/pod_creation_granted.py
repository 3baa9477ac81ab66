"""Role creates pods.

Whoever may create pods, or what makes pods, may run them as any service account of the namespace, mount any of its
Secrets and, unless admission forbids it, take the node.

It is off by default: deploying is just that. Select it to review who may.

## Fix

Keep such roles to pipelines and controllers, one namespace each, and enforce a Pod Security Standard there.

## References

- [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)
- CIS Kubernetes Benchmark v1.9.0, 5.1.4: minimize access to create pods

## Bad: pods, and what makes them

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: developer
rules:
  - apiGroups: [""]
    resources: [pods] # finding
    verbs: [get, create]
  - apiGroups: [apps]
    resources: [deployments] # finding
    verbs: [patch]
  - apiGroups: [batch]
    resources: [cronjobs] # finding
    verbs: ["*"]
```

## Good: reading and deleting

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: developer
rules:
  - apiGroups: ["", apps, batch]
    resources: [pods, deployments, jobs]
    verbs: [get, list, watch, delete]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._workload_resources import MAKERS
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
    aliases=("AVD-KSV-0048", "KSV-0048", "kube-linter:access-to-create-pods"),
    tags=("checklist:rbac",),
    remedy="Keep the right to create pods to pipelines and controllers.",
    default=False,
)
def pod_creation_granted(role: Role) -> Iterator[Violation]:
    """Yield the first resource of each rule that makes pods."""

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        found = (granted.names(("create", "update", "patch"), kinds, group) for group, kinds in MAKERS.items())
        entry = next((one for one in found if one is not None), None)
        if entry is not None:
            yield role.violation(entry, f"{role.address} may make pods: {entry.text()}")

    yield from judge_each(role.rules, judge)
