"""Autoscaler is told to scale to zero, which the cluster refuses.

Until Kubernetes 1.37 the API server accepts `minReplicas: 0` only with the alpha feature gate HPAScaleToZero, which
Amazon EKS has never offered: the object is refused, and the workload is not scaled at all. Later versions accept it if
one of the metrics is of type Object or External: CPU and memory are measured in pods, and with none there is nothing
that could wake the workload up. The version is that of the environment's `cluster_version`; where it is not set, what
every version refuses is reported.

## Fix

Set `minReplicas: 1`, or use a KEDA ScaledObject, which scales to zero on every version.

## References

- [Scale Workloads to Zero with HorizontalPodAutoscaler](https://kubernetes.io/blog/2026/09/02/kubernetes-v1-37-hpa-scale-to-zero-beta/)
- [Horizontal Pod Autoscaling](https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/)
- [KEDA: scaling Deployments](https://keda.sh/docs/latest/concepts/scaling-deployments/)

## Bad: nothing would wake it

```yaml manifest.yaml
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 0 # finding
  maxReplicas: 8
  metrics:
    - type: Resource
      resource:
        name: cpu
        target: {type: Utilization, averageUtilization: 70}
```

## Bad: too old a cluster

```toml infracheck.toml
[environments.production]
cluster-version = "1.34"
```

```yaml overlays/production/manifest.yaml
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: worker
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: worker}
  minReplicas: 0 # finding
  maxReplicas: 8
  metrics:
    - type: External
      external:
        metric: {name: queue_length}
        target: {type: AverageValue, averageValue: "30"}
```

## Good: a queue on a new cluster, and KEDA

```toml infracheck.toml
[environments.production]
cluster-version = "1.37"
```

```yaml overlays/production/manifest.yaml
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: worker
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: worker}
  minReplicas: 0
  maxReplicas: 8
  metrics:
    - type: External
      external:
        metric: {name: queue_length}
        target: {type: AverageValue, averageValue: "30"}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: report
spec:
  scaleTargetRef: {name: report}
  minReplicaCount: 0
  triggers: [{type: aws-sqs-queue}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.release import cluster_release
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.autoscaler import Autoscaler
    from infracheck.rule import Violation

SINCE = (1, 37)
"""The first version whose API server accepts it without a feature gate."""
WAKING = ("Object", "External")


@rule(
    Target.MANIFEST,
    kinds=("autoscaling/HorizontalPodAutoscaler",),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    remedy="Set `minReplicas: 1`, or use KEDA.",
)
def hpa_minimum_zero(autoscaler: Autoscaler) -> Iterator[Violation]:
    """Yield a minimum of zero if the cluster refuses it."""
    if not autoscaler.minimum_field.exists or autoscaler.minimum != 0:
        return
    version = cluster_release(autoscaler.context)
    if version and version < SINCE:
        reason = f"Kubernetes {version[0]}.{version[1]} refuses it: 1 is the least without a feature gate until 1.37"
    elif not any(metric.type in WAKING for metric in autoscaler.metrics):
        reason = "none of its metrics is of type Object or External, and without pods there is nothing else to measure"
    else:
        return
    yield autoscaler.violation(autoscaler.minimum_field, f"{autoscaler.address}: minReplicas 0: {reason}")
