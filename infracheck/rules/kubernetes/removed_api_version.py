"""API version is no longer served by the cluster.

The API server refuses an object of a version it has dropped: "no matches for kind". The deployment fails, at the latest
after the next upgrade of the cluster. The rule compares with `cluster-version` of the environment; where that is not
set, with 1.28, because Amazon EKS runs nothing older. A custom resource is compared with the CustomResourceDefinition
that declares its kind, where that is among the manifests.

## Fix

Use the version that took its place, and adapt the fields that differ; the guide lists them.

## References

- [Deprecated API Migration Guide](https://kubernetes.io/docs/reference/using-api/deprecation-guide/)
- [Kubernetes versions on Amazon EKS](https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html)

## Bad: gone since 1.22 and 1.25

```yaml manifest.yaml
apiVersion: networking.k8s.io/v1beta1 # finding
kind: Ingress
metadata:
  name: web
spec:
  backend: {serviceName: web, servicePort: 80}
---
apiVersion: policy/v1beta1 # finding
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {app: web}
```

## Bad: gone from the cluster the team runs

```toml infracheck.toml
[environments.production]
cluster-version = "1.32"
```

```yaml overlays/production/manifest.yaml
apiVersion: flowcontrol.apiserver.k8s.io/v1beta3 # finding
kind: FlowSchema
metadata:
  name: agents
```

## Bad: an alpha version that was replaced, and a version that the definition does not serve

```yaml manifest.yaml
apiVersion: resource.k8s.io/v1alpha1 # finding
kind: ResourceClass
metadata:
  name: gpu
driverName: gpu.example.com
---
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: queues.example.com
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Queue, plural: queues}
  versions:
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
    - {name: v1beta1, served: false, storage: false, schema: {openAPIV3Schema: {type: object}}}
---
apiVersion: example.com/v1beta1 # finding
kind: Queue
metadata:
  name: orders
---
apiVersion: example.com/v1
kind: Queue
metadata:
  name: mails
```

## Good: current

```yaml manifest.yaml
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  defaultBackend:
    service:
      name: web
      port: {number: 80}
---
apiVersion: flowcontrol.apiserver.k8s.io/v1beta3
kind: FlowSchema
metadata:
  name: agents
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.facts.api_versions import API_VERSIONS, is_removed
from infracheck.kubernetes.release import cluster_release
from infracheck.kubernetes.schema import builtin_schemas
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation

OLDEST = (1, 28)
"""The oldest release that Amazon EKS may still run: extended support of 1.27 ended on 24 July 2025."""


@rule(
    Target.MANIFEST,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    aliases=("KSV-0107", "AVD-KSV-0107", "kube-linter:no-extensions-v1beta", "kube-score:stable-version"),
    remedy="Use the API version that took its place.",
)
def removed_api_version(manifest: Manifest) -> Iterator[Violation]:
    """Yield the API version if the cluster refuses it."""
    release = cluster_release(manifest.context) or OLDEST
    gone = _removed(manifest, release) or _left_out(manifest, release) or _not_served(manifest)
    if gone:
        yield manifest.violation("apiVersion", f"{manifest.address}: {manifest.api_version} {gone}")


def _removed(manifest: Manifest, release: tuple[int, int]) -> str:
    """What the deprecation guide says of a version that is gone."""
    if not is_removed(manifest.api_version, manifest.kind, release):
        return ""
    known = API_VERSIONS[manifest.api_version, manifest.kind]
    instead = f": use {known.instead}" if known.instead else ", and nothing takes its place"
    return f"was removed in Kubernetes {known.removed}{instead}"


def _left_out(manifest: Manifest, release: tuple[int, int]) -> str:
    """The last release that had a version, where the guide is silent: it speaks of no alpha versions."""
    schemas = builtin_schemas()
    served = schemas.kind(manifest.api_version, manifest.kind)
    if served is None or schemas.last(served.releases) >= min(release, schemas.releases[-1]):
        return ""
    major, minor = schemas.last(served.releases)
    return f"was last served by Kubernetes {major}.{minor}"


def _not_served(manifest: Manifest) -> str:
    """What the CustomResourceDefinition among the manifests says of a version that it does not serve."""
    versions = manifest.objects.custom_versions.get((manifest.group, manifest.kind), {})
    served = [name for name, version in versions.items() if version.is_served]
    if not served or manifest.version in served:
        return ""
    return f"is not served by the CustomResourceDefinition, which serves {', '.join(served)}"
