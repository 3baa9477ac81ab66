"""Workload runs fewer than three replicas.

Three pods, one for each zone, survive the loss of a zone while another pod is drained or updated: with two, one of the
two events leaves a single pod, and both leave none. Smaller services do well with two, and therefore the rule does not
run unless it is selected; a single one is reported by `kubernetes/single-replica`, and what an autoscaler decides by
`kubernetes/hpa-low-minimum`.

## Fix

Run three replicas. Another number can be set in `infracheck.toml`:

```toml
[rules."kubernetes/low-replicas"]
replicas = 2
```

## References

- [Disruptions](https://kubernetes.io/docs/concepts/workloads/pods/disruptions/)
- [EKS best practices: run multiple replicas](https://docs.aws.amazon.com/eks/latest/best-practices/application.html)

## Bad: two, and one by default

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2 # finding
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ledger
spec: # finding
  selector:
    matchLabels: {app: ledger}
  template:
    metadata:
      labels: {app: ledger}
    spec:
      containers: [{name: app, image: "ledger:1.0"}]
```

## Good: three, none, or an autoscaler's

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
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: off
spec:
  replicas: 0
  selector:
    matchLabels: {app: off}
  template:
    metadata:
      labels: {app: off}
    spec:
      containers: [{name: app, image: "off:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: scaled
spec:
  selector:
    matchLabels: {app: scaled}
  template:
    metadata:
      labels: {app: scaled}
    spec:
      containers: [{name: app, image: "scaled:1.0"}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: scaled
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: scaled}
  minReplicas: 2
  maxReplicas: 8
```

## Good: as many as the team asks for

```toml infracheck.toml
[rules."kubernetes/low-replicas"]
replicas = 2
```

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from infracheck.findings.severity import Category, Priority, Profile, Severity
from infracheck.kubernetes.matches import every
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation


class Least(BaseModel):
    """The settings of this rule."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    replicas: int = Field(default=3, ge=1)
    """The fewest pods a workload should run."""


@rule(
    Target.WORKLOAD,
    severity=Severity.LOW,
    category=Category.AVAILABILITY,
    priority=Priority.P3,
    profiles={Profile.DEVELOPMENT: None},
    aliases=("kube-linter:minimum-three-replicas",),
    settings=Least,
    default=False,
    remedy="Run at least three replicas.",
)
def low_replicas(workload: Workload, least: Least) -> Iterator[Violation]:
    """Yield the number of replicas if it is lower than what is asked for and no autoscaler decides."""
    if not workload.has_replicas:
        return
    if every((lambda: 0 < workload.replicas < least.replicas, lambda: not workload.autoscalers)):
        yield workload.violation(
            workload.replicas_field,
            f"{workload.address} runs {workload.replicas} of the {least.replicas} replicas a workload should have",
        )
