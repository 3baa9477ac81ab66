"""API version is no longer served by the cluster.

The API server refuses an object of a version it has dropped: "no matches for kind". The deployment fails, at the latest
after the next upgrade of the cluster. The rule compares with `cluster-version` of the environment; where that is not
set, with 1.28, because Amazon EKS runs nothing older.

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
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation

OLDEST = "1.28"
"""The oldest release that Amazon EKS may still run: extended support of 1.27 ended on 24 July 2025."""


@rule(
    Target.MANIFEST,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    aliases=("kube-linter:no-extensions-v1beta", "kube-score:stable-version"),
    remedy="Use the API version that took its place.",
)
def removed_api_version(manifest: Manifest) -> Iterator[Violation]:
    """Yield the API version if the cluster refuses it."""
    environment = manifest.context.settings.environments.get(manifest.context.environment)
    release = (environment.cluster_version if environment else "") or OLDEST
    major, _, minor = release.partition(".")
    if is_removed(manifest.api_version, manifest.kind, (int(major), int(minor))):
        known = API_VERSIONS[manifest.api_version, manifest.kind]
        instead = f": use {known.instead}" if known.instead else ", and nothing takes its place"
        yield manifest.violation(
            "apiVersion",
            f"{manifest.address}: {manifest.api_version} was removed in Kubernetes {known.removed}{instead}",
        )
