"""Topology spread constraint does not count the pods it stands in.

A constraint spreads what its `labelSelector` matches. If that is not the pod itself, the pods of this workload do not
add to any count: the scheduler finds every zone equally good, and all of them may end up in one. Without a selector
nothing is counted at all. The usual cause is a label that was renamed, or a base that was copied.

## Fix

Select the labels of the pod template.

## References

- [Pod Topology Spread Constraints](https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/)

## Bad: another label, and no selector

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
          labelSelector: # finding
            matchLabels: {app: webb}
        - maxSkew: 1 # finding
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
      containers: [{name: app, image: "web:1.0"}]
```

## Bad: the overlay renames the label of the pods alone

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
      labels: {app: web, tier: front}
    spec:
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: DoNotSchedule
          labelSelector: # finding
            matchExpressions: [{key: tier, operator: In, values: [front]}]
      containers: [{name: app, image: "web:1.0"}]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - patch: |-
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
      spec:
        template:
          metadata:
            labels: {tier: edge}
```

## Good: its own labels, all pods, or one revision

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
          matchLabelKeys: [pod-template-hash]
          labelSelector:
            matchLabels: {app: web}
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: ScheduleAnyway
          labelSelector: {}
      containers: [{name: app, image: "web:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.scheduling import SpreadConstraint
from infracheck.kubernetes.selector import describe
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation
    from infracheck.source.field import Field


@rule(
    Target.WORKLOAD,
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    aliases=("kube-score:pod-topology-spread-constraints",),
    remedy="Select the labels of the pod template.",
)
def spread_selects_nothing(workload: Workload) -> Iterator[Violation]:
    """Yield each selector that does not fit the workload's own pods."""

    def judge(entry: Field) -> Iterator[Violation]:
        constraint = SpreadConstraint(entry)
        if workload.is_selected_by(constraint.selector):
            return
        selector = constraint.selector
        what = f"pods with {describe(selector)}" if selector.field.exists else "no pods: it has no labelSelector"
        yield workload.violation(
            selector.field,
            f"{workload.address}: the spread over {constraint.topology_key} counts {what}, 0 of its own",
            related=[("the labels of the pods", workload.pod_labels)],
        )

    yield from judge_each(workload.pod.field["topologySpreadConstraints"], judge)
