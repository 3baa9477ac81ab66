"""Required anti-affinity leaves no place for a pod.

A required anti-affinity against a workload's own pods allows one of them for each zone, or node, of the cluster. More
replicas than zones stay pending for ever. With exactly as many it is every release that hangs: the new pod finds no
zone without an old one, and where `maxUnavailable` comes to 0, as 25 % of three replicas does, no old one may go first.
`kubernetes/anti-affinity-unsatisfiable` counts with three zones, the number most regions have; the number of nodes is
only known if you say so.

## Fix

Make the anti-affinity preferred, use `topologySpreadConstraints` with `maxSkew: 1` instead, or set `maxSurge: 0` and
`maxUnavailable: 1`, so that an old pod makes room for the new one. Say how large the cluster is in `infracheck.toml`:

```toml
[rules."kubernetes/anti-affinity-unsatisfiable"]
zones = 3
nodes = 12
```

## References

- [Inter-pod affinity and anti-affinity](https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#inter-pod-affinity-and-anti-affinity)
- [Deployments: rolling update](https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment)
- [Pod Topology Spread Constraints](https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/)

## Bad: five pods in three zones

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 5
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: topology.kubernetes.io/zone # finding
              labelSelector:
                matchLabels: {app: web}
      containers: [{name: app, image: "web:1.0"}]
```

## Bad: three of three, and the update needs a fourth

```yaml base/kustomization.yaml
resources: [deployment.yaml]
```

```yaml base/deployment.yaml
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
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: topology.kubernetes.io/zone # finding
              labelSelector:
                matchExpressions: [{key: app, operator: In, values: [web]}]
      containers: [{name: app, image: "web:1.0"}]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
replicas:
  - name: web
    count: 3
```

## Bad: more than the nodes there are

```toml infracheck.toml
[rules."kubernetes/anti-affinity-unsatisfiable"]
nodes = 4
```

```yaml manifest.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ledger
spec:
  replicas: 5
  selector:
    matchLabels: {app: ledger}
  template:
    metadata:
      labels: {app: ledger}
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: kubernetes.io/hostname # finding
              labelSelector:
                matchLabels: {app: ledger}
      containers: [{name: app, image: "ledger:1.0"}]
```

## Good: room, an old pod that goes first, a preference, or another revision's pods do not count

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: two
spec:
  replicas: 2
  selector:
    matchLabels: {app: two}
  template:
    metadata:
      labels: {app: two}
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: topology.kubernetes.io/zone
              labelSelector:
                matchLabels: {app: two}
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: yielding
spec:
  replicas: 3
  strategy:
    rollingUpdate: {maxSurge: 1, maxUnavailable: 1}
  selector:
    matchLabels: {app: yielding}
  template:
    metadata:
      labels: {app: yielding}
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: topology.kubernetes.io/zone
              labelSelector:
                matchLabels: {app: yielding}
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: revision
spec:
  replicas: 3
  selector:
    matchLabels: {app: revision}
  template:
    metadata:
      labels: {app: revision}
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: topology.kubernetes.io/zone
              matchLabelKeys: [pod-template-hash]
              labelSelector:
                matchLabels: {app: revision}
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: three
spec:
  replicas: 3
  selector:
    matchLabels: {app: three}
  template:
    metadata:
      labels: {app: three}
    spec:
      affinity:
        podAntiAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: topology.kubernetes.io/zone
              labelSelector:
                matchLabels: {app: three}
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: preferred
spec:
  replicas: 9
  selector:
    matchLabels: {app: preferred}
  template:
    metadata:
      labels: {app: preferred}
    spec:
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
            - weight: 100
              podAffinityTerm:
                topologyKey: topology.kubernetes.io/zone
                labelSelector:
                  matchLabels: {app: preferred}
          requiredDuringSchedulingIgnoredDuringExecution:
            - topologyKey: topology.kubernetes.io/zone
              labelSelector:
                matchLabels: {app: database}
            - topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels: {app: preferred}
      containers: [{name: app, image: "web:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from infracheck.findings.severity import Category, Confidence, Severity
from infracheck.kubernetes.facts.labels import HOSTNAME, LEGACY_NODE_LABELS, ZONE
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.scheduling import AffinityTerm
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

OWN_REVISION = "pod-template-hash"


class Cluster(BaseModel):
    """The settings of this rule."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    zones: int = Field(default=3, ge=1)
    """The zones the cluster's nodes stand in."""
    nodes: int = Field(default=0, ge=0)
    """The nodes of the cluster, 0 where that is not known or they are made on demand."""


@rule(
    Target.WORKLOAD,
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    confidence=Confidence.MEDIUM,
    settings=Cluster,
    remedy="Make the anti-affinity preferred, or use `topologySpreadConstraints`.",
)
def anti_affinity_unsatisfiable(workload: Workload, cluster: Cluster) -> Iterator[Violation]:
    """Yield each required term that has fewer places than pods, at rest or during an update."""
    if not workload.has_replicas:
        return

    def judge(term: AffinityTerm) -> Iterator[Violation]:
        places, what = _places(term, cluster)
        if not places or not term.required:
            return
        pods = workload.highest_replicas or 0
        if pods > places:
            problem = f"up to {pods} pods, one for each of {places} {what}: {pods - places} stay pending"
        elif pods == places and _needs_another(workload, pods, term):
            problem = (
                f"{pods} pods, one for each of {places} {what}, and maxUnavailable 0: an update finds no room for "
                "its first pod"
            )
        else:
            return
        yield workload.violation(
            term.field["topologyKey"],
            f"{workload.address}: {problem}",
            related=[("the number of pods", workload.lowest_replicas_field)],
        )

    yield from judge_each(workload.pod.anti_affinity, judge)


def _places(term: AffinityTerm, cluster: Cluster) -> tuple[int, str]:
    key = LEGACY_NODE_LABELS.get(term.topology_key, term.topology_key)
    return {ZONE: (cluster.zones, "zones"), HOSTNAME: (cluster.nodes, "nodes")}.get(key, (0, ""))


def _needs_another(workload: Workload, pods: int, term: AffinityTerm) -> bool:
    """Whether an update begins with a pod more, which the old ones leave no place."""
    if workload.kind != "Deployment" or OWN_REVISION in term.field["matchLabelKeys"].texts():
        return False
    return workload.strategy.type == "RollingUpdate" and workload.strategy.max_unavailable(pods) == 0
