"""Pods need a key that a ConfigMap or Secret does not have.

A container whose environment names a key that is not there waits in `CreateContainerConfigError`, and a volume that
lists such a key below `items` is never mounted: the release hangs. The rule knows the keys of ConfigMaps, Secrets and
SealedSecrets, and of ExternalSecrets that list them one by one; an object without any key is taken to be filled at run
time.

## Fix

Add the key to the object, or correct it where it is used. What pods can do without is marked `optional: true`.

## References

- [Configure a Pod to Use a ConfigMap](https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/)
- [Secrets: optional Secrets](https://kubernetes.io/docs/concepts/configuration/secret/#restriction-secret-must-exist)
- [External Secrets Operator: ExternalSecret](https://external-secrets.io/latest/api/externalsecret/)

## Bad: keys that are spelt otherwise

```yaml manifest.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  LOG_LEVEL: info
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: web-secrets
spec:
  secretStoreRef: {kind: ClusterSecretStore, name: store}
  data:
    - secretKey: password
      remoteRef: {key: /violet/production/password}
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      env:
        - name: LEVEL
          valueFrom:
            configMapKeyRef:
              name: web
              key: LEVEL # finding
        - name: PASSWORD
          valueFrom:
            secretKeyRef: {name: web-secrets, key: PASSWORD} # finding
  volumes:
    - name: settings
      configMap:
        name: web
        items:
          - key: settings.json # finding
            path: settings.json
```

## Bad: an overlay's generator replaces the settings

```yaml base/deployment.yaml
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
      containers:
        - name: app
          image: web:1.0
          env:
            - name: MODE
              valueFrom:
                configMapKeyRef: {name: web, key: MODE} # finding
```

```yaml base/kustomization.yaml
resources: [deployment.yaml]
configMapGenerator:
  - name: web
    literals: [MODE=fast]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
configMapGenerator:
  - name: web
    behavior: replace
    literals: [LEVEL=info]
```

## Good: there, optional, filled at run time, or not known one by one

```yaml manifest.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data: {LEVEL: info}
binaryData: {logo.png: aGk=}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: trust
  labels: {config.openshift.io/inject-trusted-cabundle: "true"}
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: internal
  annotations: {service.beta.openshift.io/inject-cabundle: "true"}
data: {about: the certificate goes here}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: all
spec:
  dataFrom:
    - extract: {key: /violet/production/all}
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: shaped
spec:
  target:
    template:
      data: {url: "mysql://{{ .password }}"}
  data:
    - secretKey: password
      remoteRef: {key: /violet/production/password}
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      env:
        - {name: A, valueFrom: {configMapKeyRef: {name: web, key: LEVEL}}}
        - {name: B, valueFrom: {configMapKeyRef: {name: web, key: LATER, optional: true}}}
        - {name: C, valueFrom: {configMapKeyRef: {name: trust, key: ca.crt}}}
        - {name: D, valueFrom: {secretKeyRef: {name: all, key: any}}}
        - {name: F, valueFrom: {configMapKeyRef: {name: internal, key: service-ca.crt}}}
        - {name: E, valueFrom: {secretKeyRef: {name: shaped, key: url}}}
  volumes:
    - name: logo
      configMap: {name: web, items: [{key: logo.png, path: logo.png}]}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.configuration import Configuration
from infracheck.kubernetes.place import entries
from infracheck.kubernetes.references import Reference, references_of
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation
    from infracheck.source.field import Field

SOURCES = (("ConfigMap", "configMap"), ("Secret", "secret"))
FILLED_BY = (
    "service.beta.openshift.io/inject-cabundle",
    "service.alpha.openshift.io/inject-cabundle",
    "config.openshift.io/inject-trusted-cabundle",
)
"""Annotations and labels by which OpenShift puts certificates into a ConfigMap (OpenShift, "Certificates")."""
PARTS = ("data", "binaryData", "stringData")


@rule(
    Target.WORKLOAD,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    aliases=("kube-linter:env-value-from",),
    remedy="Add the key to the object, or correct it.",
)
def missing_config_key(workload: Workload) -> Iterator[Violation]:
    """Yield each key that none of the objects of that name has."""

    def judge(one: Reference) -> Iterator[Violation]:
        key = one.key.text() if one.key is not None else None
        if one.key is None or not key or not one.name or one.is_optional or one.is_builtin:
            return
        makers = workload.objects.providers_of(one)
        if not makers or any(_may_have(maker, key) for maker in makers):
            return
        yield workload.violation(
            one.key,
            f"{workload.address} needs key {key} of {one.kind} {one.name}, which has no such key",
            related=[(f"the {one.kind}", makers.certain[0].origin)],
        )

    yield from judge_each(_keyed(workload), judge)


def _keyed(workload: Workload) -> Iterator[Reference]:
    """Every place where a key is named: in the environment, and below the `items` of a volume."""
    yield from (one for one in references_of(workload) if one.key is not None)
    for volume in entries(workload.pod.field["volumes"]):
        for kind, part in SOURCES:
            name = volume[part]["secretName" if kind == "Secret" else "name"]
            yield from _items(workload, kind, volume[part], name)
        for source in entries(volume.at("projected.sources")):
            for kind, part in SOURCES:
                yield from _items(workload, kind, source[part], source[part]["name"])


def _items(workload: Workload, kind: str, source: Field, name: Field) -> Iterator[Reference]:
    for item in entries(source["items"]) if source.exists and not source.is_unknown else ():
        yield Reference(kind, name, workload, "volume", key=item["key"], optional=source["optional"])


def _may_have(maker: Manifest, key: str) -> bool:
    """Whether an object has a key, or can't be said to lack it.

    Raises:
        NotJudged: that depends on an unknown value.
    """
    if isinstance(maker, Configuration):
        if any(maker.annotation(name).exists or maker.label(name).exists for name in FILLED_BY):
            return True
        return maker.has_key(key) or not any(len(maker.field[part]) for part in PARTS)
    if maker.is_kind("bitnami.com/SealedSecret"):
        sealed, plain = maker.field.at("spec.encryptedData"), maker.field.at("spec.template.data")
        return sealed.require()[key].exists or plain.require()[key].exists
    if maker.is_kind("external-secrets.io/ExternalSecret"):
        return _may_read(maker.field["spec"], key)
    return True


def _may_read(spec: Field, key: str) -> bool:
    """Whether an ExternalSecret makes a key: one of its template, if it has one, else one that it reads."""
    template = spec.at("target.template").require()
    if len(spec["dataFrom"]) or template["templateFrom"].exists or template["mergePolicy"].text() == "Merge":
        return True
    if template["data"].exists:
        return template["data"].require()[key].exists
    return any(entry["secretKey"].text() == key for entry in spec["data"])
