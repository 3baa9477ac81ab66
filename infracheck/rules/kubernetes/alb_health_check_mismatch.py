"""Load balancer asks the pods for their health otherwise than they answer.

An ALB sends requests only to targets that pass its own health check, which knows nothing of the readiness probe. If it
asks in HTTP a port that speaks HTTPS, or a port of a name the Service does not have, every target is unhealthy and
users get 502 or 503 while Kubernetes calls the pods ready. If it asks for another path than every probe on that port,
the two disagree about who is ready (reported with low severity: the other path may answer as well).

Judged are the annotations of the Ingress and those of the Service, which go first. Where the health check's port has no
HTTP probe there is nothing to compare with.

## Fix

Give `healthcheck-path`, `healthcheck-port` and `healthcheck-protocol` the values of the readiness probe.

## References

- [AWS Load Balancer Controller: health check](https://kubernetes-sigs.github.io/aws-load-balancer-controller/latest/guide/ingress/annotations/#health-check)
- [Health checks for Application Load Balancer target groups](https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html)

## Bad: another protocol, and another path

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
          ports: [{name: https, containerPort: 8443}]
          readinessProbe:
            httpGet: {path: /ready, port: https, scheme: HTTPS}
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector: {app: shop}
  ports: [{name: https, port: 443, targetPort: https}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/target-type: ip
    alb.ingress.kubernetes.io/backend-protocol: HTTPS
    alb.ingress.kubernetes.io/healthcheck-protocol: HTTP # finding
    alb.ingress.kubernetes.io/healthcheck-path: /healthy # finding
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: shop, port: {number: 443}}}
```

## Bad: a port the Service does not have, written on the Service

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
          ports: [{name: http, containerPort: 8080}, {name: admin, containerPort: 8081}]
---
apiVersion: v1
kind: Service
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/healthcheck-port: management # finding
spec:
  selector: {app: shop}
  ports: [{name: http, port: 80, targetPort: http}, {name: admin, port: 81, targetPort: admin}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/target-type: ip
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: shop, port: {name: http}}}
```

## Good: they agree, or the port has no probe

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
          ports: [{name: http, containerPort: 8080}, {name: admin, containerPort: 8081}]
          livenessProbe:
            httpGet: {path: /live, port: 8081}
          readinessProbe:
            httpGet: {path: /ready, port: admin}
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector: {app: shop}
  ports: [{name: http, port: 80, targetPort: http}, {name: admin, port: 81, targetPort: admin}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/target-type: ip
    alb.ingress.kubernetes.io/healthcheck-port: admin
    alb.ingress.kubernetes.io/healthcheck-path: /ready
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: shop, port: {name: http}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: other
  annotations:
    alb.ingress.kubernetes.io/target-type: ip
    alb.ingress.kubernetes.io/healthcheck-path: /home
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: shop, port: {name: http}}}
```

## Bad: a port by number

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
      initContainers:
        - name: migrate
          image: shop:1.0
      containers:
        - name: app
          image: shop:1.0
          ports: [{name: http, containerPort: 8080}]
          readinessProbe:
            httpGet: {path: ready, port: http}
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  type: NodePort
  selector: {app: shop}
  ports: [{port: 80, targetPort: http, nodePort: 30080}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: shop
  annotations:
    alb.ingress.kubernetes.io/target-type: ip
    alb.ingress.kubernetes.io/healthcheck-port: "8080"
    alb.ingress.kubernetes.io/healthcheck-path: /healthy # finding
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: shop, port: {number: 80}}}
```

## Good: a port of the nodes, gRPC, another controller, a port or Service that is not there

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
      initContainers:
        - name: migrate
          image: shop:1.0
      containers:
        - name: app
          image: shop:1.0
          ports: [{name: http, containerPort: 8080}]
          readinessProbe:
            httpGet: {path: ready, port: http}
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  type: NodePort
  selector: {app: shop}
  ports: [{port: 80, targetPort: http, nodePort: 30080}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: node
  annotations:
    alb.ingress.kubernetes.io/healthcheck-port: "8080"
    alb.ingress.kubernetes.io/healthcheck-path: /healthy
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: shop, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: grpc
  annotations:
    alb.ingress.kubernetes.io/backend-protocol-version: GRPC
    alb.ingress.kubernetes.io/healthcheck-path: /shop.Health/check
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: shop, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: nginx
  annotations:
    alb.ingress.kubernetes.io/healthcheck-path: /healthy
spec:
  ingressClassName: nginx
  defaultBackend: {service: {name: shop, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: slash
  annotations:
    alb.ingress.kubernetes.io/healthcheck-path: /ready?full=1
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: shop, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: unset
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: shop, port: {number: 80}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: port
  annotations:
    alb.ingress.kubernetes.io/healthcheck-path: /healthy
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: shop, port: {number: 81}}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: foreign
  annotations:
    alb.ingress.kubernetes.io/healthcheck-path: /healthy
spec:
  ingressClassName: alb
  defaultBackend: {service: {name: foreign, port: {number: 80}}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.alb import service_annotation, service_of, target_type
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.ingress import Backend, Ingress
    from infracheck.kubernetes.probe import Probe
    from infracheck.kubernetes.service import Service
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation
    from infracheck.source.field import Field

TRAFFIC = "traffic-port"


@rule(
    Target.MANIFEST,
    kinds=("networking.k8s.io/Ingress", "extensions/Ingress"),
    severity=Severity.HIGH,
    category=Category.AVAILABILITY,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    remedy="Give the health check the port, the path and the protocol of the readiness probe.",
)
def alb_health_check_mismatch(ingress: Ingress) -> Iterator[Violation]:
    """Yield each setting of the health check that the probes of the pods contradict."""
    if not ingress.is_alb:
        return

    def judge(backend: Backend) -> Iterator[Violation]:
        service = service_of(ingress, backend)
        if service is None or _annotation(ingress, service, "backend-protocol-version").text() == "GRPC":
            return
        written = _annotation(ingress, service, "healthcheck-port")
        port = _port(ingress, service, backend, written)
        if port is None:
            return
        if port == "":
            yield ingress.violation(
                written, f"{ingress.address} checks port {written.text()}, which {service.address} does not have"
            )
            return
        yield from judge_each(service.workloads.certain, lambda one: _compare(ingress, service, one, port))

    yield from judge_each(ingress.backends, judge)


def _annotation(ingress: Ingress, service: Service, name: str) -> Field:
    own = service_annotation(service, name)
    return own if own.exists else ingress.alb(name)


def _port(ingress: Ingress, service: Service, backend: Backend, written: Field) -> int | str | None:
    """The port of the pods that is asked; "" where the Service has none of that name, None where that is not known."""
    number = written.number()
    name = written.text(TRAFFIC) or TRAFFIC
    if number is not None:
        # Behind nodes the number is a port of theirs.
        return int(number) if target_type(ingress, service)[0] == "ip" else None
    wanted = backend.port if name == TRAFFIC else name
    found = service.port(wanted) if wanted is not None else None
    if found is not None:
        return found.target
    return None if name == TRAFFIC else ""


def _compare(ingress: Ingress, service: Service, workload: Workload, port: int | str) -> Iterator[Violation]:
    probes = [probe for probe in _http_probes(workload) if _number(workload, probe.port) == _named(workload, port)]
    if not probes:
        return
    protocol = _annotation(ingress, service, "healthcheck-protocol")
    asked = (protocol.text("HTTP") or "HTTP").upper()
    spoken = {(probe.at("httpGet.scheme").text("HTTP") or "HTTP").upper() for probe in probes}
    related = [("a probe on that port", probe.field) for probe in probes]
    if spoken and asked not in spoken:
        answer = "".join(spoken)
        yield ingress.violation(
            protocol,
            f"{ingress.address} checks port {port} of {workload.address} in {asked}, but it answers in {answer}",
            related=related,
        )
    path = _annotation(ingress, service, "healthcheck-path")
    wanted = path.text()
    paths = sorted({_path(probe.at("httpGet.path").text("/") or "/") for probe in probes})
    if wanted is not None and _path(wanted) not in paths:
        yield ingress.violation(
            path,
            f"{ingress.address} checks {wanted} on port {port} of {workload.address}, whose probes ask for "
            + " and ".join(paths),
            related=related,
            severity=Severity.LOW,
        )


def _http_probes(workload: Workload) -> Iterator[Probe]:
    for container in workload.containers:
        if container.runs_throughout:
            yield from (probe for probe in container.probes if probe.handler == "httpGet")


def _number(workload: Workload, field: Field) -> int | str:
    number = field.number()
    return int(number) if number is not None else _named(workload, field.text("") or "")


def _named(workload: Workload, port: int | str) -> int | str:
    """The number of a port given by name, as far as a container declares it."""
    if isinstance(port, int):
        return port
    declared = (one for container in workload.containers for one in container.ports if one.name == port)
    return next((one.number for one in declared if one.number is not None), port)


def _path(path: str) -> str:
    bare = path.partition("?")[0]
    return bare if bare.startswith("/") else f"/{bare}"
