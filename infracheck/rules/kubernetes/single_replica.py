"""Workload runs a single replica in production.

With one pod there is no other to answer while it restarts, moves to another node, or runs out of memory: every drain,
node failure and crash is an outage of the whole service. A rolling update hides this on ordinary days, because it
starts the new pod first. The rule looks at `replicas` as it ends up in the environment; a workload under an autoscaler
is judged by `kubernetes/hpa-single-minimum`.

## Fix

Run two replicas or more in production, spread over nodes, behind a PodDisruptionBudget. Three kinds of workload are
reported with low severity, because a second pod may not be the answer: one that must be alone, because it holds the
one volume or because `strategy: Recreate` says that two would work against each other; a database, whose second pod
would have other data; and one that no Service leads to, such as a controller or a worker, where a restart delays work
instead of failing requests. Say so with a suppression and its reason.

## References

- [EKS best practices: avoid running singleton Pods](https://docs.aws.amazon.com/eks/latest/best-practices/application.html)
- [Disruptions](https://kubernetes.io/docs/concepts/workloads/pods/disruptions/)

## Bad: written, and by default

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: webhooks
spec:
  replicas: 1 # finding
  selector:
    matchLabels: {app: webhooks}
  template:
    metadata:
      labels: {app: webhooks}
    spec:
      containers: [{name: app, image: "webhooks:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: reports
spec: # finding
  selector:
    matchLabels: {app: reports}
  template:
    metadata:
      labels: {app: reports}
    spec:
      containers: [{name: app, image: "reports:1.0"}]
```

## Bad: alone with its volume

```yaml manifest.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ledger
spec:
  serviceName: ledger
  replicas: 1 # finding
  selector:
    matchLabels: {app: ledger}
  template:
    metadata:
      labels: {app: ledger}
    spec:
      containers: [{name: app, image: "ledger:1.0"}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec:
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 10Gi}}
```

## Bad: with low severity, a database, one that yields to its successor, and one that nobody asks

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: sessions
spec:
  replicas: 1 # finding
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
apiVersion: apps/v1
kind: Deployment
metadata:
  name: coordinator
spec:
  replicas: 1 # finding
  strategy: {type: Recreate}
  selector:
    matchLabels: {app: coordinator}
  template:
    metadata:
      labels: {app: coordinator}
    spec:
      containers: [{name: app, image: "coordinator:1.0"}]
---
apiVersion: v1
kind: Service
metadata:
  name: coordinator
spec:
  selector: {app: coordinator}
  ports: [{port: 8080}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: controller
spec:
  replicas: 1 # finding
  selector:
    matchLabels: {app: controller}
  template:
    metadata:
      labels: {app: controller}
    spec:
      containers: [{name: app, image: "controller:1.0"}]
---
apiVersion: v1
kind: Service
metadata:
  name: controller-metrics
spec:
  selector: {app: controller}
  ports: [{name: metrics, port: 8080}]
```

## Good: several, as many as its autoscaler wants, or none

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: webhooks
spec:
  replicas: 2
  selector:
    matchLabels: {app: webhooks}
  template:
    metadata:
      labels: {app: webhooks}
    spec:
      containers: [{name: app, image: "webhooks:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: orders
spec:
  selector:
    matchLabels: {app: orders}
  template:
    metadata:
      labels: {app: orders}
    spec:
      containers: [{name: app, image: "orders:1.0"}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: orders
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: orders}
  minReplicas: 2
  maxReplicas: 10
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: retired
spec:
  replicas: 0
  selector:
    matchLabels: {app: retired}
  template:
    metadata:
      labels: {app: retired}
    spec:
      containers: [{name: app, image: "retired:1.0"}]
```

## Good: in development

```yaml overlays/dev/manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: webhooks
spec:
  replicas: 1
  selector:
    matchLabels: {app: webhooks}
  template:
    metadata:
      labels: {app: webhooks}
    spec:
      containers: [{name: app, image: "webhooks:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Profile, Severity
from infracheck.kubernetes.matches import every
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._serving import is_asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.storage import ClaimUse
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation


@rule(
    Target.WORKLOAD,
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    profiles={Profile.SANDBOX: Severity.LOW, Profile.DEVELOPMENT: None},
    aliases=("kube-score:deployment-replicas", "polaris:deploymentMissingReplicas"),
    remedy="Run at least two replicas, or say why it must be alone.",
)
def single_replica(workload: Workload) -> Iterator[Violation]:
    """Yield the number of replicas if it is one and no autoscaler decides."""
    if not workload.has_replicas:
        return
    if every((lambda: workload.replicas == 1, lambda: not workload.autoscalers)):
        asked = is_asked(workload)
        cost = (
            "every restart of its pod or node is an outage"
            if asked
            else "nothing does its work while its pod restarts or moves"
        )
        yield workload.violation(
            workload.replicas_field,
            f"{workload.address} runs 1 replica: {cost}",
            severity=Severity.LOW if not asked or _is_best_alone(workload) else None,
        )


def _is_best_alone(workload: Workload) -> bool:
    """Whether a second pod would need the volume of the first, have data of its own, or is not wanted beside it."""
    if workload.strategy.type == "Recreate" or (
        workload.kind == "StatefulSet" and workload.at("spec.volumeClaimTemplates").exists
    ):
        return True
    return any(_is_held(use) for use in workload.claims) or workload.runs_data_store


def _is_held(use: ClaimUse) -> bool:
    """Whether it is one claim for all pods that is not known to be shared between nodes."""
    return not use.per_pod and (use.claim is None or use.claim.spec.is_single_node)
