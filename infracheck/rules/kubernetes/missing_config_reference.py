"""Pods need a ConfigMap or Secret that nothing creates.

A container that takes its environment from an object which is not there waits in `CreateContainerConfigError`, and a
pod that mounts one waits in `ContainerCreating`: the release hangs. The usual cause is a renamed object, or one in
another namespace. Secrets may come from an ExternalSecret, a SealedSecret, a Certificate or a SecretProviderClass; as
they are also made by hand or by Terraform, a missing Secret is reported, with low severity, only in namespaces for
which the manifests make other Secrets.

## Fix

Add the object to the manifests, or correct its name. What pods can do without is marked `optional: true`.

## References

- [ConfigMaps](https://kubernetes.io/docs/concepts/configuration/configmap/)
- [Secrets](https://kubernetes.io/docs/concepts/configuration/secret/)
- [External Secrets Operator: ExternalSecret](https://external-secrets.io/latest/api/externalsecret/)

## Bad: another name

```yaml manifest.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web-config
data: {MODE: fast}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: web
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: store}
  target: {name: web-secrets}
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      envFrom:
        - configMapRef:
            name: web-configuration # finding
      env:
        - name: PASSWORD
          valueFrom:
            secretKeyRef:
              name: web # finding
              key: password
```

## Good: all is there, or may be missing

```yaml manifest.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web-config
data: {MODE: fast}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: web
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: store}
  target: {name: web-secrets}
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      envFrom:
        - configMapRef: {name: web-config}
        - configMapRef: {name: web-overrides, optional: true}
      env:
        - name: PASSWORD
          valueFrom:
            secretKeyRef: {name: web-secrets, key: password}
  volumes:
    - name: trust
      configMap: {name: kube-root-ca.crt}
```

## Good: Secrets made elsewhere

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      envFrom:
        - secretRef: {name: by-terraform}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.references import provided_by, references_of
from infracheck.rule import Target, rule
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.references import Reference
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

NEEDED = ("env", "envFrom", "volume")
"""Where a missing object keeps a container from starting; image pull secrets do not."""


@rule(
    Target.WORKLOAD,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    aliases=("kube-linter:env-value-from",),
    remedy="Add the object, or correct its name.",
)
def missing_config_reference(workload: Workload) -> Iterator[Violation]:
    """Yield each name of a ConfigMap or Secret that nothing bears."""

    def judge(one: Reference) -> Iterator[Violation]:
        if not one.name or one.is_optional or one.is_builtin or workload.objects.providers_of(one):
            return
        if one.kind == "Secret" and not _makes_secrets(workload):
            return
        yield workload.violation(
            one.field,
            f"{workload.address} needs {one.kind} {one.name}, which nothing creates in namespace {one.namespace}",
            severity=Severity.LOW if one.kind == "Secret" else None,
        )

    wanted = (one for one in references_of(workload) if one.kind in ("ConfigMap", "Secret") and one.how in NEEDED)
    yield from judge_each(wanted, judge)


def _makes_secrets(workload: Workload) -> bool:
    made = (one for manifest in workload.objects.manifests for one in provided_by(manifest) if one.kind == "Secret")
    return find(made, lambda one: one.namespace == workload.namespace) is not None
