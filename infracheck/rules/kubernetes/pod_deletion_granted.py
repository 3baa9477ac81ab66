"""Role deletes pods or what makes them.

Whoever may delete Deployments, StatefulSets or pods takes services down, with `deletecollection` all of a namespace in
one call. It gives no access to anything; who may make pods, and thereby use accounts and Secrets, is reported by
`kubernetes/pod-creation-granted`.

It is off by default: whoever looks after services deletes pods. Select it where roles of people and pipelines are
reviewed.

## Fix

Let pipelines delete what they deployed, and people restart it: `patch` on the workload is enough for
`kubectl rollout restart`.

## References

- [Using RBAC Authorization](https://kubernetes.io/docs/reference/access-authn-authz/rbac/)
- [kubectl rollout restart](https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/kubectl_rollout_restart/)

## Bad: pods, and all of a namespace

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: developer
  namespace: shop
rules:
  - apiGroups: [""]
    resources: [pods] # finding
    verbs: [get, delete]
  - apiGroups: [apps, batch]
    resources: [deployments, jobs] # finding
    verbs: [deletecollection]
```

## Good: reading and restarting

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: developer
  namespace: shop
rules:
  - apiGroups: ["", apps, batch]
    resources: [pods, deployments, jobs]
    verbs: [get, list, watch]
  - apiGroups: [apps]
    resources: [deployments]
    verbs: [patch]
  - apiGroups: [""]
    resources: [configmaps]
    verbs: [delete]
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
    aliases=("AVD-KSV-0048", "KSV-0048"),
    tags=("checklist:rbac",),
    remedy="Leave deleting to pipelines and controllers.",
    default=False,
)
def pod_deletion_granted(role: Role) -> Iterator[Violation]:
    """Yield the first resource of each rule that is a workload and may be deleted."""

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        found = (granted.names(("delete", "deletecollection"), kinds, group) for group, kinds in MAKERS.items())
        entry = next((one for one in found if one is not None), None)
        if entry is not None:
            yield role.violation(entry, f"{role.address} may take services down: it deletes {entry.text()}")

    yield from judge_each(role.rules, judge)
