"""Pods may start for longer than a rollout waits for them.

A Deployment that sees no new pod become available for `progressDeadlineSeconds` (600 by default) is reported as failed:
`kubectl rollout status` ends with an error and the pipeline stops or rolls back. Where the probes and
`minReadySeconds` make a pod wait at least that long, every release fails, however healthy it is. Where a
startup probe merely allows a longer start, the slow ones fail although the kubelet would have let them be.

## Fix

Raise `progressDeadlineSeconds` above the longest start, or lower the delays: a startup probe with a short period finds
a quick start quickly.

## References

- [Deployments: progress deadline seconds](https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#progress-deadline-seconds)
- [Configure Liveness, Readiness and Startup Probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/)

## Bad: it can't be in time

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  progressDeadlineSeconds: 60 # finding
  minReadySeconds: 30
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
            initialDelaySeconds: 45
```

## Bad: a start that is allowed is a failure

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: search
spec: # finding
  selector:
    matchLabels: {app: search}
  template:
    metadata:
      labels: {app: search}
    spec:
      containers:
        - name: app
          image: search:1.0
          startupProbe:
            httpGet: {path: /live, port: 8080}
            periodSeconds: 30
            failureThreshold: 60
```

## Good: time enough

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  progressDeadlineSeconds: 120
  minReadySeconds: 30
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
            initialDelaySeconds: 45
---
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
          startupProbe:
            httpGet: {path: /live, port: 8080}
            periodSeconds: 10
            failureThreshold: 60
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

DEADLINE = 600
"""Seconds, where nothing is written (`SetDefaults_Deployment` in `pkg/apis/apps/v1/defaults.go`)."""


@rule(
    Target.WORKLOAD,
    kinds=("Deployment",),
    severity=Severity.HIGH,
    category=Category.OPERATIONS,
    remedy="Raise `progressDeadlineSeconds` above the longest start.",
)
def start_exceeds_progress_deadline(workload: Workload) -> Iterator[Violation]:
    """Yield the deadline if a pod reaches it before, or while, it may start."""
    field = workload.at("spec.progressDeadlineSeconds")
    deadline = int(field.number(DEADLINE) or DEADLINE)
    held = int(workload.field.at("spec.minReadySeconds").number(0) or 0)

    def judge(container: Container) -> Iterator[Violation]:
        startup, readiness = container.probe("startup"), container.probe("readiness")
        # The delays of both count from the start of the container; readiness waits for the startup probe to succeed.
        earliest = max(one.initial_delay if one else 0 for one in (startup, readiness)) + held
        if earliest >= deadline:
            yield workload.violation(
                field,
                f"{workload.address}: a pod is available after {earliest} s at the earliest ({earliest - held} s of "
                f"delay, minReadySeconds {held}), and a rollout fails after {deadline} s",
                related=[("the container", container.at("name"))],
            )
        elif startup and startup.budget + held > deadline:
            yield workload.violation(
                field,
                f"container {container.shown_name} of {workload.address} may start for {startup.budget} s, and a "
                f"rollout fails after {deadline} s",
                related=[("the startup probe", startup.field)],
                severity=Severity.LOW,
            )

    yield from judge_each((one for one in workload.containers if one.runs_throughout), judge)
