"""Quotas of a namespace leave CPU or memory without a bound.

A ResourceQuota bounds what it names and nothing else: with requests alone, the pods' limits may add up to many times
the cluster, and with CPU alone, memory is open. All quotas of a namespace count together.

Off by default: requests alone are a sensible choice where limits are the containers' own affair.

## Fix

Add the missing amounts to `spec.hard`.

## References

- [Resource Quotas](https://kubernetes.io/docs/concepts/policy/resource-quotas/)

## Bad: requests alone

```yaml manifest.yaml
apiVersion: v1
kind: ResourceQuota
metadata:
  name: shop
  namespace: shop
spec:
  hard: # finding
    requests.cpu: "10"
    requests.memory: 20Gi
    pods: "50"
```

## Good: two that bound everything

```yaml manifest.yaml
apiVersion: v1
kind: ResourceQuota
metadata:
  name: requests
  namespace: shop
spec:
  hard: {cpu: "10", memory: 20Gi}
---
apiVersion: v1
kind: ResourceQuota
metadata:
  name: limits
  namespace: shop
spec:
  hard: {limits.cpu: "20", limits.memory: 40Gi}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation

AMOUNTS: Final = {
    "requests.cpu": ("requests.cpu", "cpu"),
    "requests.memory": ("requests.memory", "memory"),
    "limits.cpu": ("limits.cpu",),
    "limits.memory": ("limits.memory",),
}
"""What is to be bounded, and the keys of `spec.hard` that do it."""


@rule(
    Target.MANIFEST,
    kinds=("ResourceQuota",),
    severity=Severity.LOW,
    category=Category.OPERATIONS,
    priority=Priority.P3,
    aliases=("AVD-KSV-0040", "KSV-0040"),
    tags=("checklist:resource-limits",),
    remedy="Add the missing amounts to `spec.hard`.",
    default=False,
)
def incomplete_resource_quota(manifest: Manifest) -> Iterator[Violation]:
    """Yield the first quota of a namespace if its quotas together leave something out."""
    quotas = [one for one in manifest.objects.of_kind("ResourceQuota") if one.namespace == manifest.namespace]
    if quotas[0].address != manifest.address:
        return
    bounded = {key for one in quotas for key, _ in one.at("spec.hard").items()}
    missing = [amount for amount, keys in AMOUNTS.items() if bounded.isdisjoint(keys)]
    if missing:
        yield manifest.violation(
            "spec.hard", f"the quotas of namespace {manifest.namespace} bound no {', no '.join(missing)}"
        )
