"""Pods forbid Karpenter to replace their nodes.

With the annotation `karpenter.sh/do-not-disrupt: "true"` a node is neither consolidated nor updated as long as the pod
runs. For a job that is right: it ends. A Deployment does not: its nodes stay half empty, keep their old machine image
and are paid for, one for each replica, until somebody wonders why.

Not reported where every NodePool has a `terminationGracePeriod`, after which the node goes anyway.

## Fix

Remove the annotation, and protect the pods with a PodDisruptionBudget and a graceful shutdown.

## References

- [Karpenter: disruption, pod-level controls](https://karpenter.sh/docs/concepts/disruption/#pod-level-controls)

## Bad: on a Deployment, by the older name too

```yaml manifest.yaml
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
      annotations:
        karpenter.sh/do-not-disrupt: "true" # finding
    spec:
      containers: [{name: app, image: "shop:1.0"}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: queue
spec:
  selector:
    matchLabels: {app: queue}
  template:
    metadata:
      labels: {app: queue}
      annotations:
        karpenter.sh/do-not-evict: "true" # finding
    spec:
      containers: [{name: app, image: "queue:1.0"}]
```

## Good: a job, or a pool with an end

```yaml job/manifest.yaml
apiVersion: batch/v1
kind: Job
metadata:
  name: import
spec:
  template:
    metadata:
      annotations:
        karpenter.sh/do-not-disrupt: "true"
    spec:
      restartPolicy: Never
      containers: [{name: app, image: "import:1.0"}]
---
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
      annotations:
        karpenter.sh/do-not-disrupt: "false"
    spec:
      containers: [{name: app, image: "web:1.0"}]
```

```yaml bounded/manifest.yaml
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: general
spec:
  template:
    spec:
      terminationGracePeriod: 24h
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
      annotations:
        karpenter.sh/do-not-disrupt: "true"
    spec:
      containers: [{name: app, image: "shop:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.facts.labels import DO_NOT_DISRUPT
from infracheck.kubernetes.karpenter import NodePool
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

ANNOTATIONS = (DO_NOT_DISRUPT, "karpenter.sh/do-not-evict")


@rule(
    Target.WORKLOAD,
    kinds=("Deployment", "StatefulSet", "ReplicaSet", "Rollout", "DaemonSet"),
    severity=Severity.MEDIUM,
    category=Category.COST,
    priority=Priority.P3,
    remedy="Remove the annotation, and protect the pods with a PodDisruptionBudget.",
)
def pod_never_disrupted(workload: Workload) -> Iterator[Violation]:
    """Yield the annotation by which pods that run on keep their nodes."""
    pools = workload.objects.views(NodePool)
    if pools and all(pool.node["terminationGracePeriod"].exists for pool in pools):
        return
    for key in ANNOTATIONS:
        field = workload.pod_annotations[key]
        if field.boolean() is True:
            yield workload.violation(field, f"pods of {workload.address} keep their nodes for ever: {key}")
