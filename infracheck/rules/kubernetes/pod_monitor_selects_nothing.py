"""PodMonitor selects no pods.

Prometheus then has no target for it: the dashboards stay empty, and alerts on figures that do not exist never fire. The
usual causes are a label that was renamed in the pod template and a namespace it does not look into. Where a chart is
installed into a namespace it looks into, and no pod here has any of the labels, that is not judged.

## Fix

Make `spec.selector` match labels of the pod template, and `spec.namespaceSelector` its namespace.

## References

- [Prometheus Operator: PodMonitor](https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMonitor)

## Bad: another label

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers: [{name: app, image: "shop:1.0"}]
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: shop
spec:
  selector: # finding
    matchLabels: {app: store}
  podMetricsEndpoints: [{port: http}]
```

## Good: it matches, or the pods are not ours

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers: [{name: app, image: "shop:1.0"}]
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  podMetricsEndpoints: [{port: http}]
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: kafka
  namespace: kafka
spec:
  selector:
    matchLabels: {strimzi.io/cluster: events}
  podMetricsEndpoints: [{port: tcp-prometheus}]
```

## Good: for pods of an operator beside our own

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: console
  namespace: kafka
spec:
  selector:
    matchLabels: {app: console}
  template:
    metadata:
      labels: {app: console}
    spec:
      containers: [{name: app, image: "console:1.0"}]
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: kafka
  namespace: kafka
spec:
  selector:
    matchLabels: {strimzi.io/cluster: events}
  podMetricsEndpoints: [{port: tcp-prometheus}]
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
    kinds=("monitoring.coreos.com/PodMonitor",),
    severity=Severity.MEDIUM,
    category=Category.OPERATIONS,
    confidence=Confidence.MEDIUM,
    priority=Priority.P2,
    remedy="Make the selector match the labels of the pods.",
)
def pod_monitor_selects_nothing(manifest: Manifest) -> Iterator[Violation]:
    """Yield the selector if no pod fits it; where no pod at all is looked at, it is not ours to know."""
    monitor = Monitor(manifest)
    ours = [workload for workload in manifest.objects.workloads if monitor.covers(workload.namespace)]
    if not ours or monitor.workloads:
        return
    labels, places = (one.pod_labels for one in ours), {one.namespace: None for one in ours}
    if not is_for_others(manifest, monitor.selector, labels, places):
        yield manifest.violation(
            "spec.selector", f"{manifest.address} scrapes nothing: no pods here have {describe(monitor.selector)}"
        )
