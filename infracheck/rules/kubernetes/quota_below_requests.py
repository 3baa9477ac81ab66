"""Quota of the namespace is smaller than what its workloads ask for.

The API server refuses the pods that no longer fit. A Deployment then stays below its replicas, with an event `exceeded
quota` on a ReplicaSet that nobody looks at, and a rolling update stands still: which workload is hit depends on the
order in which pods happen to start.

The sum counts each workload with its replicas, or with its autoscaler's minimum; a DaemonSet counts as one pod and
Jobs as none, so that the real need is higher. LimitRanges fill in what containers don't say. Quotas with scopes are
left out.

## Fix

Raise the quota, with room for the additional pods of rolling updates and autoscalers, or lower requests and replicas.

## References

- [Resource Quotas](https://kubernetes.io/docs/concepts/policy/resource-quotas/)

## Bad: CPU, by six pods of 750 millicores

```yaml manifest.yaml
apiVersion: v1
kind: ResourceQuota
metadata:
  name: compute
  namespace: shop
spec:
  hard:
    requests.cpu: "4" # finding
    requests.memory: 10Gi
    pods: "10"
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 4
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: app
          image: web:1.0
          resources: {requests: {cpu: 750m, memory: 1Gi}}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      containers:
        - name: app
          image: web:1.0
          resources: {limits: {cpu: 750m, memory: 1Gi}}
```

## Bad: an overlay's replicas

```yaml base/kustomization.yaml
resources:
  - all.yaml
```

```yaml base/all.yaml
apiVersion: v1
kind: ResourceQuota
metadata:
  name: compute
  namespace: shop
spec:
  hard:
    memory: 4Gi # finding
    pods: 5 # finding
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: app
          image: web:1.0
          resources: {requests: {cpu: 500m, memory: 1Gi}}
```

```yaml overlays/production/kustomization.yaml
resources:
  - ../../base
replicas:
  - name: web
    count: 6
```

## Bad: what a LimitRange fills in, and a hungry init container

```yaml manifest.yaml
apiVersion: v1
kind: ResourceQuota
metadata:
  name: compute
  namespace: shop
spec:
  hard:
    limits.memory: 2Gi # finding
    requests.memory: 2Gi # finding
---
apiVersion: v1
kind: LimitRange
metadata:
  name: containers
  namespace: shop
spec:
  limits:
    - type: Container
      default: {memory: 1Gi}
      defaultRequest: {memory: 256Mi}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 2
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      initContainers:
        - name: load
          image: load:1.0
          resources: {requests: {memory: 1280Mi}, limits: {memory: 1280Mi}}
      containers:
        - name: app
          image: web:1.0
          resources: {}
```

## Good: it fits to the last millicore; an autoscaler starts lower; another namespace; a scope

```yaml manifest.yaml
apiVersion: v1
kind: ResourceQuota
metadata:
  name: compute
  namespace: shop
spec:
  hard:
    requests.cpu: 2500m
    limits.cpu: "1"
    services.loadbalancers: "0"
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 3
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: app
          image: web:1.0
          resources: {requests: {cpu: 500m}}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
  namespace: shop
spec:
  replicas: 20
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      containers:
        - name: app
          image: web:1.0
          resources: {requests: {cpu: 500m}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: api
  namespace: shop
spec:
  minReplicas: 2
  maxReplicas: 20
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: job
  namespace: tools
spec:
  replicas: 9
  selector:
    matchLabels: {app: job}
  template:
    metadata:
      labels: {app: job}
    spec:
      containers:
        - name: app
          image: web:1.0
          resources: {requests: {cpu: 8}}
---
apiVersion: v1
kind: ResourceQuota
metadata:
  name: best-effort
  namespace: tools
spec:
  hard: {pods: "0"}
  scopes: [BestEffort]
```
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.quantity import quantity
from infracheck.kubernetes.quota import COUNTED, pod_amount, shown_amount
from infracheck.rule import Target, rule
from infracheck.source.field import NotJudged, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation
    from infracheck.source.field import Field

STAYING = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout", "DeploymentConfig")
SINGLE = ("Pod", "DaemonSet")
SHOWN = 3
"""How many workloads a message names, the hungriest first."""


class Share(NamedTuple):
    """What one workload takes of a quota.

    Attributes:
        amount: of one pod, in base units.
        pods: how many.
        workload: whose they are.
    """

    amount: Decimal
    pods: int
    workload: Workload

    @property
    def total(self) -> Decimal:
        """What all its pods take."""
        return self.amount * self.pods


@rule(
    Target.MANIFEST,
    kinds=("ResourceQuota",),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    tags=("checklist:resource-limits",),
    remedy="Raise the quota, or lower requests and replicas.",
)
def quota_below_requests(quota: Manifest) -> Iterator[Violation]:
    """Yield each amount of a quota that the workloads of its namespace exceed, with the sum."""
    if quota.field.at("spec.scopes").exists or quota.field.at("spec.scopeSelector").exists:
        return

    def judge(entry: tuple[str, Field]) -> Iterator[Violation]:
        key, field = entry
        allowed = quantity(field) if key in COUNTED or key == "pods" else None
        if allowed is None:
            return
        shares, unsure = _shares(quota, key)
        total = sum((share.total for share in shares), Decimal(0))
        if total > allowed:
            yield quota.violation(field, _message(quota, key, allowed, shares))
        elif unsure is not None:
            raise unsure

    yield from judge_each(quota.at("spec.hard").items(), judge)


def _shares(quota: Manifest, key: str) -> tuple[list[Share], NotJudged | None]:
    """What the workloads of the namespace take for certain, and why it may be more."""
    found: list[Share] = []
    unsure: NotJudged | None = None
    for workload in quota.objects.workloads:
        if workload.kind not in STAYING and workload.kind not in SINGLE:
            continue
        try:
            if workload.namespace == quota.namespace:
                pods = workload.lowest_replicas if workload.kind in STAYING else 1
                amount = pod_amount(workload.pod, *COUNTED[key]) if key in COUNTED else Decimal(1)
                found.append(Share(amount, pods, workload))
        except NotJudged as cause:
            unsure = unsure or cause
    return found, unsure


def _message(quota: Manifest, key: str, allowed: Decimal, shares: list[Share]) -> str:
    resource = COUNTED[key][1] if key in COUNTED else "pods"
    total = sum((share.total for share in shares), Decimal(0))
    hungriest = sorted(shares, key=lambda share: (-share.total, share.workload.address))
    parts = [
        f"{share.workload.address} {share.pods}"
        + (f" x {shown_amount(share.amount, resource)}" if key in COUNTED else "")
        for share in hungriest[:SHOWN]
        if share.total
    ]
    rest = sum(1 for share in hungriest[SHOWN:] if share.total)
    more = f" + {rest} more" if rest else ""
    return (
        f"{quota.address} allows {key} {shown_amount(allowed, resource)}, but its workloads ask for "
        f"{shown_amount(total, resource)}: {' + '.join(parts)}{more}"
    )
