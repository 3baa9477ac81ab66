"""PodDisruptionBudget sets neither minAvailable nor maxUnavailable.

Without one of the two the controller allows no disruption at all: the pods can't be evicted, drains of their nodes wait
for ever, and cluster upgrades stop.

## Fix

Add `maxUnavailable: 1`.

## References

- [Specifying a Disruption Budget for your Application](https://kubernetes.io/docs/tasks/run-application/configure-pdb/)

## Bad: a selector alone

```yaml manifest.yaml
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec: # finding
  selector:
    matchLabels: {app: web}
```

## Good: one pod may go

```yaml manifest.yaml
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {app: web}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.disruption import DisruptionBudget
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("policy/PodDisruptionBudget",),
    severity=Severity.HIGH,
    category=Category.AVAILABILITY,
    aliases=("kube-score:poddisruptionbudget-has-policy",),
    remedy="Add `maxUnavailable: 1`.",
)
def pdb_without_budget(budget: DisruptionBudget) -> Iterator[Violation]:
    """Yield the budget if it says nothing about how many."""
    spec = budget.field["spec"].require()
    if not spec["minAvailable"].exists and not spec["maxUnavailable"].exists:
        yield budget.violation("spec", f"{budget.address} says neither how many pods must stay nor how many may go")
