"""Container that listens on a port has no liveness probe.

A process can be stuck without ending: a deadlock, a full thread pool, a lost event loop. Kubernetes restarts containers
that end, and those a liveness probe finds dead; without the probe the stuck pod stays, and the service runs with one
pod less until somebody notices. The rule looks at containers that declare ports in workloads that stay. A sidecar
whose ports are only there for metrics, beside a container that serves or has the probe, is left out: the service does
not miss it.

## Fix

Add a `livenessProbe` on a cheap endpoint that fails only if a restart helps: it must not ask the database. Give it more
patience than the readiness probe, and a `startupProbe` in front of it if the start takes long.

## References

- [Configure Liveness, Readiness and Startup Probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/)
- [EKS best practices: use Liveness Probe to remove unhealthy pods](https://docs.aws.amazon.com/eks/latest/best-practices/application.html)

## Bad: only readiness

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: search
spec:
  selector:
    matchLabels: {app: search}
  template:
    metadata:
      labels: {app: search}
    spec:
      containers:
        - name: app # finding
          image: search:1.0
          ports: [{containerPort: 8080}]
          readinessProbe:
            httpGet: {path: /ready, port: 8080}
```

## Good: both, an exporter beside the service, and what ends by itself

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: search
spec:
  selector:
    matchLabels: {app: search}
  template:
    metadata:
      labels: {app: search}
    spec:
      containers:
        - name: app
          image: search:1.0
          ports: [{containerPort: 8080}]
          readinessProbe:
            httpGet: {path: /ready, port: 8080}
          livenessProbe:
            httpGet: {path: /live, port: 8080}
        - name: shipper
          image: shipper:1.0
        - name: watcher
          image: exporter:1.0
          ports: [{name: metrics, containerPort: 9100}]
      initContainers:
        - name: migrate
          image: search:1.0
          ports: [{containerPort: 8080}]
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: reindex
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: app
              image: search:1.0
              ports: [{containerPort: 8080}]
```

## Bad: a controller that is watched through its metrics alone

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: controller
spec:
  selector:
    matchLabels: {app: controller}
  template:
    metadata:
      labels: {app: controller}
    spec:
      containers:
        - name: app # finding
          image: controller:1.0
          ports: [{name: metrics, containerPort: 9100}]
        - name: shipper
          image: shipper:1.0
```

## Good: a gateway, whose container Istio fills in

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ingress
spec:
  selector:
    matchLabels: {istio: ingress}
  template:
    metadata:
      annotations: {inject.istio.io/templates: gateway}
      labels: {istio: ingress, sidecar.istio.io/inject: "true"}
    spec:
      containers:
        - name: istio-proxy
          image: auto
          ports: [{name: http, containerPort: 8080}]
---
apiVersion: v1
kind: Service
metadata:
  name: ingress
spec:
  selector: {istio: ingress}
  ports: [{name: http, port: 80, targetPort: 8080}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._serving import does_work_on_ports, is_injected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.LOW,
    category=Category.AVAILABILITY,
    confidence=Confidence.MEDIUM,
    aliases=("CKV_K8S_8", "kube-linter:no-liveness-probe", "polaris:livenessProbeMissing"),
    remedy="Add a `livenessProbe` that fails only if a restart helps.",
)
def missing_liveness_probe(container: Container) -> Iterator[Violation]:
    """Yield the container if it listens, stays, and nothing restarts it when it is stuck."""
    if container.role != "containers" or container.workload.runs_to_completion:
        return
    if container.probe("liveness") is None and does_work_on_ports(container) and not is_injected(container):
        yield container.violation(
            "livenessProbe",
            f"container {container.shown_name} of {container.address} is not restarted when stuck: no liveness probe",
        )
