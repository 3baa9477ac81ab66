"""Workload runs in namespace `default`.

What names no namespace lands there, so that it fills up with what nobody placed: roles and quotas can't be given for
it, and network policies for it hit strangers.

It is off by default, as many teams, and whatever sets the namespace while it deploys, use it with intent.

## Fix

Give the object a namespace, best by `namespace:` in the kustomization of the overlay.

## References

- [Namespaces](https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/)
- CIS Kubernetes Benchmark v1.9.0, 5.7.4: the default namespace should not be used

## Bad: by default, and by name

```yaml pods.yaml
apiVersion: v1
kind: Pod
metadata: # finding
  name: web
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: default # finding
spec:
  selector: {app: web}
```

## Good: set by the kustomization, and the API server's own Service

```yaml kustomization.yaml
namespace: shop
resources:
  - pods.yaml
```

```yaml pods.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers: [{name: app, image: "web:1.0"}]
```

```yaml other/service.yaml
apiVersion: v1
kind: Service
metadata:
  name: kubernetes
  namespace: default
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation

OWN = (("Service", "kubernetes"), ("ServiceAccount", "default"), ("ConfigMap", "kube-root-ca.crt"))
"""What Kubernetes itself keeps there."""


@rule(
    Target.MANIFEST,
    severity=Severity.LOW,
    category=Category.OPERATIONS,
    priority=Priority.P3,
    aliases=("CKV_K8S_21", "AVD-KSV-0110", "KSV-0110", "kube-linter:use-namespace"),
    remedy="Give the object a namespace.",
    default=False,
)
def default_namespace(manifest: Manifest) -> Iterator[Violation]:
    """Yield the namespace of each object that stands, or ends up, in `default`."""
    if manifest.namespace == "default" and (manifest.kind, manifest.name) not in OWN:
        yield manifest.violation("metadata.namespace", f"{manifest.address} is in namespace default")
