"""Pods run as the account that every pod of the namespace has.

Pods that name no service account share `default`: a role that one of them needs is given to all, the audit log can't
tell them apart, and an IAM role can't be given to one alone.

## Fix

Make a ServiceAccount for the workload and name it in `serviceAccountName`. Pods that never call the API set
`automountServiceAccountToken: false` instead, and are left out here.

## References

- [Configure Service Accounts for Pods](https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/)
- CIS Kubernetes Benchmark v1.9.0, 5.1.5: ensure that default service accounts are not actively used

## Bad: unnamed, and by name

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec: # finding
  containers: [{name: web, image: "registry.example/web:1.4.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: worker
spec:
  serviceAccountName: default # finding
  containers: [{name: worker, image: "registry.example/worker:1.4.0"}]
```

## Good: its own, or none at all

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  serviceAccountName: web
  containers: [{name: web, image: "registry.example/web:1.4.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: worker
spec:
  automountServiceAccountToken: false
  containers: [{name: worker, image: "registry.example/worker:1.4.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation


@rule(
    Target.POD_SPEC,
    severity=Severity.LOW,
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=("kube-linter:default-service-account",),
    tags=("checklist:rbac",),
    remedy="Make a ServiceAccount for the workload and name it.",
    default=False,
)
def default_service_account_used(pod: PodSpec) -> Iterator[Violation]:
    """Yield pods that share the namespace's account and get its token."""
    if pod.field.exists and pod.service_account == "default":
        mounts = pod.field["automountServiceAccountToken"].boolean(default=True)
        if mounts is not False:
            yield pod.violation(
                "serviceAccountName", f"{pod.address} runs as the account every pod of its namespace has"
            )
