"""Service stands in another namespace than the one agreed on.

The configuration says where each service lives (`[namespaces.NAME] services`, or `[services.NAME] namespace`). In
another namespace its callers don't find it (`orders.core-api.svc` does not resolve), its ConfigMaps and Secrets are
not there, and other network policies apply.

The rule looks at workloads and Services whose name is that of a configured service.

## Fix

Correct the namespace of the object, or the configuration.

## References

- [Namespaces](https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces/)
- [DNS for Services and Pods](https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/)

## Bad: moved by an overlay, in either way of configuring

```toml infracheck.toml
[namespaces.core-api]
services = ["orders"]

[services.web]
namespace = "front-end"
```

```yaml overlays/production/kustomization.yaml
resources:
  - orders
  - web.yaml
```

```yaml overlays/production/orders/kustomization.yaml
namespace: front-end # finding
resources:
  - orders.yaml
```

```yaml overlays/production/orders/orders.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
spec:
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders}}
    spec:
      containers: [{name: app, image: "web:1.0"}]
```

```yaml overlays/production/web.yaml
apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: core-api # finding
spec:
  selector: {app: web}
  ports: [{port: 80}]
```

## Good: where it belongs, in one of two places, and a name nobody configured

```toml infracheck.toml
[namespaces.core-api]
services = ["orders", "metrics"]

[namespaces.front-end]
services = ["metrics"]
```

```yaml pods.yaml
apiVersion: v1
kind: Pod
metadata:
  name: orders
  namespace: core-api
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: metrics
  namespace: core-api
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: metrics
  namespace: front-end
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: other
  namespace: tools
spec:
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: ConfigMap
metadata:
  name: orders
  namespace: tools
data: {}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.service import Service
from infracheck.kubernetes.workload import Workload
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.config.settings import Settings
    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    severity=Severity.MEDIUM,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    remedy="Correct the namespace of the object, or the configuration.",
)
def service_in_wrong_namespace(manifest: Manifest) -> Iterator[Violation]:
    """Yield the namespace of a workload or Service that is configured to live in others."""
    settings = manifest.context.settings
    if not isinstance(manifest, Workload | Service) or not (settings.namespaces or settings.services):
        return
    homes = _homes(settings, manifest.name)
    if homes and manifest.namespace not in homes:
        yield manifest.violation(
            "metadata.namespace",
            f"{manifest.address} belongs into namespace {' or '.join(sorted(homes))}",
        )


def _homes(settings: Settings, name: str) -> set[str]:
    """The namespaces a service is configured to live in."""
    homes = {namespace for namespace, one in settings.namespaces.items() if name in one.services}
    service = settings.services.get(name)
    return homes | ({service.namespace} if service is not None and service.namespace else set())
