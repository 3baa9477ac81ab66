"""Workload runs a single replica in production.

With one pod there is no other to answer while it restarts, moves to another node, or runs out of memory: every drain,
node failure and crash is an outage of the whole service. A rolling update hides this on ordinary days, because it
starts the new pod first. The rule looks at `replicas` as it ends up in the environment; a workload under an autoscaler
is judged by `kubernetes/hpa-single-minimum`.

## Fix

Run two replicas or more in production, spread over nodes, behind a PodDisruptionBudget. A workload that must be alone,
because it holds the one volume or because two would work against each other, is reported with low severity: say so
with a suppression and its reason.

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

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    remedy="Run at least two replicas.",
)
def single_replica(workload: Workload) -> Iterator[Violation]:
    """Yield the number of replicas if it is one and no autoscaler decides."""
    if not workload.has_replicas:
        return
    if every((lambda: workload.replicas == 1, lambda: not workload.autoscalers)):
        yield workload.violation(
            workload.replicas_field,
            f"{workload.address} runs 1 replica: every restart of its pod or node is an outage",
            severity=Severity.LOW if _keeps_a_volume(workload) else None,
        )


def _keeps_a_volume(workload: Workload) -> bool:
    """Whether a second pod would need the volume of the first, or data of its own."""
    if workload.kind == "StatefulSet" and workload.at("spec.volumeClaimTemplates").exists:
        return True
    claimed = any(volume.kind == "persistentVolumeClaim" for volume in workload.pod.volumes)
    return claimed and workload.strategy.type != "RollingUpdate"
