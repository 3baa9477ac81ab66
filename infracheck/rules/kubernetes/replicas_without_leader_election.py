"""Several replicas of a controller whose leader election is switched off.

Controllers and schedulers that run more than once agree on one of them to act, through a lease. With
`--leader-elect=false`, or a scheduler without an election such as `celery beat`, each replica acts by itself:
they undo each other's changes, and what should happen once happens as often as there are pods.

## Fix

Switch leader election on, or run one replica with `strategy: {type: Recreate}`.

## References

- [Leases: leader election](https://kubernetes.io/docs/concepts/architecture/leases/#leader-election)
- [Celery: periodic tasks](https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html)

## Bad: switched off, and unknown

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: operator
spec:
  replicas: 2
  selector:
    matchLabels: {app: operator}
  template:
    metadata:
      labels: {app: operator}
    spec:
      containers:
        - name: manager
          image: operator:1.0
          args:
            - --metrics-bind-address=:8080
            - --leader-elect=false # finding
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: beat
spec:
  replicas: 3
  selector:
    matchLabels: {app: beat}
  template:
    metadata:
      labels: {app: beat}
    spec:
      containers:
        - name: beat
          image: shop:1.0
          command: [celery, -A, shop, beat] # finding
```

## Bad: an overlay raises the number

```yaml base/kustomization.yaml
resources: [deployment.yaml]
```

```yaml base/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: operator
spec:
  selector:
    matchLabels: {app: operator}
  template:
    metadata:
      labels: {app: operator}
    spec:
      containers:
        - name: manager
          image: operator:1.0
          args: ["--enable-leader-election=false"] # finding
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
replicas:
  - name: operator
    count: 2
```

## Good: one replica, or one leader

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: operator
spec:
  replicas: 2
  selector:
    matchLabels: {app: operator}
  template:
    metadata:
      labels: {app: operator}
    spec:
      containers:
        - name: manager
          image: operator:1.0
          args: [--leader-elect=true]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: beat
spec:
  selector:
    matchLabels: {app: beat}
  template:
    metadata:
      labels: {app: beat}
    spec:
      containers:
        - name: beat
          image: shop:1.0
          command: [celery, -A, shop, beat]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker
spec:
  replicas: 3
  selector:
    matchLabels: {app: worker}
  template:
    metadata:
      labels: {app: worker}
    spec:
      containers:
        - name: worker
          image: shop:1.0
          command: [celery, -A, heartbeat, worker]
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation
    from infracheck.source.field import Field

SEVERAL = 2
OFF = re.compile(r"--?(?:enable-)?leader-elect(?:ion|ion-enabled)?=(?:false|False|0)", re.ASCII)
SCHEDULERS = (("celery", "beat"),)
"""Commands without leader election: a program, and the subcommand that makes it a scheduler."""


@rule(
    Target.WORKLOAD,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    confidence=Confidence.MEDIUM,
    remedy="Switch leader election on, or run one replica.",
)
def replicas_without_leader_election(workload: Workload) -> Iterator[Violation]:
    """Yield what says that each of several pods acts."""
    if not workload.has_replicas:
        return

    def judge(container: Container) -> Iterator[Violation]:
        found = _evidence(container)
        if found is None:
            return
        pods = workload.highest_replicas or 0
        if pods >= SEVERAL:
            field, what = found
            yield workload.violation(
                field,
                f"container {container.shown_name} of {workload.address}: {pods} pods, {what}: each of them acts",
                related=[("the number of pods", workload.lowest_replicas_field)],
            )

    yield from judge_each(workload.pod.main_containers, judge)


def _evidence(container: Container) -> tuple[Field, str] | None:
    for key in ("command", "args"):
        for word in container.field[key]:
            if OFF.fullmatch(word.text("") or ""):
                return word, word.text("") or ""
    words = [*container.field["command"].texts(), *container.field["args"].texts()]
    for program, subcommand in SCHEDULERS:
        if words and words[0].rpartition("/")[2] == program and subcommand in words[1:]:
            where = "command" if subcommand in container.field["command"].texts() else "args"
            return container.at(where), f"{program} {subcommand}, which elects no leader"
    return None
