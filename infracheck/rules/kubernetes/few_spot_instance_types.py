"""Spot nodes may be of a few instance types only.

Spot capacity is what is left of each instance type in each zone. A pool that takes two types loses all its nodes at
once when somebody else buys those, and gets no new ones. AWS advises to be flexible across at least ten types;
Karpenter moves spot nodes to cheaper ones only where it may choose among fifteen.

Counted are types that are listed by name, or families and sizes that are both listed.

## Fix

Describe what is needed in place of naming types: `karpenter.k8s.aws/instance-category` and
`karpenter.k8s.aws/instance-generation` with `Gt`, or list at least ten.

## References

- [Best practices for Amazon EC2 Spot: be flexible about instance types](https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/spot-best-practices.html)
- [Karpenter: spot consolidation](https://karpenter.sh/docs/concepts/disruption/#spot-consolidation)

## Bad: two types, and two families of two sizes

```yaml manifest.yaml
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: spot
spec:
  template:
    spec:
      requirements:
        - {key: karpenter.sh/capacity-type, operator: In, values: [spot]}
        - key: node.kubernetes.io/instance-type # finding
          operator: In
          values: [m6i.large, m6a.large]
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: families
spec:
  template:
    spec:
      requirements:
        - {key: karpenter.sh/capacity-type, operator: In, values: [spot, on-demand]}
        - key: karpenter.k8s.aws/instance-family # finding
          operator: In
          values: [m6i, m6a]
        - {key: karpenter.k8s.aws/instance-size, operator: In, values: [large, xlarge]}
```

## Good: described, many, or on demand

```yaml manifest.yaml
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: spot
spec:
  template:
    spec:
      requirements:
        - {key: karpenter.sh/capacity-type, operator: In, values: [spot]}
        - {key: karpenter.k8s.aws/instance-category, operator: In, values: [c, m, r]}
        - {key: karpenter.k8s.aws/instance-generation, operator: Gt, values: ["4"]}
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: families
spec:
  template:
    spec:
      requirements:
        - {key: karpenter.sh/capacity-type, operator: In, values: [spot]}
        - {key: karpenter.k8s.aws/instance-family, operator: In, values: [m5, m6i, m6a, m7i]}
        - {key: karpenter.k8s.aws/instance-size, operator: In, values: [large, xlarge, 2xlarge]}
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
        - {key: node.kubernetes.io/instance-type, operator: In, values: [m6i.large]}
```

## Good: sizes alone

```yaml manifest.yaml
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: sizes
spec:
  template:
    spec:
      requirements:
        - {key: karpenter.sh/capacity-type, operator: In, values: [spot]}
        - {key: karpenter.k8s.aws/instance-size, operator: In, values: [large]}
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: families
spec:
  template:
    spec:
      requirements:
        - {key: karpenter.sh/capacity-type, operator: In, values: [spot]}
        - {key: karpenter.k8s.aws/instance-family, operator: In, values: [m6i]}
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: all
spec:
  template:
    spec:
      requirements:
        - {key: karpenter.sh/capacity-type, operator: In, values: [spot]}
        - {key: node.kubernetes.io/instance-type, operator: NotIn, values: [t3.nano]}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.facts.labels import INSTANCE_TYPE
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.karpenter import NodePool
    from infracheck.rule import Violation

ENOUGH = 10
"""Types that AWS advises for spot."""
FAMILY = "karpenter.k8s.aws/instance-family"
SIZE = "karpenter.k8s.aws/instance-size"


@rule(
    Target.MANIFEST,
    kinds=("karpenter.sh/NodePool",),
    severity=Severity.LOW,
    category=Category.AVAILABILITY,
    priority=Priority.P2,
    remedy="Describe what is needed in place of naming types, or list at least ten.",
)
def few_spot_instance_types(pool: NodePool) -> Iterator[Violation]:
    """Yield the requirement that leaves a spot pool few types."""
    if not pool.allows_spot:
        return
    types, families, sizes = (_listed(pool, key) for key in (INSTANCE_TYPE, FAMILY, SIZE))
    if types:
        key, count, sum_ = INSTANCE_TYPE, types, ""
    elif families and sizes:
        key, count, sum_ = FAMILY, families * sizes, f" ({families} x {sizes})"
    else:
        return
    if count < ENOUGH:
        place = next(one.field for one in pool.requirements if one.key == key)
        number = "1 type" if count == 1 else f"{count} types{sum_}"
        yield pool.violation(
            place["key"] if place["key"].exists else place,
            f"spot nodes of {pool.address} may be of {number}: AWS advises {ENOUGH} at least",
        )


def _listed(pool: NodePool, key: str) -> int:
    """How many values of a label are listed; 0 where there is no list."""
    values = pool.values(key)
    return 0 if values.is_complement else len(values.values)
