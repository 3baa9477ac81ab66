"""Replicated workload has no PodDisruptionBudget.

Draining a node for an upgrade, and Karpenter consolidating nodes, evict pods as fast as the API server allows. Without
a budget nothing keeps them from taking all replicas of a workload in the same minute: running several does not help,
and the service is down until the new ones are ready. The rule looks at workloads that never run fewer than two pods,
by `replicas` or by the minimum of their autoscaler.

## Fix

Add a PodDisruptionBudget whose selector matches the pods' labels, with `maxUnavailable: 1`. That lets drains go on,
one pod at a time, however many replicas there are.

## References

- [Specifying a Disruption Budget for your Application](https://kubernetes.io/docs/tasks/run-application/configure-pdb/)
- [Disruptions](https://kubernetes.io/docs/concepts/workloads/pods/disruptions/)
- [EKS best practices: high availability of applications](https://docs.aws.amazon.com/eks/latest/best-practices/application.html)

## Bad: the budget is for something else

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: catalog # finding
spec:
  replicas: 3
  selector:
    matchLabels: {app: catalog}
  template:
    metadata:
      labels: {app: catalog}
    spec:
      containers:
        - name: app
          image: catalog:1.0
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: orders
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {app: orders}
```

## Bad: replicated by its autoscaler

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: catalog # finding
spec:
  selector:
    matchLabels: {app: catalog}
  template:
    metadata:
      labels: {app: catalog}
    spec:
      containers:
        - name: app
          image: catalog:1.0
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: catalog
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: catalog}
  minReplicas: 2
  maxReplicas: 10
```

## Bad: two environments, one cause

```yaml base/kustomization.yaml
resources: [deployment.yaml]
```

```yaml base/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: catalog # finding
spec:
  replicas: 3
  selector:
    matchLabels: {app: catalog}
  template:
    metadata:
      labels: {app: catalog}
    spec:
      containers:
        - name: app
          image: catalog:1.0
```

```yaml overlays/production/kustomization.yaml
namePrefix: production-
resources: [../../base]
```

```yaml overlays/staging/kustomization.yaml
namePrefix: staging-
nameSuffix: -eu
resources: [../../base]
```

## Good: a budget that matches

```yaml manifest.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ledger
spec:
  replicas: 3
  selector:
    matchLabels: {app: ledger}
  template:
    metadata:
      labels: {app: ledger, tier: data}
    spec:
      containers:
        - name: app
          image: ledger:1.0
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: data
spec:
  maxUnavailable: 1
  selector:
    matchExpressions:
      - {key: tier, operator: In, values: [data, cache]}
```

## Good: one pod, one per node, or none that stays

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: single
spec:
  replicas: 1
  selector:
    matchLabels: {app: single}
  template:
    metadata:
      labels: {app: single}
    spec:
      containers: [{name: app, image: "single:1.0"}]
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
      containers: [{name: app, image: "agent:1.0"}]
---
apiVersion: batch/v1
kind: Job
metadata:
  name: import
spec:
  parallelism: 4
  template:
    spec:
      restartPolicy: Never
      containers: [{name: app, image: "import:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: overprovisioning
spec:
  replicas: 3
  selector:
    matchLabels: {app: overprovisioning}
  template:
    metadata:
      labels: {app: overprovisioning}
    spec:
      priorityClassName: lowest
      containers: [{name: pause, image: "registry.k8s.io/pause:3.9"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Profile, Severity
from infracheck.kubernetes.matches import every
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

REPLICATED = 2


@rule(
    Target.WORKLOAD,
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    profiles={Profile.DEVELOPMENT: None},
    aliases=(
        "kube-score:deployment-has-poddisruptionbudget",
        "kube-score:statefulset-has-poddisruptionbudget",
        "polaris:missingPodDisruptionBudget",
    ),
    remedy="Add a PodDisruptionBudget with `maxUnavailable: 1` for these pods.",
)
def missing_pod_disruption_budget(workload: Workload) -> Iterator[Violation]:
    """Yield the workload if it is replicated and nothing limits how many of its pods are evicted at once."""
    if not workload.has_replicas:
        return
    demands = (
        lambda: workload.lowest_replicas >= REPLICATED,
        lambda: not workload.pdbs,
        lambda: not workload.is_placeholder,
    )
    if every(demands):
        yield workload.violation(
            workload.named,
            f"{workload.address} runs at least {workload.lowest_replicas} pods and no PodDisruptionBudget here selects "
            "them",
            related=[("the number of pods", workload.lowest_replicas_field)],
        )
