"""Liveness probe acts as soon as the readiness probe.

A readiness probe takes a busy pod out of the load balancer until it has caught up; a liveness probe kills it. Where
both ask the same question with the same patience, the pod is killed at the very moment it should have been left alone:
under load the pods restart one after the other, the rest get their share of the requests, and a slow minute becomes
an outage. The rule compares what the probes ask, and when they act (`periodSeconds` times `failureThreshold`), of
containers that get requests; agents of nodes that no Service selects are left out.

## Fix

Ask the liveness probe something that only fails if a restart helps, or give it more patience: a higher
`failureThreshold` than that of the readiness probe.

## References

- [Liveness, Readiness, and Startup Probes](https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/)
- [Configure Liveness, Readiness and Startup Probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/)

## Bad: same question, same patience

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  containers:
    - name: app
      image: web:1.0
      readinessProbe:
        httpGet: {path: /health, port: 8080}
      livenessProbe: # finding
        httpGet: {port: 8080, path: /health}
        periodSeconds: 10
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
  name: api
spec:
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      containers:
        - name: app
          image: api:1.0
          readinessProbe:
            httpGet: {path: /health, port: 8080}
          livenessProbe: # finding
            httpGet: {path: /health, port: 8080}
            periodSeconds: 5
```

## Good: more patience, or another question

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
  labels: {app: web}
spec:
  containers:
    - name: app
      image: web:1.0
      ports: [{containerPort: 8080}]
      readinessProbe:
        httpGet: {path: /health, port: 8080}
      livenessProbe:
        httpGet: {path: /health, port: 8080}
        failureThreshold: 6
    - name: admin
      image: admin:1.0
      ports: [{containerPort: 9090}]
      readinessProbe:
        httpGet: {path: /ready, port: 9090}
      livenessProbe:
        httpGet: {path: /live, port: 9090}
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{name: http, port: 80, targetPort: 8080}, {name: admin, port: 9090}]
```

## Good: an agent of the node, which nobody asks

```yaml manifest.yaml
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: node-agent
spec:
  selector:
    matchLabels: {app: node-agent}
  template:
    metadata:
      labels: {app: node-agent}
    spec:
      containers:
        - name: app
          image: agent:1.0
          ports: [{containerPort: 9100}]
          readinessProbe:
            httpGet: {path: /, port: 9100}
          livenessProbe:
            httpGet: {path: /, port: 9100}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._serving import CONTROLLED, serves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.probe import Probe
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.LOW,
    category=Category.AVAILABILITY,
    aliases=("kube-score:pod-probes-identical",),
    remedy="Give the liveness probe a higher `failureThreshold`, or another endpoint.",
)
def identical_probes(container: Container) -> Iterator[Violation]:
    """Yield the liveness probe if it asks what readiness asks, and acts no later."""
    liveness, readiness = container.probe("liveness"), container.probe("readiness")
    if liveness is None or readiness is None or not _ask_the_same(liveness, readiness):
        return
    if liveness.seconds_to_act <= readiness.seconds_to_act and _is_asked(container):
        yield container.violation(
            liveness.field,
            f"liveness of container {container.shown_name} of {container.address} asks what readiness asks and kills "
            f"after {liveness.seconds_to_act} s, readiness gives up after {readiness.seconds_to_act} s",
            related=[("the readiness probe", readiness.field)],
        )


def _is_asked(container: Container) -> bool:
    """Whether requests may reach it. Its probe shows that it listens, whether or not it declares a port."""
    return serves(container) if container.workload.services else container.workload.kind in CONTROLLED


def _ask_the_same(one: Probe, other: Probe) -> bool:
    handler = one.handler
    return bool(handler) and handler == other.handler and one.field[handler].plain() == other.field[handler].plain()
