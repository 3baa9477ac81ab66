"""Object does not fit the schema of its kind.

The API server refuses an object with a string where it wants a number or without a field it needs, and `kubectl apply`
refuses one with a field that does not exist. Where validation is off, and in older clusters, the misspelt field is
dropped without a word instead: the probe or the security setting is in git, and in no cluster. The rule knows the kinds
of Kubernetes 1.25 to 1.37 and judges by `cluster-version` of the environment; where that is not set, a field of any of
these releases will do. Custom resources are judged by the CustomResourceDefinitions among the manifests: their fields,
types, required fields and enumerations, not their patterns, bounds and CEL rules. Of kinds with no schema here only
labels and annotations are judged, which are strings in every object; `status`, which the server ignores in what users
send, is out of scope.

## Fix

Correct the name, the type or the value, or move the field to where it belongs. Values of `env`, labels, annotations and
ConfigMaps are strings: `"true"` and `"8080"` need their quotes.

## References

- [Kubernetes API Reference](https://kubernetes.io/docs/reference/kubernetes-api/)
- [Server-side field validation](https://kubernetes.io/docs/reference/using-api/api-concepts/#field-validation)
- [Custom resources: structural schemas and pruning](https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema)

## Bad: misspelt, in the wrong place, of the wrong type, missing

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  labels:
    critical: true # finding
spec:
  replicas: "3" # finding
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: app
          image: web:1.0
          imagePullPolcy: Always # finding
          allowPrivilegeEscalation: false # finding
          env:
            - name: DEBUG
              value: true # finding
          ports:
            - name: http # finding
          resources:
            limits:
              memory: 512mb # finding
          livenessProbe:
            httpGet: {path: /, port: 8080, scheme: https} # finding
```

## Bad: an overlay's patch

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
```

```yaml base/kustomization.yaml
resources: [deployment.yaml]
```

```yaml overlays/production/patch.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  minReadySecond: 10 # finding
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - path: patch.yaml
```

## Bad: a field that the cluster does not know yet

```toml infracheck.toml
[environments.production]
cluster-version = "1.27"
```

```yaml overlays/production/manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  initContainers:
    - name: proxy
      image: proxy:1.0
      restartPolicy: Always # finding
  containers: [{name: app, image: "web:1.0"}]
```

## Bad: a Secret that is not encoded

```yaml manifest.yaml
apiVersion: v1
kind: Secret
metadata:
  name: web
data:
  user: not base64 # finding
```

## Bad: a custom resource

```yaml manifest.yaml
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: queues.example.com
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Queue, plural: queues}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              required: [size]
              properties:
                size: {type: integer}
                mode: {type: string, enum: [fifo, lifo]}
                options: {type: object, x-kubernetes-preserve-unknown-fields: true}
                port: {x-kubernetes-int-or-string: true}
---
apiVersion: example.com/v1
kind: Queue
metadata:
  name: orders
spec: # finding
  sise: 3 # finding
  mode: random # finding
  options: {anything: [goes]}
  port: http
```

## Bad: labels of a kind that is not known here

```yaml manifest.yaml
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: web
  labels:
    release: 2024 # finding
spec: {anything: goes}
```

## Good: what the API server takes

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  creationTimestamp: null
  annotations: {example.com/anything: "true"}
spec:
  replicas: 3
  strategy: {rollingUpdate: {maxSurge: 25%, maxUnavailable: 0}}
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      nodeSelector: null
      initContainers:
        - name: proxy
          image: proxy:1.0
          restartPolicy: Always
      containers:
        - name: app
          image: web:1.0
          resources:
            limits: {cpu: 1, memory: 512Mi, example.com/gpu: "1"}
          readinessProbe:
            httpGet: {path: /, port: http}
          ports: [{name: http, containerPort: 8080}]
status: {anything: goes}
---
apiVersion: example.com/v1
kind: Unheard
metadata:
  name: of
  labels: {a: b}
anything: goes
```

## Bad: nothing completed it

```yaml overlays/production/web.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec: {} # finding
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.custom_schema import ANY_OBJECT
from infracheck.kubernetes.release import cluster_release
from infracheck.kubernetes.schema import ALWAYS, builtin_schemas
from infracheck.kubernetes.schema_faults import findings, shown
from infracheck.rule import Target, rule
from infracheck.source.field import Field, NotJudged
from infracheck.source.values import Mapping, Unknown

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.schema import ObjectShape
    from infracheck.kubernetes.schema_faults import Fault
    from infracheck.rule import Violation
    from infracheck.source.values import Value

OWN_RULE = ("spec", "selector")
"""What `kubernetes/selector-mismatch` reports where it is missing."""


@rule(
    Target.MANIFEST,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    aliases=("kube-linter:schema-validation",),
    remedy="Correct the name, the type or the value of the field.",
)
def schema_violation(manifest: Manifest) -> Iterator[Violation]:
    """Yield each field that does not exist, is of the wrong type, must be another value, or is missing."""
    shape, releases = _schema(manifest)
    root = manifest.field.value
    if not isinstance(root, Mapping):
        return
    if "mac" in _keys(root.get("sops")):
        raise NotJudged(Unknown("the file is encrypted with SOPS, and another is applied", manifest.origin))
    found = findings(root, shape, releases)
    for fault in found.faults:
        if fault.is_missing and _is_part(manifest, fault):
            raise NotJudged(
                Unknown("nothing is specified yet: a part that others complete", manifest.at("spec").origin)
            )
        if not (fault.is_missing and fault.path == OWN_RULE):
            yield _violation(manifest, fault)
    for path, unknown in found.unknown:
        raise NotJudged(unknown, shown(path))


def _is_part(manifest: Manifest, fault: Fault) -> bool:
    """Whether what is missing would stand in an empty `spec`, in a stack that belongs to no environment."""
    spec = manifest.at("spec")
    return (
        not manifest.context.environment
        and fault.path[:-1] == ("spec",)
        and isinstance(spec.value, Mapping)
        and not len(spec)
    )


def _keys(value: Value | None) -> Container[str]:
    return value.fields if isinstance(value, Mapping) else ()


def _schema(manifest: Manifest) -> tuple[ObjectShape, int]:
    """The shape of a manifest's kind, and the releases to judge it by: those that serve it, if ours does not."""
    schemas = builtin_schemas()
    served = schemas.kind(manifest.api_version, manifest.kind)
    if served is None:
        return manifest.objects.custom_schemas.get((manifest.api_version, manifest.kind), ANY_OBJECT), ALWAYS
    ours = schemas.mask(cluster_release(manifest.context)) & served.releases
    return served.shape, ours or served.releases


def _violation(manifest: Manifest, fault: Fault) -> Violation:
    field = _field(manifest.field, fault)
    message = f"{manifest.address}: {shown(fault.path)} {fault.problem}"
    return manifest.violation(field, message, on_key=True) if fault.on_key else manifest.violation(field, message)


def _field(root: Field, fault: Fault) -> Field:
    field = root
    for step in fault.path:
        field = field[step]
    return field
