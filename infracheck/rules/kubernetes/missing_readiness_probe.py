"""Container that serves requests has no readiness probe.

Without a readiness probe a pod counts as ready the moment its process starts. Services and load balancers send it
requests before it can answer them, on every release and every scale-up, and go on doing so while it is stuck. A rolling
update also goes ahead with a version that never works, because nothing says that it doesn't. The rule looks at
containers that a Service leads to, and at containers that declare ports in workloads no Service selects. Ports and
Services that are only there for metrics, health or profiles do not count, nor do agents of nodes that no Service
selects.

## Fix

Add a `readinessProbe` that asks the container itself whether it can serve, without asking what it depends on.

## References

- [Configure Liveness, Readiness and Startup Probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/)
- [Pod lifecycle: container probes](https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes)
- [EKS best practices: probes](https://docs.aws.amazon.com/eks/latest/best-practices/application.html)

## Bad: behind a Service

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: notifications
spec:
  selector:
    matchLabels: {app: notifications}
  template:
    metadata:
      labels: {app: notifications}
    spec:
      containers:
        - name: app # finding
          image: notifications:1.0
          ports: [{name: http, containerPort: 8080}]
        - name: log-shipper
          image: shipper:1.0
---
apiVersion: v1
kind: Service
metadata:
  name: notifications
spec:
  selector: {app: notifications}
  ports: [{port: 80, targetPort: http}]
```

## Bad: a port nobody declares, and a port without a Service

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: quiet
spec:
  selector:
    matchLabels: {app: quiet}
  template:
    metadata:
      labels: {app: quiet}
    spec:
      containers:
        - name: app # finding
          image: quiet:1.0
---
apiVersion: v1
kind: Service
metadata:
  name: quiet
spec:
  selector: {app: quiet}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: peers
spec:
  selector:
    matchLabels: {app: peers}
  template:
    metadata:
      labels: {app: peers}
    spec:
      containers:
        - name: app # finding
          image: peers:1.0
          ports: [{containerPort: 7000}]
```

## Good: sidecars that are only scraped

Prometheus is told to scrape one port of the first Service, and the second is kubebuilder's Service for metrics, whose
port is called `https`.

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cache
spec:
  selector:
    matchLabels: {app: cache}
  template:
    metadata:
      labels: {app: cache}
    spec:
      containers:
        - name: redis
          image: redis:7.4.1
          ports: [{name: redis, containerPort: 6379}]
          readinessProbe:
            exec: {command: [redis-cli, ping]}
        - name: watcher
          image: redis-exporter:1.0
          ports: [{name: redisexp, containerPort: 9121}]
---
apiVersion: v1
kind: Service
metadata:
  name: cache
  annotations: {prometheus.io/port: "9121"}
spec:
  selector: {app: cache}
  ports: [{name: redis, port: 6379}, {name: redisexp, port: 9121, targetPort: redisexp}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: controller-manager
spec:
  selector:
    matchLabels: {app: controller-manager}
  template:
    metadata:
      labels: {app: controller-manager}
    spec:
      containers:
        - name: manager
          image: manager:1.0
        - name: proxy
          image: kube-rbac-proxy:1.0
          ports: [{name: https, containerPort: 8443}]
---
apiVersion: v1
kind: Service
metadata:
  name: controller-manager-metrics-service
spec:
  selector: {app: controller-manager}
  ports: [{name: https, port: 8443, targetPort: https}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: garbage-collector
spec:
  selector:
    matchLabels: {app: garbage-collector}
  template:
    metadata:
      labels: {app: garbage-collector}
    spec:
      containers:
        - name: app
          image: collector:1.0
          ports: [{name: http-metrics, containerPort: 9090}, {name: profiling, containerPort: 8008}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cert-manager
spec:
  selector:
    matchLabels: {app: cert-manager}
  template:
    metadata:
      labels: {app: cert-manager}
    spec:
      containers:
        - name: app
          image: cert-manager-controller:1.0
          ports: [{name: http-metrics, containerPort: 9402}, {name: http-healthz, containerPort: 9403}]
---
apiVersion: v1
kind: Service
metadata:
  name: cert-manager
spec:
  selector: {app: cert-manager}
  ports: [{name: prometheus, port: 9402, targetPort: 9402}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reconciler
spec:
  selector:
    matchLabels: {app: reconciler}
  template:
    metadata:
      labels: {app: reconciler}
    spec:
      containers:
        - name: app
          image: reconciler:1.0
          ports: [{name: http-prom, containerPort: 8080}]
```

## Bad: the port that is scraped is asked too

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
        - name: app # finding
          image: web:1.0
          ports: [{name: http, containerPort: 8080}]
---
apiVersion: v1
kind: Service
metadata:
  name: web
  annotations: {prometheus.io/scrape: "true", prometheus.io/port: "8080"}
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: 8080}]
```

## Good: probed, or nothing to be ready for

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: notifications
spec:
  selector:
    matchLabels: {app: notifications}
  template:
    metadata:
      labels: {app: notifications}
    spec:
      containers:
        - name: app
          image: notifications:1.0
          ports: [{name: http, containerPort: 8080}]
          readinessProbe:
            httpGet: {path: /ready, port: http}
        - name: exporter
          image: exporter:1.0
          ports: [{name: metrics, containerPort: 9100}]
---
apiVersion: v1
kind: Service
metadata:
  name: notifications
spec:
  selector: {app: notifications}
  ports: [{port: 80, targetPort: http}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
spec:
  selector:
    matchLabels: {app: worker}
  template:
    metadata:
      labels: {app: worker}
    spec:
      containers:
        - name: app
          image: worker:1.0
---
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
        - name: app
          image: controller:1.0
          ports: [{name: metrics, containerPort: 9100}]
---
apiVersion: v1
kind: Service
metadata:
  name: controller
spec:
  selector: {app: controller}
  ports: [{name: http-metrics, port: 9100, targetPort: metrics}]
---
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
spec:
  selector:
    matchLabels: {app: agent}
  template:
    metadata:
      labels: {app: agent}
    spec:
      containers:
        - name: app
          image: agent:1.0
          ports: [{containerPort: 9100, hostPort: 9100}]
---
apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: app
              image: report:1.0
              ports: [{containerPort: 8080}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
spec:
  selector:
    matchLabels: {app: worker}
  template:
    metadata:
      labels: {app: worker}
    spec:
      initContainers:
        - name: migrate
          image: worker:1.0
          ports: [{containerPort: 8080}]
      containers:
        - name: app
          image: worker:1.0
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

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._serving import serves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    priority=Priority.P1,
    aliases=(
        "CKV_K8S_9",
        "kube-linter:no-readiness-probe",
        "kube-score:pod-probes",
        "polaris:readinessProbeMissing",
    ),
    remedy="Add a `readinessProbe`.",
)
def missing_readiness_probe(container: Container) -> Iterator[Violation]:
    """Yield the container if it serves and nobody asks whether it can."""
    if container.role != "containers" or container.workload.runs_to_completion:
        return
    if container.probe("readiness") is None and serves(container):
        yield container.violation(
            "readinessProbe",
            f"container {container.shown_name} of {container.address} "
            f"{'gets requests' if container.workload.services else 'listens'} and has no readiness probe",
        )
