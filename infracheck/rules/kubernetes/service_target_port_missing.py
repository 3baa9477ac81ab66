"""Service leads to a port name that none of its pods declares.

A `targetPort` given by name is looked up in each pod the Service selects. A pod that has no port of that name is left
out of the endpoints: the Service exists, the pods are ready, and every connection is refused. Ports given by number
need no declaration and are not judged.

## Fix

Name the port in the container's `ports`, or correct `targetPort`.

## References

- [Service: port definitions](https://kubernetes.io/docs/concepts/services-networking/service/#field-spec-ports)

## Bad: another name

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: app
          image: web:1.0
          ports: [{name: web, containerPort: 8080}]
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
    - port: 80
      targetPort: http # finding
```

## Good: the name is there, or it is a number

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      initContainers:
        - name: proxy
          image: proxy:1.0
          restartPolicy: Always
          ports: [{name: mesh, containerPort: 15000}]
      containers:
        - name: app
          image: web:1.0
          ports: [{name: http, containerPort: 8080}]
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports:
    - {name: http, port: 80, targetPort: http}
    - {name: mesh, port: 81, targetPort: mesh}
    - {name: other, port: 82, targetPort: 9000}
    - {name: same, port: 83}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.service import Service, ServicePort
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("Service",),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    aliases=("kube-linter:invalid-target-ports",),
    remedy="Name the port in the container's `ports`, or correct `targetPort`.",
)
def service_target_port_missing(service: Service) -> Iterator[Violation]:
    """Yield each port name that no selected pod knows."""
    if service.group or not service.has_selector:
        return

    def judge(port: ServicePort) -> Iterator[Violation]:
        name = port.target
        workloads = service.workloads
        if isinstance(name, str) and workloads and find(workloads, lambda one: _declares(one, name)) is None:
            yield service.violation(
                port.field["targetPort"],
                f"{service.address} leads to port {name}, which {workloads.certain[0].address} does not declare",
                related=[("the pods", workloads.certain[0].pod.at("containers"))],
            )

    yield from judge_each(service.ports, judge)


def _declares(workload: Workload, name: str) -> bool:
    ports = (port for container in workload.containers if container.runs_throughout for port in container.ports)
    return find(ports, lambda port: port.name == name) is not None
