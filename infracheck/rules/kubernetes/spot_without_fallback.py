"""Pods that did not ask for spot nodes have nothing but spot nodes.

EC2 takes spot nodes back with two minutes' notice, and sometimes gives none at all. Software that is made for that says
so: it selects spot nodes or tolerates their taint. A pool of spot nodes alone, without a taint, and no other pool that
takes the same pods, puts everything there: a shortage in a zone then is an outage.

## Fix

Allow both, `values: [spot, on-demand]`: Karpenter takes spot first and falls back. Or give the spot pool a taint, and
make a second pool for the rest.

## References

- [Karpenter: scheduling, capacity type](https://karpenter.sh/docs/concepts/scheduling/)
- [EKS best practices: Karpenter](https://docs.aws.amazon.com/eks/latest/best-practices/karpenter.html)

## Bad: the only pool

```yaml manifest.yaml
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: general
spec:
  template:
    spec:
      requirements:
        - key: karpenter.sh/capacity-type # finding
          operator: In
          values: [spot]
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
      containers: [{name: app, image: "shop:1.0"}]
```

## Bad: an overlay takes the fallback away

```yaml base/kustomization.yaml
resources: [manifest.yaml]
```

```yaml base/manifest.yaml
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: general
spec:
  template:
    spec:
      requirements:
        - {key: karpenter.sh/capacity-type, operator: In, values: [spot, on-demand]} # finding
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
      containers: [{name: app, image: "shop:1.0"}]
```

```yaml overlays/sandbox/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: NodePool}
    patch: |
      - op: remove
        path: /spec/template/spec/requirements/0/values/1
```

## Good: both kinds, a second pool, or pods that ask for it

```yaml both/manifest.yaml
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: general
spec:
  template:
    spec:
      requirements:
        - {key: karpenter.sh/capacity-type, operator: In, values: [spot, on-demand]}
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
      containers: [{name: app, image: "shop:1.0"}]
```

```yaml two/manifest.yaml
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: spot
spec:
  template:
    spec:
      taints: [{key: spot, value: "true", effect: NoSchedule}]
      requirements:
        - {key: karpenter.sh/capacity-type, operator: In, values: [spot]}
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: on-demand
spec:
  template:
    spec:
      requirements:
        - {key: karpenter.sh/capacity-type, operator: In, values: [on-demand]}
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
      containers: [{name: app, image: "shop:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: import
spec:
  selector:
    matchLabels: {app: import}
  template:
    metadata:
      labels: {app: import}
    spec:
      nodeSelector: {karpenter.sh/capacity-type: spot}
      tolerations: [{key: spot, operator: Exists}]
      containers: [{name: app, image: "import:1.0"}]
```

## Bad: five of them

```yaml manifest.yaml
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: general
spec:
  template:
    spec:
      requirements:
        - {key: karpenter.sh/capacity-type, operator: In, values: [spot]} # finding
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: a
spec:
  selector:
    matchLabels: {app: a}
  template:
    metadata:
      labels: {app: a}
    spec:
      priorityClassName: normal
      containers: [{name: app, image: "a:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: b
spec:
  selector:
    matchLabels: {app: b}
  template:
    metadata:
      labels: {app: b}
    spec:
      priorityClassName: normal
      containers: [{name: app, image: "b:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: c
spec:
  selector:
    matchLabels: {app: c}
  template:
    metadata:
      labels: {app: c}
    spec:
      priorityClassName: normal
      containers: [{name: app, image: "c:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: d
spec:
  selector:
    matchLabels: {app: d}
  template:
    metadata:
      labels: {app: d}
    spec:
      priorityClassName: normal
      containers: [{name: app, image: "d:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: e
spec:
  selector:
    matchLabels: {app: e}
  template:
    metadata:
      labels: {app: e}
    spec:
      priorityClassName: normal
      containers: [{name: app, image: "e:1.0"}]
```

## Good: they ask for it, without a taint; or no pool takes them

```yaml manifest.yaml
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: general
spec:
  template:
    spec:
      requirements:
        - {key: karpenter.sh/capacity-type, operator: In, values: [spot]}
        - {key: kubernetes.io/arch, operator: In, values: [arm64]}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
spec:
  selector:
    matchLabels: {app: worker}
  template:
    metadata:
      labels: {app: worker}
    spec:
      nodeSelector: {karpenter.sh/capacity-type: spot}
      containers: [{name: app, image: "worker:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: old
spec:
  selector:
    matchLabels: {app: old}
  template:
    metadata:
      labels: {app: old}
    spec:
      nodeSelector: {kubernetes.io/arch: amd64}
      containers: [{name: app, image: "old:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.facts.labels import CAPACITY_TYPE
from infracheck.kubernetes.karpenter import NodePool
from infracheck.kubernetes.matches import gather
from infracheck.kubernetes.spot import asks_for_spot
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.objects import Objects
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

SHOWN = 3
"""Workloads that the message names."""


@rule(
    Target.OBJECTS,
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    remedy="Allow on-demand nodes too: `values: [spot, on-demand]`.",
)
def spot_without_fallback(objects: Objects) -> Iterator[Violation]:
    """Yield the capacity type of each spot pool that workloads depend on which did not ask for it."""
    pools = objects.views(NodePool)
    if all(pool.allows_on_demand or not pool.allows_spot for pool in pools):
        return
    stuck: dict[NodePool, list[Workload]] = {}

    def sort(workload: Workload) -> Iterator[Violation]:
        if workload.has_replicas and asks_for_spot(workload.pod) is None:
            accepting = tuple(gather(pools, lambda pool: pool.accepts(workload.pod)))
            if accepting and not any(pool.allows_on_demand for pool in accepting):
                stuck.setdefault(accepting[0], []).append(workload)
        yield from ()

    yield from judge_each(objects.workloads, sort)
    for pool, workloads in stuck.items():
        entries = (one.field for one in pool.requirements if one.key == CAPACITY_TYPE)
        place = next(entries, pool.at("spec.template.spec.requirements"))
        names = ", ".join(workload.address for workload in workloads[:SHOWN])
        more = f" and {len(workloads) - SHOWN} more" if len(workloads) > SHOWN else ""
        yield pool.violation(
            place["key"] if place["key"].exists else place,
            f"{names}{more} may run on spot nodes of {pool.address} only and did not ask for that",
            related=[(workload.address, workload.at("metadata.name")) for workload in workloads[:SHOWN]],
        )
