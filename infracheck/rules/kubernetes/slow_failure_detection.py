"""Pod that no longer answers keeps its requests for minutes.

A readiness probe takes a pod out of its Services after `failureThreshold` failures, `periodSeconds` apart. Until then
every request that reaches the pod waits and fails: with two replicas and a probe of 30 seconds and five failures, half
the requests for two and a half minutes. The default of three times ten seconds is enough. For services that the
configuration calls `high-availability`, which promise a quick recovery, half the time is allowed.

## Fix

Lower `periodSeconds` or `failureThreshold`. A limit of your own can be set in `infracheck.toml`:

```toml
[rules."kubernetes/slow-failure-detection"]
seconds = 120
```

## References

- [Configure probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes)
- [EKS best practices: probes](https://docs.aws.amazon.com/eks/latest/best-practices/application.html)

## Bad: two and a half minutes

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: app
          image: web:1.0
          ports: [{containerPort: 8080}]
          readinessProbe: # finding
            httpGet: {path: /ready, port: 8080}
            periodSeconds: 30
            failureThreshold: 5
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
```

## Bad: a highly available service takes a minute

```toml infracheck.toml
[services.payments]
class = "high-availability"
```

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: payments
spec:
  replicas: 3
  selector:
    matchLabels: {app: payments}
  template:
    metadata:
      labels: {app: payments}
    spec:
      containers:
        - name: app
          image: payments:1.0
          readinessProbe: # finding
            httpGet: {path: /ready, port: 8080}
            periodSeconds: 20
---
apiVersion: v1
kind: Service
metadata:
  name: payments
spec:
  selector: {app: payments}
  ports: [{port: 80, targetPort: 8080}]
```

## Good: half a minute, or nobody to wait

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: app
          image: web:1.0
          readinessProbe:
            httpGet: {path: /ready, port: 8080}
          livenessProbe:
            httpGet: {path: /live, port: 8080}
            periodSeconds: 60
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
spec:
  replicas: 2
  selector:
    matchLabels: {app: worker}
  template:
    metadata:
      labels: {app: worker}
    spec:
      containers:
        - name: app
          image: worker:1.0
          readinessProbe:
            exec: {command: [/bin/ready]}
            periodSeconds: 300
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from infracheck.config.settings import ServiceClass
from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._serving import gets_requests

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation


class Patience(BaseModel):
    """The settings of this rule."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    seconds: int = Field(default=90, ge=1)
    """The longest a pod that no longer answers may get requests; half of it for highly available services."""


@rule(
    Target.CONTAINER,
    severity=Severity.LOW,
    category=Category.AVAILABILITY,
    settings=Patience,
    remedy="Lower `periodSeconds` or `failureThreshold` of the readiness probe.",
)
def slow_failure_detection(container: Container, patience: Patience) -> Iterator[Violation]:
    """Yield the readiness probe if it gives up too late on a pod that gets requests."""
    readiness = container.probe("readiness")
    if readiness is None or container.workload.runs_to_completion:
        return
    most = patience.seconds // 2 if _is_highly_available(container.workload) else patience.seconds
    if readiness.seconds_to_act > most and gets_requests(container.workload):
        yield container.violation(
            readiness.field,
            f"container {container.shown_name} of {container.address} gets requests for {readiness.seconds_to_act} s "
            f"after it stops answering: {readiness.failure_threshold} failures, {readiness.period} s apart",
        )


def _is_highly_available(workload: Workload) -> bool:
    service = workload.context.settings.services.get(workload.name)
    if service is None or service.service_class is not ServiceClass.HIGH_AVAILABILITY:
        return False
    return service.namespace in ("", workload.namespace)
