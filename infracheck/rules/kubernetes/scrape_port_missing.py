"""Pods are to be scraped on a port that no container declares.

The annotation `prometheus.io/port` tells Prometheus where the figures are. A port nobody listens on gives a target that
is down, among many others that are; a port that is no number gives none.

Containers need not declare their ports, so an undeclared one may be right: the rule does not run by itself.

## Fix

Correct the number, or declare the port.

## References

- [Prometheus: kubernetes_sd_config and the example of annotations](https://github.com/prometheus/prometheus/blob/main/documentation/examples/prometheus-kubernetes.yml)

## Bad: another port, and its name

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
      annotations:
        prometheus.io/scrape: "true"
        prometheus.io/port: "9090" # finding
    spec:
      containers:
        - name: app
          image: shop:1.0
          ports: [{name: http, containerPort: 8080}]
---
apiVersion: v1
kind: Pod
metadata:
  name: job
  annotations:
    prometheus.io/scrape: "true"
    prometheus.io/port: metrics # finding
spec:
  containers: [{name: app, image: "job:1.0"}]
```

## Good: declared, nothing declared at all, or not scraped

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: shop
  annotations:
    prometheus.io/scrape: "true"
    prometheus.io/port: "8080"
spec:
  containers:
    - name: app
      image: shop:1.0
      ports: [{containerPort: 8080}]
---
apiVersion: v1
kind: Pod
metadata:
  name: plain
  annotations:
    prometheus.io/scrape: "true"
    prometheus.io/port: "8080"
spec:
  containers: [{name: app, image: "shop:1.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: quiet
  annotations:
    prometheus.io/scrape: "false"
    prometheus.io/port: "9090"
spec:
  containers:
    - name: app
      image: shop:1.0
      ports: [{containerPort: 8080}]
```

## Good: no port is written

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: shop
  annotations:
    prometheus.io/scrape: "true"
spec:
  containers:
    - name: app
      image: shop:1.0
      ports: [{containerPort: 8080}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation


@rule(
    Target.WORKLOAD,
    severity=Severity.LOW,
    category=Category.OPERATIONS,
    confidence=Confidence.LOW,
    priority=Priority.P3,
    remedy="Correct the number, or declare the port.",
    default=False,
)
def scrape_port_missing(workload: Workload) -> Iterator[Violation]:
    """Yield the port annotation if it is no number, or containers declare ports and not this one."""
    annotations = workload.pod_annotations
    written = annotations["prometheus.io/port"]
    if annotations["prometheus.io/scrape"].boolean() is not True or not written.exists:
        return
    number = written.number()
    if number is None:
        yield workload.violation(written, f"{workload.address} is to be scraped on port {written.text()}: no number")
        return
    declared = [port.number for container in workload.containers for port in container.ports]
    if declared and number not in declared:
        known = ", ".join(str(port) for port in declared)
        yield workload.violation(
            written, f"{workload.address} is to be scraped on port {number}, but its containers declare {known}"
        )
