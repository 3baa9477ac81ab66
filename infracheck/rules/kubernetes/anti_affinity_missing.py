"""Nothing spreads the replicas over nodes.

Several replicas protect against the loss of a node or zone only if they do not share it. Without a pod anti-affinity or
a topology spread constraint the scheduler merely prefers to spread: on a full cluster, or after Karpenter has packed
pods together, all of them can end up on one node, and one failure or one spot interruption takes the service down.
Pods that take a port of their node can't share one anyway. An anti-affinity that speaks of other pods alone, or of
other namespaces, does not keep the replicas apart from each other.

## Fix

Add `topologySpreadConstraints` over `topology.kubernetes.io/zone` and `kubernetes.io/hostname`, or a preferred
`podAntiAffinity` against the workload's own labels.

## References

- [Pod Topology Spread Constraints](https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/)
- [Inter-pod affinity and anti-affinity](https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity)
- [EKS best practices: spread replicas](https://docs.aws.amazon.com/eks/latest/best-practices/application.html)

## Bad: three pods anywhere

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec: # finding
      containers: [{name: app, image: "web:1.0"}]
```

## Bad: kept away from others only

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 3
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      affinity:
        podAntiAffinity: # finding
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              namespaces: [web]
              labelSelector:
                matchLabels: {app: web}
            - topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels: {app: ledger}
      containers: [{name: app, image: "web:1.0"}]
```

## Good: spread, kept apart, or alone

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 3
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {app: web}
      containers: [{name: app, image: "web:1.0"}]
---
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
      labels: {app: ledger}
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels: {app: ledger}
      containers: [{name: app, image: "ledger:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: single
spec:
  selector:
    matchLabels: {app: single}
  template:
    metadata:
      labels: {app: single}
    spec:
      containers: [{name: app, image: "single:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: edge
spec:
  replicas: 2
  selector:
    matchLabels: {app: edge}
  template:
    metadata:
      labels: {app: edge}
    spec:
      containers: [{name: app, image: "edge:1.0", ports: [{containerPort: 443, hostPort: 443}]}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: router
spec:
  replicas: 2
  selector:
    matchLabels: {app: router}
  template:
    metadata:
      labels: {app: router}
    spec:
      hostNetwork: true
      containers: [{name: app, image: "router:1.0", ports: [{containerPort: 443}]}]
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
from infracheck.kubernetes.scheduling import affinity_terms
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._anti_affinity import is_aimed, keeps_own_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

SEVERAL = 2


@rule(
    Target.WORKLOAD,
    severity=Severity.LOW,
    category=Category.AVAILABILITY,
    profiles={Profile.DEVELOPMENT: None},
    aliases=(
        "kube-linter:no-anti-affinity",
        "kube-score:deployment-has-host-podantiaffinity",
        "kube-score:statefulset-has-host-podantiaffinity",
        "polaris:topologySpreadConstraint",
    ),
    remedy="Add `topologySpreadConstraints`, or a `podAntiAffinity` against the workload's own labels.",
)
def anti_affinity_missing(workload: Workload) -> Iterator[Violation]:
    """Yield the pods of a replicated workload if nothing keeps them apart."""
    if not workload.has_replicas:
        return
    pod = workload.pod.field
    if len(pod["topologySpreadConstraints"]) or workload.pod.takes_host_port or workload.is_placeholder:
        return
    terms = affinity_terms(pod.at("affinity.podAntiAffinity"))
    if terms and (keeps_own_apart(workload, terms) or not is_aimed(workload, terms)):
        return
    if workload.lowest_replicas < SEVERAL:
        return
    pods = f"the {workload.lowest_replicas} pods of {workload.address}"
    if not terms:
        yield workload.violation(workload.pod.at("topologySpreadConstraints"), f"nothing keeps {pods} off one node")
    else:
        yield workload.violation(
            workload.pod.at("affinity.podAntiAffinity"),
            f"the anti-affinity keeps {pods} away from others, and not from each other",
        )
