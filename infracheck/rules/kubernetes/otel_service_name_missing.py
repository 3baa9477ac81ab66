"""Telemetry of a container has no service name.

Without `OTEL_SERVICE_NAME` the SDKs of OpenTelemetry call the service `unknown_service` (Java: `unknown_service:java`).
All services that forgot it share that one name, their latencies and errors are added up, and no alert can tell which of
them fails.

Judged are containers whose agent instruments them from outside: OpenTelemetry's Java agent, the loaders of Node.js and
Python, the .NET profiler. Software that calls the SDK itself may give itself a name. A name in
`OTEL_RESOURCE_ATTRIBUTES` (`service.name=shop`), in a Java system property (`-Dotel.service.name`) or in a ConfigMap of
`envFrom` counts, and so does the OpenTelemetry Operator's injection, which sets it.

## Fix

Set `OTEL_SERVICE_NAME` to the name of the service.

## References

- [OpenTelemetry: general SDK configuration, OTEL_SERVICE_NAME](https://opentelemetry.io/docs/languages/sdk-configuration/general/)
- [OpenTelemetry: service semantic conventions](https://opentelemetry.io/docs/specs/semconv/resource/#service)

## Bad: an address and no name

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
          env: # finding
            - {name: JAVA_TOOL_OPTIONS, value: "-javaagent:/otel/opentelemetry-javaagent.jar"}
            - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://otel-collector:4317"}
            - {name: OTEL_RESOURCE_ATTRIBUTES, value: "deployment.environment=production"}
        - name: python
          image: shop:1.0
          command: [opentelemetry-instrument, python, app.py]
          env: # finding
            - {name: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, value: "http://otel-collector:4317"}
```

## Good: named in one of the ways

```yaml manifest.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: telemetry
data:
  OTEL_SERVICE_NAME: shop
---
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
          env:
            - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://otel-collector:4317"}
            - {name: JAVA_TOOL_OPTIONS, value: "-javaagent:/otel/opentelemetry-javaagent.jar"}
            - {name: OTEL_SERVICE_NAME, value: shop}
        - name: attributes
          image: shop:1.0
          env:
            - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://otel-collector:4317"}
            - {name: NODE_OPTIONS, value: "--require @opentelemetry/auto-instrumentations-node/register"}
            - {name: OTEL_RESOURCE_ATTRIBUTES, value: "service.name=shop,deployment.environment=production"}
        - name: java
          image: shop:1.0
          env:
            - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://otel-collector:4317"}
            - {name: JAVA_TOOL_OPTIONS, value: "-javaagent:/opentelemetry.jar -Dotel.service.name=shop"}
        - name: shared
          image: shop:1.0
          envFrom: [{configMapRef: {name: telemetry}}]
          command: [opentelemetry-instrument, python, app.py]
          env:
            - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://otel-collector:4317"}
        - name: by-itself
          image: shop:1.0
          env:
            - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://otel-collector:4317"}
        - name: quiet
          image: shop:1.0
          env:
            - {name: JAVA_TOOL_OPTIONS, value: "-javaagent:/otel/opentelemetry-javaagent.jar"}
            - {name: OTEL_SDK_DISABLED, value: "true"}
            - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://otel-collector:4317"}
```

## Good: named by its command, by the operator, or without an exporter

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: command
spec:
  containers:
    - name: app
      image: shop:1.0
      command: [java, -javaagent:/opentelemetry.jar, -Dotel.service.name=shop]
      env:
        - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://otel-collector:4317"}
---
apiVersion: v1
kind: Pod
metadata:
  name: injected
  annotations:
    instrumentation.opentelemetry.io/inject-java: "true"
spec:
  containers:
    - name: app
      image: shop:1.0
      env:
        - {name: OTEL_DOTNET_AUTO_HOME, value: /otel}
        - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://otel-collector:4317"}
---
apiVersion: v1
kind: Pod
metadata:
  name: silent
spec:
  containers:
    - name: app
      image: shop:1.0
      command: [opentelemetry-instrument, python, app.py]
```

## Bad: the .NET profiler

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: dotnet
spec:
  containers:
    - name: app
      image: shop:1.0
      env: # finding
        - {name: OTEL_DOTNET_AUTO_HOME, value: /otel}
        - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://otel-collector:4317"}
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.configuration import Configuration
from infracheck.kubernetes.observability import ENDPOINTS
from infracheck.rule import Target, rule
from infracheck.source.field import NotJudged
from infracheck.source.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container, EnvVar
    from infracheck.rule import Violation
    from infracheck.source.field import Field

NAME = "OTEL_SERVICE_NAME"
ATTRIBUTES = "OTEL_RESOURCE_ATTRIBUTES"
INJECTED = "instrumentation.opentelemetry.io/inject-"
PROPERTY = "otel.service.name"
AGENT = re.compile(
    r"-javaagent:\S*(otel|opentelemetry)|opentelemetry-instrument|@opentelemetry/auto-instrumentations|"
    r"opentelemetry/instrumentation/auto_instrumentation",
    re.IGNORECASE,
)
"""How a process is instrumented from outside, in its options or its command."""
PROFILER = "OTEL_DOTNET_AUTO_HOME"
LONGEST = 10_000


@rule(
    Target.CONTAINER,
    severity=Severity.LOW,
    category=Category.OPERATIONS,
    confidence=Confidence.MEDIUM,
    priority=Priority.P3,
    remedy="Set `OTEL_SERVICE_NAME`.",
)
def otel_service_name_missing(container: Container) -> Iterator[Violation]:
    """Yield the variables of a container that sends telemetry under no name."""
    variables = {variable.name: variable for variable in container.env}
    if not any(name in variables for name in ENDPOINTS) or not _is_instrumented(container, variables):
        return
    if _is_named(container, variables):
        return
    yield container.violation(
        "env", f"container {container.shown_name} of {container.address} sends telemetry without a service name"
    )


def _is_instrumented(container: Container, variables: dict[str, EnvVar]) -> bool:
    texts = [variable.value.text("") or "" for variable in variables.values() if variable.value.exists]
    return PROFILER in variables or any(AGENT.search(text[:LONGEST]) for text in (*texts, *container.command))


def _is_named(container: Container, variables: dict[str, EnvVar]) -> bool:
    disabled = variables.get("OTEL_SDK_DISABLED")
    if NAME in variables or (disabled is not None and disabled.value.boolean() is True):
        return True
    attributes = variables.get(ATTRIBUTES)
    if attributes is not None and (attributes.source.exists or "service.name=" in (attributes.value.text("") or "")):
        return True
    if any(PROPERTY in (one.value.text("") or "") for one in variables.values() if one.value.exists):
        return True
    if any(PROPERTY in word for word in container.command):
        return True
    if any(key.startswith(INJECTED) for key, _ in container.workload.pod_annotations.items()):
        return True
    return any(_holds_name(container, source) for source in container.env_from)


def _holds_name(container: Container, source: Field) -> bool:
    """Whether the variables of an `envFrom` hold the name.

    Raises:
        NotJudged: they are not among the manifests.
    """
    name = source.at("configMapRef.name").text()
    found = container.workload.objects.named("ConfigMap", name, container.workload.namespace).first if name else None
    if not isinstance(found, Configuration):
        raise NotJudged(Unknown(f"{NAME} may come from envFrom", source.origin), source.path)
    return found.has_key(NAME) or "service.name=" in (found.decoded(ATTRIBUTES) or "")
