"""Role approves client certificates for anybody.

A certificate signing request may ask for any user name and any group but `system:masters`. Whoever may approve
requests for the signer `kubernetes.io/kube-apiserver-client` can have a certificate made that makes them a cluster's
operator or one of its components, and that stays valid until it expires: Kubernetes revokes none.

Two permissions make an approver: `approve` on the signer, and `update` or `patch` on the approval of requests. A role
with one of them approves nothing.

## Fix

Name the signer in `resourceNames`, and none below `kubernetes.io/` unless it is the purpose of the controller.

## References

- [Role Based Access Control Good Practices](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)
- [Certificate signing requests: authorization](https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/#authorization)

## Bad: every signer, and the one for clients

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: approver
rules:
  - apiGroups: [certificates.k8s.io]
    resources: [certificatesigningrequests/approval]
    verbs: [update]
  - apiGroups: [certificates.k8s.io]
    resources: [signers]
    verbs: [approve] # finding
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: client-approver
rules:
  - apiGroups: [certificates.k8s.io]
    resources: ["*/approval"]
    verbs: [patch]
  - apiGroups: [certificates.k8s.io]
    resources: [signers]
    resourceNames: [kubernetes.io/kube-apiserver-client]
    verbs: [approve, sign] # finding
```

## Good: one's own signer, another API's, and half of it

```yaml roles.yaml
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: approver
rules:
  - apiGroups: [certificates.k8s.io]
    resources: [certificatesigningrequests/approval]
    verbs: [update]
  - apiGroups: [certificates.k8s.io]
    resources: [signers]
    resourceNames: [mesh.example/workloads]
    verbs: [approve]
  - apiGroups: [cert-manager.io]
    resources: [signers]
    verbs: [approve]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: reader
rules:
  - apiGroups: ["*"]
    resources: ["*"]
    verbs: [get, approve]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.matches import some
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.rbac import PolicyRule, Role
    from infracheck.rule import Violation

KUBELET_SIGNER = "kubernetes.io/kube-apiserver-client-kubelet"
APPROVAL = ("certificatesigningrequests/approval", "certificates.k8s.io")
"""What an approval is written to, and its group."""
CLIENT_SIGNERS = frozenset({"kubernetes.io/kube-apiserver-client", KUBELET_SIGNER, "kubernetes.io/*"})
"""Signers whose certificates the API server takes as proof of who one is."""


@rule(
    Target.MANIFEST,
    kinds=("rbac.authorization.k8s.io/ClusterRole",),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=("CKV_K8S_156",),
    tags=("checklist:rbac",),
    remedy="Name in `resourceNames` the one signer that is needed.",
)
def certificate_approval_granted(role: Role) -> Iterator[Violation]:
    """Yield the verb `approve` by which a role that writes approvals approves client certificates."""

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        entry = granted.verb("approve", ("signers",), "certificates.k8s.io")
        if entry is None or (granted.is_restricted and not CLIENT_SIGNERS & set(granted.resource_names)):
            return
        if some((lambda: role.grants("update", *APPROVAL), lambda: role.grants("patch", *APPROVAL))):
            names = granted.resource_names
            whom = "node" if names and CLIENT_SIGNERS.intersection(names) == {KUBELET_SIGNER} else "user"
            yield role.violation(entry, f"{role.address} can have a client certificate made for any {whom}")

    yield from judge_each(role.rules, judge)
