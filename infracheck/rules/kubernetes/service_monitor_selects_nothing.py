"""ServiceMonitor selects no Service.

Prometheus then has no target for it: the dashboards stay empty and, worse, the alerts silent, because an alert on
figures that do not exist never fires. The usual causes are a label the Service does not carry (the selector looks at
the Service's labels, not at those of the pods) and a namespace it does not look into. Where a chart is installed into a
namespace it looks into, and no Service here has any of the labels, that is not judged.

## Fix

Give the Service the label, or correct `spec.selector` and `spec.namespaceSelector`.

## References

- [Prometheus Operator: ServiceMonitor](https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor)
- [Prometheus Operator: troubleshooting ServiceMonitors](https://prometheus-operator.dev/docs/platform/troubleshooting/)

## Bad: the label of the pods, and the wrong namespace

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: shop
  namespace: core
  labels: {app.kubernetes.io/name: shop}
spec:
  selector: {app: shop}
  ports: [{name: http, port: 80}]
---
apiVersion: v1
kind: Service
metadata:
  name: prometheus
  namespace: monitoring
spec:
  ports: [{name: web, port: 9090}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: shop
  namespace: core
spec:
  selector: # finding
    matchLabels: {app: shop}
  endpoints: [{port: http}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: elsewhere
  namespace: monitoring
spec:
  selector: # finding
    matchLabels: {app.kubernetes.io/name: shop}
  endpoints: [{port: http}]
```

## Bad: an overlay renames the label

```yaml base/kustomization.yaml
resources: [manifest.yaml]
```

```yaml base/manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: shop
  labels: {metrics: "true"}
spec:
  ports: [{name: http, port: 80}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: shop
spec:
  selector: # finding
    matchLabels: {metrics: "true"}
  endpoints: [{port: http}]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: Service}
    patch: |
      - op: replace
        path: /metadata/labels
        value: {scrape: "true"}
```

## Good: it matches, in its own or a named namespace, or the Services are not ours

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: shop
  namespace: core
  labels: {app: shop}
spec:
  ports: [{name: http, port: 80}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: shop
  namespace: monitoring
spec:
  namespaceSelector: {matchNames: [core]}
  selector:
    matchExpressions: [{key: app, operator: In, values: [shop, web]}]
  endpoints: [{port: http}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: kubelet
  namespace: kube-system
spec:
  selector:
    matchLabels: {k8s-app: kubelet}
  endpoints: [{port: https-metrics}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.observability import Monitor
from infracheck.kubernetes.selector import describe
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._selectors import is_for_others

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("monitoring.coreos.com/ServiceMonitor",),
    severity=Severity.MEDIUM,
    category=Category.OPERATIONS,
    confidence=Confidence.MEDIUM,
    priority=Priority.P2,
    aliases=("kube-linter:dangling-servicemonitor",),
    remedy="Make the selector match the labels of the Service.",
)
def service_monitor_selects_nothing(manifest: Manifest) -> Iterator[Violation]:
    """Yield the selector if no Service fits it; where no Service at all is looked at, it is not ours to know."""
    monitor = Monitor(manifest)
    ours = [service for service in manifest.objects.services if monitor.covers(service.namespace)]
    if not ours or monitor.services:
        return
    labels, places = (one.labels for one in ours), {one.namespace: None for one in ours}
    if not is_for_others(manifest, monitor.selector, labels, places):
        yield manifest.violation(
            "spec.selector", f"{manifest.address} scrapes nothing: no Service here has {describe(monitor.selector)}"
        )
