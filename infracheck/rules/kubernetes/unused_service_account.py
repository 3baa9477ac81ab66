"""Nothing runs as the service account.

It is left over from a workload that was removed or that now runs as another account. If roles are bound to it, or an
IAM role is tied to it, they can still be used by whoever may create pods in its namespace. Reported is an account that
no workload runs as and no argument, annotation or custom resource names; as other repositories may use it, the rule
does not run unless it is selected.

## Fix

Delete the account and its bindings, or let the workload run as it.

## References

- [Service Accounts](https://kubernetes.io/docs/concepts/security/service-accounts/)
- [RBAC good practices: periodic review](https://kubernetes.io/docs/concepts/security/rbac-good-practices/)

## Bad: bound, and nobody's

```yaml manifest.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: deployer # finding
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: deployer
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects: [{kind: ServiceAccount, name: deployer, namespace: default}]
```

## Good: somebody runs as it

```yaml manifest.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: default
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: pipeline
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  serviceAccountName: web
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: tekton.dev/v1
kind: PipelineRun
metadata:
  name: build
spec:
  taskRunTemplate: {serviceAccountName: pipeline}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.mentions import mentions
from infracheck.rule import Target, rule
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.objects import Objects
    from infracheck.rule import Violation


@rule(
    Target.OBJECTS,
    severity=Severity.LOW,
    category=Category.SECURITY,
    confidence=Confidence.LOW,
    priority=Priority.P3,
    tags=("checklist:rbac",),
    remedy="Delete the account and its bindings.",
    default=False,
)
def unused_service_account(objects: Objects) -> Iterator[Violation]:
    """Yield the name of each account that no pod runs as."""
    words = mentions(objects)

    def judge(account: Manifest) -> Iterator[Violation]:
        name, namespace = account.name, account.namespace
        if not name or name == "default" or name in words:
            return
        runs = find(objects.workloads, lambda one: one.namespace == namespace and one.pod.service_account == name)
        if runs is None:
            yield account.violation("metadata.name", f"nothing runs as {account.address}")

    yield from judge_each(objects.of_kind("ServiceAccount"), judge)
