"""Autoscaler may go down to a single pod in production.

In quiet hours such a workload runs one pod, and every drain, crash and node failure then is an outage of the whole
service until another has started. Scaling on load does not help: with no pod there is no load to measure. Where no
Service leads to the pods, as to workers on a queue, work is delayed and nobody refused: that is reported with low
severity.

## Fix

Set `minReplicas: 2` or more in production.

## References

- [Horizontal Pod Autoscaling](https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/)
- [EKS best practices: avoid running singleton Pods](https://docs.aws.amazon.com/eks/latest/best-practices/application.html)

## Bad: written, and by default

```yaml manifest.yaml
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 1 # finding
  maxReplicas: 8
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: api
spec: # finding
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
  maxReplicas: 8
```

## Good: two at least

```yaml manifest.yaml
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 8
```

## Good: in development

```yaml overlays/dev/manifest.yaml
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 1
  maxReplicas: 8
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Profile, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._serving import is_asked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.autoscaler import Autoscaler
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("autoscaling/HorizontalPodAutoscaler",),
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    priority=Priority.P1,
    profiles={Profile.SANDBOX: Severity.LOW, Profile.DEVELOPMENT: None},
    aliases=("kube-score:horizontalpodautoscaler-replicas", "polaris:hpaMinAvailability"),
    remedy="Set `minReplicas: 2` or more.",
)
def hpa_single_minimum(autoscaler: Autoscaler) -> Iterator[Violation]:
    """Yield the lowest number if it leaves one pod."""
    if autoscaler.minimum == 1:
        yield autoscaler.violation(
            autoscaler.minimum_field,
            f"{autoscaler.address} may go down to 1 pod",
            severity=Severity.LOW if _scales_workers(autoscaler) else None,
        )


def _scales_workers(autoscaler: Autoscaler) -> bool:
    """Whether it is known what it scales, and that nobody sends requests there."""
    scaled = autoscaler.workloads.certain
    return bool(scaled) and not any(is_asked(workload) for workload in scaled)
