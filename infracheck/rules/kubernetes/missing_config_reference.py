"""Pods need a ConfigMap or Secret that nothing creates.

A container that takes its environment from an object which is not there waits in `CreateContainerConfigError`, and a
pod that mounts one waits in `ContainerCreating`: the release hangs. The usual cause is a renamed object, or one in
another namespace. Secrets may come from an ExternalSecret, a SealedSecret, a Certificate, a SecretProviderClass or an
annotation of OpenShift; as they are also made by hand or by Terraform, a missing Secret is reported, with low severity,
only in namespaces for which the manifests make other Secrets.

What a chart, an operator or a job may make is not judged: a custom object bears the name, a HelmRelease is for that
namespace, or, for a Secret, a custom object speaks of it or a role allows to make Secrets.

Manifests that belong to no environment may be a part that is put to use elsewhere, beside what they need. There, an
object is missed only if they make others of its kind for that namespace, and where they name no namespace, only if one
of those bears a name much like it.

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

## Good: a base that is put to use elsewhere, and a namespace that another part fills

```yaml manifest.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: scripts
data: {start.sh: exec web}
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
        - configMapRef: {name: settings}
---
apiVersion: v1
kind: Pod
metadata:
  name: api
  namespace: shop
spec:
  containers:
    - name: app
      image: api:1.0
      envFrom:
        - configMapRef: {name: api-settings}
```

## Bad: missing from an environment, once for each object

```yaml overlays/production/kustomization.yaml
resources:
  - web.yaml
```

```yaml overlays/production/web.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      env:
        - name: MODE
          valueFrom:
            configMapKeyRef: {name: settings, key: mode} # finding
        - name: LEVEL
          valueFrom:
            configMapKeyRef: {name: settings, key: level}
```

## Good: made at run time, by OpenShift and for a claim

```yaml manifest.yaml
apiVersion: v1
kind: Secret
metadata:
  name: other
  namespace: shop
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations:
    service.beta.openshift.io/serving-cert-secret-name: web-tls
spec:
  ports: [{port: 443}]
---
apiVersion: objectbucket.io/v1alpha1
kind: ObjectBucketClaim
metadata:
  name: bucket
  namespace: shop
---
apiVersion: v1
kind: Pod
metadata:
  name: web
  namespace: shop
spec:
  containers:
    - name: app
      image: web:1.0
      envFrom:
        - secretRef: {name: bucket}
        - configMapRef: {name: bucket}
  volumes:
    - name: tls
      secret: {secretName: web-tls}
    - name: trust
      configMap: {name: openshift-service-ca.crt}
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
from infracheck.kubernetes.operators import require_absence
from infracheck.kubernetes.references import provided_by, references_of
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._alike import is_alike
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.references import Provided, Reference
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
    """Yield each name of a ConfigMap or Secret that nothing bears, where it is named first."""
    missing: set[tuple[str, str]] = set()

    def judge(one: Reference) -> Iterator[Violation]:
        if not one.name or one.is_optional or one.is_builtin or workload.objects.providers_of(one):
            return
        if (one.kind, one.name) in missing or not _is_expected(one):
            return
        require_absence(one)
        missing.add((one.kind, one.name))
        yield workload.violation(
            one.field,
            f"{workload.address} needs {one.kind} {one.name}, which no manifest makes in namespace {one.namespace}",
            severity=Severity.LOW if one.kind == "Secret" else None,
        )

    wanted = (one for one in references_of(workload) if one.kind in ("ConfigMap", "Secret") and one.how in NEEDED)
    yield from judge_each(wanted, judge)


def _is_expected(one: Reference) -> bool:
    """Whether the object should be among the manifests, rather than be made elsewhere."""
    is_placed = bool(one.by.context.environment) or one.by.at("metadata.namespace").exists
    if one.kind == "ConfigMap" and one.by.context.environment:
        return True
    made = (made for manifest in one.by.objects.manifests for made in provided_by(manifest) if made.kind == one.kind)

    def speaks_for_it(other: Provided) -> bool:
        return other.namespace == one.namespace and (is_placed or _is_like(other.name, one.name))

    return find(made, speaks_for_it) is not None


def _is_like(name: str, wanted: str) -> bool:
    """Whether two names differ by a slip, or one goes on where the other ends: `web-config`, `web-configuration`."""
    shorter, longer = sorted((name, wanted), key=len)
    goes_on = longer.startswith(shorter) and (
        longer[len(shorter) :].startswith("-") or longer.count("-") == shorter.count("-")
    )
    return goes_on or is_alike(name, wanted)
