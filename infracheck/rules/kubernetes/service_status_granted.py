"""Role may take over the traffic of a Service.

Whoever may write `services/status` sets the address of the load balancer in it to any address, and the nodes then send
the traffic of pods for that address to the Service's own pods (CVE-2020-8554). There is no fix for it in Kubernetes:
only who may do it can be limited.

It is off by default: load balancer controllers need it.

## Fix

Leave the subresource to the load balancer controller.

## References

- [CVE-2020-8554](https://github.com/kubernetes/kubernetes/issues/97076)
- [Using RBAC Authorization](https://kubernetes.io/docs/reference/access-authn-authz/rbac/)

## Bad: patch

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: deployer
rules:
  - apiGroups: [""]
    resources:
      - services
      - services/status # finding
    verbs: [get, patch]
```

## Good: the Service itself

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: deployer
rules:
  - apiGroups: [""]
    resources: [services]
    verbs: [get, patch]
  - apiGroups: [""]
    resources: [services/status]
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
    aliases=("CKV2_K8S_4",),
    tags=("checklist:rbac",),
    remedy="Leave `services/status` to the load balancer controller.",
    default=False,
)
def service_status_granted(role: Role) -> Iterator[Violation]:
    """Yield the subresource in each rule that lets write it."""

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        entry = granted.names(("update", "patch"), ("services/status",))
        if entry is not None:
            yield role.violation(entry, f"{role.address} may set the address of load balancers to that of others")

    yield from judge_each(role.rules, judge)
