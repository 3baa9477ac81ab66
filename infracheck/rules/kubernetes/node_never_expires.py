"""Karpenter nodes live for ever.

A node that is never replaced keeps its kernel, its container runtime and whatever an intruder left on it. Expiry makes
sure that each machine is a fresh one after some weeks, even where nothing else changes, and shows early which pods
can't be moved.

## Fix

Leave `expireAfter` out (30 days), or set it to some weeks: `336h`.

## References

- [Karpenter: disruption, expiration](https://karpenter.sh/docs/concepts/disruption/#expiration)
- [EKS best practices: protecting the infrastructure, periodically replace nodes](https://docs.aws.amazon.com/eks/latest/best-practices/protecting-the-infrastructure.html)

## Bad: never, in both versions

```yaml manifest.yaml
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: general
spec:
  template:
    spec:
      expireAfter: Never # finding
---
apiVersion: karpenter.sh/v1beta1
kind: NodePool
metadata:
  name: old
spec:
  disruption:
    expireAfter: Never # finding
```

## Good: after two weeks, or the default

```yaml manifest.yaml
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: general
spec:
  template:
    spec:
      expireAfter: 336h
---
apiVersion: karpenter.sh/v1
kind: NodePool
metadata:
  name: plain
spec: {}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.karpenter import NodePool
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("karpenter.sh/NodePool",),
    severity=Severity.LOW,
    category=Category.OPERATIONS,
    priority=Priority.P3,
    remedy="Set `expireAfter` to some weeks.",
)
def node_never_expires(pool: NodePool) -> Iterator[Violation]:
    """Yield the lifetime if it has no end."""
    if pool.expire_after is None:
        yield pool.violation(pool.expire_after_field, f"nodes of {pool.address} are never replaced for their age")
