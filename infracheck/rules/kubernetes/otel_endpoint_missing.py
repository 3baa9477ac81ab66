"""Telemetry is sent to a Service that does not exist.

The SDKs of OpenTelemetry drop what they can't deliver, with a line in a log that nobody reads. A collector whose name,
namespace or port is misspelt in `OTEL_EXPORTER_OTLP_ENDPOINT` costs every trace and metric of the service, which is
noticed in the first incident that needs them. gRPC is 4317 and HTTP 4318 by convention.

Judged are addresses within the cluster, where the manifests hold Services of that namespace, or one of that name in
another. Ports of a headless Service are those of the pods and are not compared. Where a chart is installed into that
namespace, or the OpenTelemetry Operator makes the collector, an absent Service is not judged.

## Fix

Write the address of the collector's Service: `http://otel-collector.monitoring:4317`.

## References

- [OpenTelemetry: OTLP exporter configuration](https://opentelemetry.io/docs/languages/sdk-configuration/otlp-exporter/)
- [DNS for Services and Pods](https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/)

## Bad: no such Service, another namespace, another port

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: otel-collector
  namespace: monitoring
spec:
  ports: [{name: grpc, port: 4317}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: core
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
          env:
            - name: OTEL_EXPORTER_OTLP_ENDPOINT
              value: http://otel-colector.monitoring.svc.cluster.local:4317 # finding
            - name: OTEL_EXPORTER_OTLP_METRICS_ENDPOINT
              value: http://otel-collector:4317 # finding
            - name: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT
              value: http://otel-collector.monitoring:4318/v1/traces # finding
```

## Bad: an overlay moves the collector

```yaml base/kustomization.yaml
resources: [manifest.yaml]
```

```yaml base/manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: collector
  namespace: monitoring
spec:
  ports: [{name: grpc, port: 4317}]
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
  namespace: core
spec:
  schedule: "0 4 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: app
              image: report:1.0
              env:
                - name: OTEL_EXPORTER_OTLP_ENDPOINT
                  value: http://collector.monitoring.svc:4317 # finding
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: Service}
    patch: |
      - op: replace
        path: /metadata/namespace
        value: telemetry
```

## Good: it is there, or outside

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: otel-collector
  namespace: monitoring
spec:
  ports: [{name: grpc, port: 4317}]
---
apiVersion: v1
kind: Service
metadata:
  name: agents
  namespace: monitoring
spec:
  clusterIP: None
  ports: [{name: grpc, port: 4317}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: shop
  namespace: core
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
          env:
            - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://otel-collector.monitoring:4317"}
            - {name: OTEL_EXPORTER_OTLP_LOGS_ENDPOINT, value: "http://agents.monitoring.svc:4320"}
            - {name: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, value: "https://otlp.nr-data.net:4318"}
            - {name: OTEL_EXPORTER_OTLP_METRICS_ENDPOINT, value: "http://$(NODE_IP):4317"}
        - name: sidecar
          image: agent:1.0
          env:
            - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "localhost:4317"}
            - {name: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, value: "http://example.com:4317"}
            - {name: OTEL_EXPORTER_OTLP_LOGS_ENDPOINT, value: "http://collector.observability.svc:4317"}
```

## Good: a vendor whose name is like a Service, and an alias

```yaml manifest.yaml
apiVersion: v1
kind: Service
metadata:
  name: otlp
spec:
  ports: [{port: 4317}]
---
apiVersion: v1
kind: Service
metadata:
  name: external
spec:
  type: ExternalName
  externalName: otlp.vendor.example
  ports: [{port: 80}]
---
apiVersion: v1
kind: Pod
metadata:
  name: shop
spec:
  containers:
    - name: app
      image: shop:1.0
      env:
        - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "https://otlp.vendor:4317"}
        - {name: OTEL_EXPORTER_OTLP_LOGS_ENDPOINT, value: "http://external:4317"}
        - {name: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, value: "http://otlp"}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.observability import ENDPOINTS, service_address
from infracheck.kubernetes.operators import release_into
from infracheck.kubernetes.service import Service
from infracheck.rule import Target, rule
from infracheck.source.field import NotJudged, find, judge_each
from infracheck.source.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container, EnvVar
    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.objects import Objects
    from infracheck.kubernetes.observability import ServiceAddress
    from infracheck.rule import Violation

COLLECTOR = "opentelemetry.io/OpenTelemetryCollector"
"""For `otel` the OpenTelemetry Operator makes the Services `otel-collector` and `otel-collector-headless`."""


@rule(
    Target.CONTAINER,
    severity=Severity.MEDIUM,
    category=Category.OPERATIONS,
    confidence=Confidence.MEDIUM,
    priority=Priority.P2,
    remedy="Write the address of the collector's Service.",
)
def otel_endpoint_missing(container: Container) -> Iterator[Violation]:
    """Yield each endpoint that names a Service, or a port of it, that is not there."""
    objects = container.workload.objects

    def judge(variable: EnvVar) -> Iterator[Violation]:
        text = variable.value.text("") or ""
        address = service_address(text, container.workload.namespace) if text else None
        if address is None:
            return
        found = objects.named("Service", address.name, address.namespace).first
        where = f"telemetry of container {container.shown_name} of {container.address} is lost"
        if isinstance(found, Service):
            is_plain = not found.is_headless and found.type != "ExternalName"
            if address.port is not None and is_plain and found.port(address.port) is None:
                yield container.violation(
                    variable.value,
                    f"{where}: {found.address} has no port {address.port}",
                    related=[("the Service", found.at("spec.ports"))],
                )
        elif _is_ours(objects, address):
            maker = _maker(objects, address)
            if maker is not None:
                reason = f"Service {address.name} may be made by {maker.address}"
                raise NotJudged(Unknown(reason, maker.origin), variable.value.path)
            yield container.violation(
                variable.value,
                f"{where}: no Service {address.name} is among the manifests of namespace {address.namespace}",
            )

    yield from judge_each((one for one in container.env if one.name in ENDPOINTS), judge)


def _is_ours(objects: Objects, address: ServiceAddress) -> bool:
    """Whether the manifests would hold such a Service: they hold others there, or one of that name elsewhere."""
    if not address.is_explicit and address.namespace not in objects.namespaces:
        return False
    return (
        find(objects.services, lambda one: one.namespace == address.namespace or one.name == address.name) is not None
    )


def _maker(objects: Objects, address: ServiceAddress) -> Manifest | None:
    """What may make the Service: a chart in its namespace, or the operator's collector, which adds to its name."""
    name = address.name.removesuffix("-headless").removesuffix("-collector")
    collectors = (one for one in objects.of_kind(COLLECTOR) if one.namespace == address.namespace)
    return find(collectors, lambda one: one.name == name) or release_into(objects, address.namespace)
