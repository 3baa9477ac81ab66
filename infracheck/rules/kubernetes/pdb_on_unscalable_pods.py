"""PodDisruptionBudget counts pods whose intended number nobody can tell.

For `maxUnavailable`, and for any percentage, the disruption controller asks the owner of the pods how many there should
be, through the `scale` subresource. A Job has none, and bare pods have no owner: the controller reports "found no
controllers for pod", or counts 0 pods, and allows no eviction at all. Every drain of a node under such a pod then waits
until the pod ends by itself.

## Fix

Use `minAvailable` with a plain number, or select only pods of Deployments and StatefulSets.

## References

- [Specifying a Disruption Budget: arbitrary workloads and arbitrary selectors](https://kubernetes.io/docs/tasks/run-application/configure-pdb/#arbitrary-controllers-and-selectors)

## Bad: a share of jobs, and of a bare pod

```yaml manifest.yaml
apiVersion: batch/v1
kind: Job
metadata:
  name: import
spec:
  parallelism: 4
  template:
    metadata:
      labels: {app: import}
    spec:
      restartPolicy: OnFailure
      containers: [{name: app, image: "import:1.0"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: import
spec:
  maxUnavailable: 1 # finding
  selector:
    matchLabels: {app: import}
---
apiVersion: v1
kind: Pod
metadata:
  name: bastion
  labels: {app: bastion}
spec:
  containers: [{name: app, image: "bastion:1.0"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: bastion
spec:
  minAvailable: 50% # finding
  selector:
    matchLabels: {app: bastion}
```

## Good: a number that must stay, or pods with a scale

```yaml manifest.yaml
apiVersion: batch/v1
kind: Job
metadata:
  name: import
spec:
  parallelism: 4
  template:
    metadata:
      labels: {app: import}
    spec:
      restartPolicy: OnFailure
      containers: [{name: app, image: "import:1.0"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: import
spec:
  minAvailable: 3
  selector:
    matchLabels: {app: import}
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
      containers: [{name: app, image: "ledger:1.0"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: ledger
spec:
  maxUnavailable: 1
  selector:
    matchLabels: {app: ledger}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.disruption import DisruptionBudget
    from infracheck.rule import Violation

UNSCALABLE = ("Job", "CronJob", "Pod")


@rule(
    Target.MANIFEST,
    kinds=("policy/PodDisruptionBudget",),
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    remedy="Use `minAvailable` with a plain number.",
)
def pdb_on_unscalable_pods(budget: DisruptionBudget) -> Iterator[Violation]:
    """Yield what the budget says if the controller can't find out what it is a share of."""
    share = budget.share
    if share is None or not share.needs_scale:
        return
    culprit = find(budget.workloads, lambda workload: workload.kind in UNSCALABLE)
    if culprit is not None:
        yield budget.violation(
            share.field,
            f"{budget.address}: {share} of the pods of {culprit.address}, a {culprit.kind}, which has no scale: "
            "0 pods may be evicted",
            related=[("the pods", culprit.at("metadata.name"))],
        )
