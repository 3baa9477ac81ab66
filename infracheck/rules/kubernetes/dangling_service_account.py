"""Workload uses a service account that nothing creates.

Pods that name a service account which does not exist are not created at all: the ReplicaSet reports `serviceaccount
"name" not found`, and the release hangs with no new pod. The usual cause is a renamed account, or one in another
namespace. Where the manifests hold no ServiceAccount of that name or namespace at all, it is taken to be made
elsewhere, for instance with `eksctl` or Terraform. Where a chart is installed into the namespace, or a custom object
bears that name, that is not judged.

## Fix

Add the ServiceAccount to the manifests, in the workload's namespace, or correct `serviceAccountName`.

## References

- [Configure Service Accounts for Pods](https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/)
- [IAM roles for service accounts](https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html)

## Bad: the account stands in another namespace

```yaml manifest.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
  namespace: shop
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: front
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      serviceAccountName: web # finding
      containers: [{name: app, image: "web:1.0"}]
```

## Good: it is there, or every namespace has it

```yaml manifest.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      serviceAccountName: web
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: shell
spec:
  serviceAccountName: default
  containers: [{name: app, image: "shell:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.operators import require_absence
from infracheck.kubernetes.references import references_of
from infracheck.rule import Target, rule
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.references import Reference
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation


@rule(
    Target.WORKLOAD,
    severity=Severity.MEDIUM,
    category=Category.CORRECTNESS,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    aliases=("kube-linter:non-existent-service-account",),
    remedy="Add the ServiceAccount, or correct `serviceAccountName`.",
)
def dangling_service_account(workload: Workload) -> Iterator[Violation]:
    """Yield the name of the account if nothing bears it."""

    def judge(account: Reference) -> Iterator[Violation]:
        if not account.name or account.is_builtin or workload.objects.providers_of(account):
            return
        if _is_ours(account):
            require_absence(account)
            yield workload.violation(
                account.field,
                f"{workload.address} runs as ServiceAccount {account.name}, which no manifest makes in namespace "
                f"{workload.namespace}",
            )

    yield from judge_each((one for one in references_of(workload) if one.kind == "ServiceAccount"), judge)


def _is_ours(account: Reference) -> bool:
    """Whether the manifests hold accounts of that namespace, or one of that name in another."""
    accounts = account.by.objects.of_kind("ServiceAccount")
    return find(accounts, lambda one: one.namespace == account.namespace or one.name == account.name) is not None
