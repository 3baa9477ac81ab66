"""Container counts as ready as soon as its process runs.

No Service waits for a worker to be ready, but releases do: a rolling update goes ahead with the next pod, and a
PodDisruptionBudget counts it as healthy, although it cannot reach its queue or its database and does no work.

It is off by default: most workers start at once or fail at once. Containers that serve requests are judged by
`kubernetes/missing-readiness-probe`, which runs by default.

## Fix

Add a `readinessProbe`, mostly a command, that succeeds once the container can do its work; or set `minReadySeconds`, so
that a release waits for those that end early.

## References

- [Configure Liveness, Readiness and Startup Probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/)
- [Pod lifecycle: container probes](https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#container-probes)

## Bad: a worker

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: mailer
spec:
  selector:
    matchLabels: {app: mailer}
  template:
    metadata:
      labels: {app: mailer}
    spec:
      containers:
        - name: app # finding
          image: registry.example/mailer:1.0
```

## Good: probed, what ends by itself, and what the other rule reports

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: mailer
spec:
  selector:
    matchLabels: {app: mailer}
  template:
    metadata:
      labels: {app: mailer}
    spec:
      initContainers: [{name: wait, image: "registry.example/wait:1.0"}]
      containers:
        - name: app
          image: registry.example/mailer:1.0
          readinessProbe:
            exec: {command: [mailer, ready]}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: export
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: app, image: "registry.example/export:1.0"}]
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
      containers: [{name: app, image: "registry.example/shop:1.0", ports: [{containerPort: 8080}]}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._serving import is_injected, serves

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.LOW,
    category=Category.AVAILABILITY,
    priority=Priority.P3,
    aliases=("CKV_K8S_9", "kube-linter:no-readiness-probe", "polaris:readinessProbeMissing"),
    remedy="Add a `readinessProbe`.",
    default=False,
)
def assumed_readiness(container: Container) -> Iterator[Violation]:
    """Yield a container that stays, serves nobody and has no readiness probe."""
    if container.role != "containers" or container.workload.runs_to_completion:
        return
    if container.probe("readiness") is None and not serves(container) and not is_injected(container):
        shown = f"container {container.shown_name} of {container.address}"
        yield container.violation("readinessProbe", f"{shown} counts as ready as soon as it runs: no readiness probe")
