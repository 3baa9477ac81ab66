"""Monitor scrapes a port that nothing it selects has.

A ServiceMonitor names the port of a Service, a PodMonitor that of a container; a number as the name does not work. What
has no port of that name is left out without an error: there are no targets, no figures, and no alert tells of it.

## Fix

Write the name of the port as the Service (for a PodMonitor the container) has it.

## References

- [Prometheus Operator: Endpoint](https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.Endpoint)
- [Prometheus Operator: PodMetricsEndpoint](https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PodMetricsEndpoint)

## Bad: the container's name, the port's number

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
      containers:
        - name: app
          image: shop:1.0
          ports: [{name: management, containerPort: 8081}]
---
apiVersion: v1
kind: Service
metadata:
  name: shop
  labels: {app: shop}
spec:
  selector: {app: shop}
  ports: [{name: metrics, port: 9000, targetPort: management}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  endpoints:
    - port: management # finding
    - port: "9000" # finding
    - targetPort: admin # finding
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  podMetricsEndpoints:
    - port: metrics # finding
```

## Good: as the Service, and as the container calls it

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
      containers:
        - name: app
          image: shop:1.0
          ports: [{name: management, containerPort: 8081}]
---
apiVersion: v1
kind: Service
metadata:
  name: shop
  labels: {app: shop}
spec:
  selector: {app: shop}
  ports: [{name: metrics, port: 9000, targetPort: management}]
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  endpoints:
    - port: metrics
    - targetPort: management
    - targetPort: 8081
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  podMetricsEndpoints:
    - port: management
    - portNumber: 9999
```

## Bad: containers without ports

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
      priorityClassName: normal
      containers: [{name: app, image: "shop:1.0"}]
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: shop
spec:
  selector:
    matchLabels: {app: shop}
  podMetricsEndpoints:
    - port: metrics # finding
```

## Good: what it selects is not ours

```yaml manifest.yaml
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: a
spec:
  selector:
    matchLabels: {app: other}
  endpoints:
    - port: metrics
    - targetPort: metrics
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata:
  name: b
spec:
  selector:
    matchLabels: {app: other}
  podMetricsEndpoints: [{port: metrics}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.observability import Monitor
from infracheck.rule import Target, rule
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.service import Service
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation
    from infracheck.source.field import Field


@rule(
    Target.MANIFEST,
    kinds=("monitoring.coreos.com/ServiceMonitor", "monitoring.coreos.com/PodMonitor"),
    severity=Severity.MEDIUM,
    category=Category.OPERATIONS,
    priority=Priority.P2,
    remedy="Write the name of the port as the Service or container has it.",
)
def monitor_port_missing(manifest: Manifest) -> Iterator[Violation]:
    """Yield each port name that none of the selected Services or pods has."""
    monitor = Monitor(manifest)
    by_service = manifest.kind == "ServiceMonitor"

    def judge(endpoint: Field) -> Iterator[Violation]:
        name = endpoint["port"].text()
        target = endpoint["targetPort"].text()
        if by_service and name:
            services = monitor.services
            if services and find(services, lambda one: _has(one, name)) is None:
                known = _listed(port.name for one in services.certain for port in one.ports)
                yield _violation(manifest, endpoint["port"], name, services.certain[0], known)
        elif name or target:
            wanted = name or target or ""
            pods = _workloads(monitor) if by_service else list(monitor.workloads)
            if pods and find(pods, lambda one: wanted in _names(one)) is None:
                known = _listed(port for one in pods for port in _names(one))
                yield _violation(manifest, endpoint["port" if name else "targetPort"], wanted, pods[0], known)

    yield from judge_each(monitor.endpoints, judge)


def _violation(manifest: Manifest, at: Field, name: str, selected: Manifest, known: str) -> Violation:
    return manifest.violation(
        at,
        f"{manifest.address} scrapes port {name}, which {selected.address} does not have: it has {known}",
        related=[("what it selects", selected.at("metadata.name"))],
    )


def _has(service: Service, name: str) -> bool:
    return any(port.name == name for port in service.ports)


def _workloads(monitor: Monitor) -> list[Workload]:
    return [workload for service in monitor.services for workload in service.workloads]


def _names(workload: Workload) -> list[str]:
    return [port.name for container in workload.containers for port in container.ports if port.name]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(name for name in names if name)) or "no named port"
