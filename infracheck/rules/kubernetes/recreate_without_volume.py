"""Every update stops the service, and no volume asks for it.

With `strategy: Recreate` a Deployment deletes all its pods before it starts the first new one: each release is an
outage of as long as the image takes to pull and the application to start, and a release that does not start is an
outage until it is rolled back. That price is worth paying for a volume only one node can hold, for a port of the node,
or for a device there are few of. Otherwise a rolling update costs nothing. The rule looks at Deployments of several
pods, which evidently may run side by side, and at single ones behind a Service, with low severity. A single database is
left out: beside its successor it would answer from other data.

## Fix

Remove `strategy`: RollingUpdate is the default. Where two versions must not run at the same time, say so with a
suppression and its reason.

## References

- [Deployments: strategy](https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy)

## Bad: several pods, and one behind a Service

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  replicas: 3
  strategy:
    type: Recreate # finding
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      containers: [{name: app, image: "api:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  strategy:
    type: Recreate # finding
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{port: 80}]
```

## Good: a volume, a port or a device of the node, a database, or nobody to serve

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: sessions
spec:
  strategy: {type: Recreate}
  selector:
    matchLabels: {app: sessions}
  template:
    metadata:
      labels: {app: sessions}
    spec:
      containers: [{name: app, image: "redis:7.4.1"}]
---
apiVersion: v1
kind: Service
metadata:
  name: sessions
spec:
  selector: {app: sessions}
  ports: [{port: 6379}]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
spec:
  accessModes: [ReadWriteOnce]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: database
spec:
  strategy: {type: Recreate}
  selector:
    matchLabels: {app: database}
  template:
    metadata:
      labels: {app: database}
    spec:
      containers: [{name: app, image: "database:1.0"}]
      volumes:
        - name: data
          persistentVolumeClaim: {claimName: data}
---
apiVersion: v1
kind: Service
metadata:
  name: database
spec:
  selector: {app: database}
  ports: [{port: 5432}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: edge
spec:
  replicas: 2
  strategy: {type: Recreate}
  selector:
    matchLabels: {app: edge}
  template:
    metadata:
      labels: {app: edge}
    spec:
      containers:
        - name: app
          image: edge:1.0
          ports: [{containerPort: 443, hostPort: 443}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: model
spec:
  replicas: 2
  strategy: {type: Recreate}
  selector:
    matchLabels: {app: model}
  template:
    metadata:
      labels: {app: model}
    spec:
      containers:
        - name: app
          image: model:1.0
          resources:
            limits: {nvidia.com/gpu: 1}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
spec:
  strategy: {type: Recreate}
  selector:
    matchLabels: {app: worker}
  template:
    metadata:
      labels: {app: worker}
    spec:
      containers: [{name: app, image: "worker:1.0"}]
---
apiVersion: v1
kind: Service
metadata:
  name: worker
spec:
  selector: {app: worker}
  ports: [{name: metrics, port: 9100}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._serving import gets_requests
from infracheck.source.field import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.pod import Volume
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

SEVERAL = 2
KEPT = ("persistentVolumeClaim", "hostPath")


@rule(
    Target.WORKLOAD,
    kinds=("Deployment",),
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    confidence=Confidence.MEDIUM,
    aliases=("kube-score:deployment-strategy", "kube-linter:no-rolling-update-strategy"),
    remedy="Remove `strategy`.",
)
def recreate_without_volume(workload: Workload) -> Iterator[Violation]:
    """Yield the strategy if it stops what could go on."""
    if workload.strategy.type != "Recreate":
        return
    pods = workload.lowest_replicas
    if pods == 0 or _needs_the_node(workload):
        return
    if pods < SEVERAL and (not gets_requests(workload) or workload.runs_data_store):
        return
    yield workload.violation(
        "spec.strategy.type",
        f"{workload.address}: {pods} {'replica' if pods == 1 else 'replicas'}, Recreate: 0 pods run during an update, "
        "and no volume asks for it",
        severity=Severity.LOW if pods < SEVERAL else None,
    )


def _needs_the_node(workload: Workload) -> bool:
    """Whether something of its node can be held by one pod at a time: a volume, a port or a device."""
    if find(workload.pod.volumes, _is_kept) or workload.pod.field["hostNetwork"].boolean(default=False):
        return True
    return find(workload.containers, _holds) is not None


def _is_kept(volume: Volume) -> bool:
    return volume.kind in KEPT


def _holds(container: Container) -> bool:
    if any(port.host_port for port in container.ports):
        return True
    return any(
        "/" in resource for kind in ("limits", "requests") for resource, _ in container.field["resources"][kind].items()
    )
