"""Role controls admission webhooks.

A validating webhook sees every object that is written, Secrets included; a mutating one may change it on the way: a
privileged container for everybody. Whoever may write their configurations has both, in the whole cluster. Whoever may
delete them switches off what admits objects by policy, such as Kyverno and Gatekeeper.

It is off by default: many operators maintain their own configuration. Select it where roles of people and pipelines
are reviewed.

## Fix

Let the pipeline of the platform write webhook configurations, and nobody else. A controller that refreshes its own
certificate needs `update` and `patch` on its own name alone: list that in `resourceNames`.

## References

- [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)
- [Dynamic admission control](https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/)

## Bad: all configurations

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: operator
rules:
  - apiGroups: [admissionregistration.k8s.io]
    resources:
      - mutatingwebhookconfigurations # finding
      - validatingwebhookconfigurations
    verbs: [create, list]
  - apiGroups: [admissionregistration.k8s.io]
    resources: [validatingwebhookconfigurations] # finding
    verbs: [patch]
```

## Bad: taking them away

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: cleaner
rules:
  - apiGroups: [admissionregistration.k8s.io]
    resources: [validatingwebhookconfigurations] # finding
    verbs: [delete]
  - apiGroups: [admissionregistration.k8s.io]
    resources: [mutatingwebhookconfigurations] # finding
    verbs: [list, deletecollection]
```

## Good: reading, and its own

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: operator
rules:
  - apiGroups: ["*"]
    resources: [validatingwebhookconfigurations]
    verbs: [get, list, watch]
  - apiGroups: [admissionregistration.k8s.io]
    resources: [validatingwebhookconfigurations]
    resourceNames: [operator]
    verbs: [update, patch]
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

CONFIGURATIONS = ("mutatingwebhookconfigurations", "validatingwebhookconfigurations")


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/ClusterRole",),
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    priority=Priority.P2,
    aliases=("CKV_K8S_155", "AVD-KSV-0114", "KSV-0114"),
    tags=("checklist:rbac",),
    remedy="Leave webhook configurations to the platform, or name one's own in `resourceNames`.",
    default=False,
)
def webhook_configuration_granted(role: Role) -> Iterator[Violation]:
    """Yield the first kind of configuration that each rule lets write."""

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        entry = granted.names(WRITING, CONFIGURATIONS, "admissionregistration.k8s.io")
        if entry is not None and not granted.is_restricted:
            yield role.violation(entry, f"{role.address} may write {entry.text()}, which see, change or refuse objects")

    yield from judge_each(role.rules, judge)
