"""Secret store logs in with a long-lived key.

The operator reads the store with an access key from a Secret of the cluster. Whoever reads that one Secret has all
others, from anywhere, until somebody rotates the key by hand. An identity of the workload needs no key: its
credentials last an hour and are bound to the service account.

## Fix

On EKS, use a service account with an IAM role: `auth.jwt.serviceAccountRef` (IAM roles for service accounts), or no
`auth` at all where the operator has an EKS Pod Identity. On GKE `auth.workloadIdentity`, on Azure `authType:
WorkloadIdentity`.

## References

- [AWS authentication, External Secrets Operator](https://external-secrets.io/latest/provider/aws-access/)
- [IAM roles for service accounts](https://docs.aws.amazon.com/eks/latest/userguide/iam-roles-for-service-accounts.html)

## Bad: AWS, and Google

```yaml manifest.yaml
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata:
  name: parameter-store
spec:
  provider:
    aws:
      service: ParameterStore
      region: eu-west-1
      auth:
        secretRef: # finding
          accessKeyIDSecretRef: {name: aws, key: id, namespace: tools}
          secretAccessKeySecretRef: {name: aws, key: secret, namespace: tools}
---
apiVersion: external-secrets.io/v1beta1
kind: SecretStore
metadata:
  name: google
spec:
  provider:
    gcpsm:
      projectID: shop
      auth:
        secretRef: # finding
          secretAccessKeySecretRef: {name: google, key: key.json}
```

## Good: identities

```yaml manifest.yaml
apiVersion: external-secrets.io/v1
kind: ClusterSecretStore
metadata:
  name: parameter-store
spec:
  provider:
    aws:
      service: ParameterStore
      region: eu-west-1
      auth:
        jwt:
          serviceAccountRef: {name: external-secrets, namespace: tools}
---
apiVersion: external-secrets.io/v1
kind: SecretStore
metadata:
  name: vault
spec:
  provider:
    vault:
      server: https://vault.example
      auth:
        kubernetes: {mountPath: kubernetes, role: shop}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Profile, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.external_secrets import SecretStore
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("external-secrets.io/SecretStore", "external-secrets.io/ClusterSecretStore"),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    profiles={Profile.DEVELOPMENT: Severity.LOW},
    tags=("checklist:secrets", "checklist:iam"),
    remedy="Log in as a service account that has a role.",
)
def secret_store_static_credentials(store: SecretStore) -> Iterator[Violation]:
    """Yield the reference to the Secret that holds the key."""
    reference = store.static_credentials
    if reference is not None:
        yield store.violation(reference, f"{store.address} logs in with a long-lived key instead of an identity")
