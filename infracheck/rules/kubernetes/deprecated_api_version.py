"""API version is deprecated.

The cluster still serves it, and will refuse it after an upgrade: then the next deployment fails, often the one that was
meant to mend something else. The rule compares with `cluster-version` of the environment; where that is not set, it
reports what any release has deprecated. A custom resource is compared with its CustomResourceDefinition, where that is
among the manifests. Of Karpenter, External Secrets and cert-manager it knows which release deprecated what; as nothing
says which release runs, that is for information. Versions that are gone are reported by
`kubernetes/removed-api-version`.

## Fix

Use the version that takes its place, and adapt the fields that differ; the guides list them.

## References

- [Deprecated API Migration Guide](https://kubernetes.io/docs/reference/using-api/deprecation-guide/)
- [Kubernetes Deprecation Policy](https://kubernetes.io/docs/reference/using-api/deprecation-policy/)
- [Versions in CustomResourceDefinitions: deprecation](https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definition-versioning/#version-deprecation)
- [Karpenter: upgrade guide](https://karpenter.sh/docs/upgrading/upgrade-guide/)

## Bad: served until the next upgrade

```toml infracheck.toml
[environments.production]
cluster-version = "1.31"
```

```yaml overlays/production/manifest.yaml
apiVersion: flowcontrol.apiserver.k8s.io/v1beta3 # finding
kind: FlowSchema
metadata:
  name: agents
```

## Bad: deprecated without an end, and by a controller

```yaml manifest.yaml
apiVersion: v1 # finding
kind: Endpoints
metadata:
  name: database
subsets: []
---
apiVersion: karpenter.sh/v1beta1 # finding
kind: NodePool
metadata:
  name: general
```

## Bad: by the definition of a custom resource

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
    - {name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object}}}
    - {name: v1beta1, served: true, storage: false, deprecated: true, schema: {openAPIV3Schema: {type: object}}}
---
apiVersion: example.com/v1beta1 # finding
kind: Queue
metadata:
  name: orders
```

## Good: not yet deprecated in the cluster's release, or gone, which is another rule's matter

```toml infracheck.toml
[environments.production]
cluster-version = "1.28"
```

```yaml overlays/production/manifest.yaml
apiVersion: flowcontrol.apiserver.k8s.io/v1beta3
kind: FlowSchema
metadata:
  name: agents
---
apiVersion: policy/v1beta1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: 1
```

## Good: current

```yaml manifest.yaml
apiVersion: discovery.k8s.io/v1
kind: EndpointSlice
metadata:
  name: database
addressType: IPv4
---
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata:
  name: web
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.facts.api_versions import API_VERSIONS, is_removed
from infracheck.kubernetes.release import cluster_release, parse_release
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes.removed_api_version import OLDEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.facts.api_versions import Replacement
    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    severity=Severity.LOW,
    category=Category.CORRECTNESS,
    priority=Priority.P3,
    aliases=("KSV-0107", "AVD-KSV-0107", "kube-score:stable-version"),
    remedy="Use the API version that takes its place.",
)
def deprecated_api_version(manifest: Manifest) -> Iterator[Violation]:
    """Yield the API version if it is served, and will not be for ever."""
    versions = manifest.objects.custom_versions.get((manifest.group, manifest.kind))
    if versions is not None:
        own = versions.get(manifest.version)
        if own is not None and own.is_served and own.warning is not None:
            warning = f": {own.warning}" if own.warning else ""
            yield _violation(manifest, f"is deprecated by its CustomResourceDefinition{warning}")
        return
    known = API_VERSIONS.get((manifest.api_version, manifest.kind))
    if known is None or not known.deprecated:
        return
    if known.project != "Kubernetes":
        yield _violation(manifest, _sentence(known), Severity.INFO)
        return
    release = cluster_release(manifest.context)
    is_gone = is_removed(manifest.api_version, manifest.kind, release or OLDEST)
    if not is_gone and (release is None or parse_release(known.deprecated) <= release):
        yield _violation(manifest, _sentence(known))


def _sentence(known: Replacement) -> str:
    removed = f" and removed in {known.removed}" if known.removed else ""
    instead = f": use {known.instead}" if known.instead else ""
    since = f", served since {known.since}" if known.instead and known.since else ""
    return f"is deprecated since {known.project} {known.deprecated}{removed}{instead}{since}"


def _violation(manifest: Manifest, problem: str, severity: Severity | None = None) -> Violation:
    message = f"{manifest.address}: {manifest.api_version} {problem}"
    return manifest.violation("apiVersion", message, severity=severity)
