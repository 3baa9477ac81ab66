"""Number of pods is written as a text.

`maxUnavailable`, `maxSurge` and `minAvailable` take a number (`1`) or a percentage in quotes (`"25%"`). A number in
quotes is neither: the API server refuses the object, "a valid percent string must be a numeric string followed by an
ending '%'". It comes from templates and substitutions that quote everything.

## Fix

Remove the quotes, or write the percent sign.

## References

- [Deployments: max unavailable](https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#max-unavailable)
- [Specifying a Disruption Budget for your Application](https://kubernetes.io/docs/tasks/run-application/configure-pdb/)

## Bad: quotes, a fraction, and more than all

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  strategy:
    rollingUpdate:
      maxSurge: "1" # finding
      maxUnavailable: 0.5 # finding
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  minAvailable: 120% # finding
  selector:
    matchLabels: {app: web}
```

## Good: numbers and percentages

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  strategy:
    rollingUpdate:
      maxSurge: 150%
      maxUnavailable: 0
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: "25%"
  selector:
    matchLabels: {app: web}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.quantity import int_or_percent
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each
from infracheck.source.values import Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation
    from infracheck.source.field import Field

ROLLING = ("spec.strategy.rollingUpdate.maxSurge", "spec.strategy.rollingUpdate.maxUnavailable")
UPDATE = ("spec.updateStrategy.rollingUpdate.maxSurge", "spec.updateStrategy.rollingUpdate.maxUnavailable")
PATHS = {
    "Deployment": ROLLING,
    "DaemonSet": UPDATE,
    "StatefulSet": UPDATE,
    "PodDisruptionBudget": ("spec.minAvailable", "spec.maxUnavailable"),
}
UNBOUNDED = "maxSurge"
"""Only this may be more than 100 % (`ValidateRollingUpdateDeployment` in `pkg/apis/apps/validation/validation.go`)."""
ALL = 100


@rule(
    Target.MANIFEST,
    kinds=("apps/Deployment", "apps/DaemonSet", "apps/StatefulSet", "policy/PodDisruptionBudget"),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    remedy="Write a number, or a percentage up to 100%.",
)
def invalid_pod_count(manifest: Manifest) -> Iterator[Violation]:
    """Yield each number of pods that is none."""

    def judge(path: str) -> Iterator[Violation]:
        field = manifest.at(path)
        problem = _problem(field, path.rpartition(".")[2])
        if problem:
            yield manifest.violation(field, f"{manifest.address}: {path.rpartition('.')[2]} {problem}")

    yield from judge_each(PATHS[manifest.kind], judge)


def _problem(field: Field, name: str) -> str:
    amount = int_or_percent(field)
    written = field.value.value if isinstance(field.value, Scalar) else None
    if amount is None:
        return f"{written!r} is neither a whole number nor a percentage" if written is not None else ""
    if amount.amount < 0:
        return f"{amount} is less than none"
    if amount.percent and amount.amount > ALL and name != UNBOUNDED:
        return f"{amount} is more than all pods"
    return ""
