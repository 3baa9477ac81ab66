"""Nothing uses the ConfigMap or Secret.

It is left over from something that was removed, or used by a name that is misspelt. A Secret that nobody needs is one
more that can leak. Reported is what no object of the environment names: no pod, no Ingress, no service account, no
argument, setting, annotation or custom resource. As sidecars find theirs by label and people theirs by hand, the rule
does not run unless it is selected.

## Fix

Delete it, or correct the name where it should be used.

## References

- [ConfigMaps](https://kubernetes.io/docs/concepts/configuration/configmap/)
- [Good practices for Kubernetes Secrets](https://kubernetes.io/docs/concepts/security/secrets-good-practices/)

## Bad: left over

```yaml manifest.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web-old # finding
data: {MODE: fast}
---
apiVersion: v1
kind: Secret
metadata:
  name: web-old # finding
type: Opaque
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      envFrom: [{configMapRef: {name: web}}]
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data: {MODE: fast}
```

## Bad: an overlay no longer mounts it

```yaml base/pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      envFrom: [{configMapRef: {name: web}}]
```

```yaml base/config.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: web # finding
data: {MODE: fast}
```

```yaml base/kustomization.yaml
resources: [pod.yaml, config.yaml]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: Pod}
    patch: |
      - {op: remove, path: /spec/containers/0/envFrom}
```

## Good: named by an argument, a custom resource, a service account; found by a sidecar

```yaml manifest.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: leader
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: orders-board
  labels: {grafana_dashboard: "1"}
---
apiVersion: v1
kind: Secret
metadata:
  name: registry
---
apiVersion: v1
kind: Secret
metadata:
  name: queue-admin
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
imagePullSecrets: [{name: registry}]
---
apiVersion: example.com/v1
kind: Queue
metadata:
  name: orders
spec: {credentials: {secret: queue-admin}}
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  serviceAccountName: web
  containers: [{name: app, image: "web:1.0", args: ["--lock=configmap/leader"]}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.mentions import mentions
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.objects import Objects
    from infracheck.rule import Violation

FOUND_BY_LABEL: Final = ("grafana_", "prometheus", "argocd.argoproj.io/", "sealedsecrets.bitnami.com/")
"""What the labels begin with by which controllers and sidecars find what they read."""
SYSTEM: Final = ("kube-system", "kube-public", "kube-node-lease")
"""Namespaces in which the control plane reads objects by name."""
SERVICE_ACCOUNT_TOKEN: Final = "kubernetes.io/service-account-token"  # noqa: S105 - a type of Secret


@rule(
    Target.OBJECTS,
    severity=Severity.LOW,
    category=Category.CORRECTNESS,
    confidence=Confidence.LOW,
    priority=Priority.P3,
    remedy="Delete it, or correct the name where it should be used.",
    default=False,
)
def unused_configuration(objects: Objects) -> Iterator[Violation]:
    """Yield the name of each ConfigMap and Secret that nothing names."""
    words = mentions(objects)

    def judge(one: Manifest) -> Iterator[Violation]:
        if not one.name or one.name in words or _is_found_otherwise(one) or objects.users_of(one):
            return
        yield one.violation("metadata.name", f"nothing uses {one.address}")

    yield from judge_each((*objects.of_kind("ConfigMap"), *objects.of_kind("Secret")), judge)


def _is_found_otherwise(one: Manifest) -> bool:
    is_token = one.field["type"].text() == SERVICE_ACCOUNT_TOKEN
    return is_token or one.namespace in SYSTEM or any(key.startswith(FOUND_BY_LABEL) for key, _ in one.labels.items())
