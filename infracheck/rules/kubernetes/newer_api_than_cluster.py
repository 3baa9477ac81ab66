"""API version is not served by the cluster yet.

The API server refuses an object of a version it does not know: "no matches for kind ... in version ...". The object is
right for a newer release, and was perhaps tried out in one. The rule compares with `cluster-version` of the
environment and judges nothing where that is not set. It knows the versions of Kubernetes 1.25 to 1.37.

## Fix

Use a version that the cluster serves, or upgrade the cluster first.

## References

- [Kubernetes API overview](https://kubernetes.io/docs/reference/using-api/)
- [Deprecated API Migration Guide](https://kubernetes.io/docs/reference/using-api/deprecation-guide/)

## Bad: the cluster of production is older

```toml infracheck.toml
[environments.production]
cluster-version = "1.28"

[environments.sandbox]
cluster-version = "1.33"
```

```yaml overlays/production/manifest.yaml
apiVersion: flowcontrol.apiserver.k8s.io/v1 # finding
kind: FlowSchema
metadata:
  name: agents
---
apiVersion: admissionregistration.k8s.io/v1 # finding
kind: ValidatingAdmissionPolicy
metadata:
  name: labels
```

```yaml overlays/sandbox/manifest.yaml
apiVersion: flowcontrol.apiserver.k8s.io/v1
kind: FlowSchema
metadata:
  name: agents
```

## Good: served, or nothing says by which release

```yaml manifest.yaml
apiVersion: resource.k8s.io/v1
kind: DeviceClass
metadata:
  name: gpu
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.release import cluster_release
from infracheck.kubernetes.schema import builtin_schemas
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    aliases=(),
    remedy="Use an API version that the cluster serves.",
)
def newer_api_than_cluster(manifest: Manifest) -> Iterator[Violation]:
    """Yield the API version if only later releases serve it."""
    release = cluster_release(manifest.context)
    schemas = builtin_schemas()
    served = schemas.kind(manifest.api_version, manifest.kind) if release else None
    if release is None or served is None:
        return
    first = schemas.first(served.releases)
    if schemas.releases[0] < first and release < first:
        yield manifest.violation(
            "apiVersion",
            f"{manifest.address}: {manifest.api_version} is served from Kubernetes {first[0]}.{first[1]} on, and the "
            f"cluster runs {release[0]}.{release[1]}",
        )
