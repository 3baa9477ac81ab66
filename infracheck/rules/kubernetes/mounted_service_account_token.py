"""Pods get a token for the Kubernetes API that they have no use for.

Unless somebody says otherwise, Kubernetes puts a token of the service account into every container. None of the
manifests binds a role to this account, so the token serves nobody but an intruder, who reads the API with it as an
authenticated user and whom a role bound in a hurry later makes stronger. IAM roles for service accounts and EKS Pod
Identity don't need it: they mount a token of their own.

Containers that run `kubectl` are taken to need it, if only for what every account may do. Accounts with a role binding
among the manifests are taken to need their token, and accounts that are made elsewhere to have their bindings there. A
pod that asks for its token (`automountServiceAccountToken: true`, for Vault's Kubernetes login, for instance) gets it.

## Fix

Set `automountServiceAccountToken: false` on the ServiceAccount, or on the pods where the account is `default`.

## References

- [Configure Service Accounts for Pods: opt out of API credential automounting](https://kubernetes.io/docs/tasks/configure-pod-container/configure-service-account/#opt-out-of-api-credential-automounting)
- CIS Kubernetes Benchmark v1.9.0, 5.1.6: ensure that service account tokens are only mounted where necessary

## Bad: the account's own line, for both its users

```yaml manifest.yaml
apiVersion: v1
kind: ServiceAccount
metadata: # finding
  name: web
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/web
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
      containers: [{name: web, image: "registry.example/web:1.4.0"}]
```

## Bad: the account says so

```yaml manifest.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
automountServiceAccountToken: true # finding
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  serviceAccountName: web
  containers: [{name: web, image: "registry.example/web:1.4.0"}]
```

## Bad: the account every namespace has

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec: # finding
      containers: [{name: web, image: "registry.example/web:1.4.0"}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: reader
  namespace: other
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: default, namespace: other}]
```

## Good: refused by the pod or the account; the pod goes first

```yaml manifest.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
automountServiceAccountToken: false
---
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

## Good: needed, asked for, or not ours to know

```yaml manifest.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: operator
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: operator
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: operator}
subjects: [{kind: ServiceAccount, name: operator, namespace: default}]
---
apiVersion: v1
kind: Pod
metadata:
  name: operator
spec:
  serviceAccountName: operator
  containers: [{name: operator, image: "registry.example/operator:1.4.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: vault-client
spec:
  automountServiceAccountToken: true
  containers: [{name: client, image: "registry.example/client:1.4.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: keys
spec:
  containers: [{name: keys, image: "registry.example/kubectl:1.31.0", args: [proxy]}]
---
apiVersion: v1
kind: Pod
metadata:
  name: by-terraform
spec:
  serviceAccountName: by-terraform
  containers: [{name: app, image: "registry.example/app:1.4.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.configuration import ServiceAccount
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._service_accounts import is_api_client, is_bound
from infracheck.source.field import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation


@rule(
    Target.WORKLOAD,
    severity=Severity.LOW,
    category=Category.SECURITY,
    confidence=Confidence.MEDIUM,
    priority=Priority.P3,
    aliases=("CKV_K8S_38", "polaris:automountServiceAccountToken"),
    tags=("checklist:rbac",),
    remedy="Set `automountServiceAccountToken: false`.",
)
def mounted_service_account_token(workload: Workload) -> Iterator[Violation]:
    """Yield the account, or for one that is not among the manifests the pod, that should refuse the token."""
    pod = workload.pod
    if not pod.field.exists or pod.field["automountServiceAccountToken"].require().exists:
        return
    name = pod.service_account
    account = workload.objects.named("ServiceAccount", name, workload.namespace).first
    if isinstance(account, ServiceAccount):
        if not account.mounts_token or _needs_token(workload, name):
            return
        message = f"pods of {account.address} get its token, although none of the manifests binds a role to it"
        written = account.at("automountServiceAccountToken")
        at = written if written.exists else account.at("metadata")
        yield account.violation(at, message, related=[(f"used by {workload.address}", pod.field)])
    elif name == "default" and not _needs_token(workload, name):
        message = f"{workload.address} gets a token of account default, to which none of the manifests binds a role"
        yield pod.violation("automountServiceAccountToken", message)


def _needs_token(workload: Workload, account: str) -> bool:
    """Whether a role is bound to the account, or one of the pod's containers is a client of the API by its nature."""
    if is_bound(workload.objects, account, workload.namespace):
        return True
    return find(workload.containers, is_api_client) is not None
