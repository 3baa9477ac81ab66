"""Topology spread constraint is refused by the API server.

`maxSkew` must be 1 or more, `topologyKey` must be given, `whenUnsatisfiable` is DoNotSchedule or ScheduleAnyway, and
`minDomains`, 1 or more, only goes with DoNotSchedule. Otherwise the object is refused; a pod template inside a custom
resource is accepted, and its pods are never made.

## Fix

Write `maxSkew: 1`, the node label to spread over, and what to do if that is not possible.

## References

- [Pod Topology Spread Constraints: API](https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/#spread-constraint-definition)

## Bad: what is missing or wrong

```yaml manifest.yaml
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
      topologySpreadConstraints:
        - maxSkew: 0 # finding
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {app: web}
        - maxSkew: 1
          topologyKey: kubernetes.io/hostname
          whenUnsatisfiable: Ignore # finding
          labelSelector:
            matchLabels: {app: web}
        - topologyKey: topology.kubernetes.io/region # finding
          whenUnsatisfiable: ScheduleAnyway
          labelSelector:
            matchLabels: {app: web}
        - maxSkew: 1
          topologyKey: example.com/rack
          whenUnsatisfiable: ScheduleAnyway
          minDomains: 3 # finding
          labelSelector:
            matchLabels: {app: web}
        - maxSkew: 1
          topologyKey: example.com/room
          whenUnsatisfiable: DoNotSchedule
          minDomains: 0 # finding
          labelSelector:
            matchLabels: {app: web}
```

## Good: complete

```yaml manifest.yaml
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
      topologySpreadConstraints:
        - maxSkew: 1
          topologyKey: topology.kubernetes.io/zone
          whenUnsatisfiable: DoNotSchedule
          minDomains: 3
          labelSelector:
            matchLabels: {app: web}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation
    from infracheck.source.field import Field

ACTIONS = ("DoNotSchedule", "ScheduleAnyway")


@rule(
    Target.WORKLOAD,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    aliases=("kube-score:pod-topology-spread-constraints",),
    remedy="Write `maxSkew`, `topologyKey` and `whenUnsatisfiable`.",
)
def invalid_spread_constraint(workload: Workload) -> Iterator[Violation]:
    """Yield each field of a constraint that the API server refuses."""

    def judge(entry: Field) -> Iterator[Violation]:
        for key, problem in _problems(entry):
            yield workload.violation(
                workload.at(f"{entry.path}.{key}"), f"{workload.address}: a spread constraint is refused: {problem}"
            )

    yield from judge_each(workload.pod.field["topologySpreadConstraints"], judge)


def _problems(entry: Field) -> Iterator[tuple[str, str]]:
    skew, action, domains = entry["maxSkew"].number(), entry["whenUnsatisfiable"].text(), entry["minDomains"]
    if skew is None or skew < 1:
        yield "maxSkew", f"maxSkew {'is missing' if skew is None else skew}, and 1 is the least"
    if not entry["topologyKey"].text():
        yield "topologyKey", "topologyKey is missing"
    if action not in ACTIONS:
        yield "whenUnsatisfiable", f"whenUnsatisfiable {action or 'is missing'}: it takes {' or '.join(ACTIONS)}"
    elif domains.exists and action != ACTIONS[0]:
        yield "minDomains", f"minDomains goes with {ACTIONS[0]} alone"
    elif domains.number(1) == 0:
        yield "minDomains", "minDomains 0, and 1 is the least"
