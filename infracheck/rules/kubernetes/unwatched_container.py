"""Nothing tells whether a container that does not listen still works.

A worker that hangs on its queue, or that lost its connection for good, keeps running and does nothing. No caller
notices; only a liveness probe, mostly a command that looks at a heartbeat, makes Kubernetes restart it.

It is off by default: a worker that ends when it fails needs no probe, and a wrong one restarts what works. Containers
that listen are judged by `kubernetes/missing-liveness-probe`, which runs by default.

## Fix

Let the process touch a file after each round of its work, and add a `livenessProbe` that looks at the file's age.

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
          livenessProbe:
            exec: {command: [mailer, alive]}
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
from infracheck.rules.kubernetes._serving import does_work_on_ports, is_injected

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.LOW,
    category=Category.AVAILABILITY,
    priority=Priority.P3,
    aliases=("CKV_K8S_8", "kube-linter:no-liveness-probe", "polaris:livenessProbeMissing"),
    remedy="Add a `livenessProbe` that looks at a heartbeat.",
    default=False,
)
def unwatched_container(container: Container) -> Iterator[Violation]:
    """Yield a container that stays and has no liveness probe, unless it listens for those who use it."""
    if container.role != "containers" or container.workload.runs_to_completion:
        return
    if container.probe("liveness") is None and not does_work_on_ports(container) and not is_injected(container):
        shown = f"container {container.shown_name} of {container.address}"
        yield container.violation("livenessProbe", f"{shown} listens for nobody, and no liveness probe watches it")
