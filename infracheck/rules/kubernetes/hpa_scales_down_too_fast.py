"""Autoscaler stops pods the moment load falls.

`stabilizationWindowSeconds: 0` for scaling down takes away the memory that keeps an autoscaler from following every
dip: by default it looks back over five minutes and keeps the highest number it found right. Without it, and without a
policy that slows it down, it may stop all pods above the minimum within fifteen seconds (100 % per 15 s is the default
policy); the next burst meets half the capacity, and pods start and stop all day. Workers on a queue, which lose nothing
when they stop, may want just that: say so with a suppression.

## Fix

Remove the field (300 seconds is the default), or add a policy such as one pod per minute.

## References

- [Horizontal Pod Autoscaling: stabilization window](https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#stabilization-window)
- [Default behavior](https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#default-behavior)

## Bad: no window, no policy, and a policy that limits nothing

```yaml manifest.yaml
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 20
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 0 # finding
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: api
spec:
  scaleTargetRef: {name: api}
  triggers: [{type: cpu, metadata: {value: "70"}}]
  advanced:
    horizontalPodAutoscalerConfig:
      behavior:
        scaleDown:
          stabilizationWindowSeconds: 0 # finding
          policies:
            - {type: Percent, value: 100, periodSeconds: 15}
```

## Good: the default, slowed down, or scaling down switched off

```yaml manifest.yaml
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 20
  behavior:
    scaleUp:
      stabilizationWindowSeconds: 0
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: slow
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: slow}
  minReplicas: 2
  maxReplicas: 20
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 0
      policies:
        - {type: Pods, value: 1, periodSeconds: 60}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: up
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: up}
  minReplicas: 2
  maxReplicas: 20
  behavior:
    scaleDown:
      stabilizationWindowSeconds: 0
      selectPolicy: Disabled
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.autoscaler import Autoscaler
    from infracheck.rule import Violation
    from infracheck.source.field import Field

EVERYTHING = 100


@rule(
    Target.MANIFEST,
    kinds=("autoscaling/HorizontalPodAutoscaler", "keda.sh/ScaledObject"),
    severity=Severity.LOW,
    category=Category.AVAILABILITY,
    confidence=Confidence.MEDIUM,
    remedy="Remove `stabilizationWindowSeconds`, or add a policy that slows scaling down.",
)
def hpa_scales_down_too_fast(autoscaler: Autoscaler) -> Iterator[Violation]:
    """Yield a window of nothing that no policy makes up for."""
    path = "spec.advanced.horizontalPodAutoscalerConfig.behavior" if autoscaler.is_keda else "spec.behavior"
    down = autoscaler.at(f"{path}.scaleDown")
    window = autoscaler.at(f"{path}.scaleDown.stabilizationWindowSeconds")
    if window.number() != 0 or down["selectPolicy"].text() == "Disabled" or _slows(down["policies"]):
        return
    lowest, highest = autoscaler.minimum, autoscaler.maximum
    room = f"{highest} to {lowest} pods" if highest else f"any number to {lowest} pods"
    yield autoscaler.violation(
        window, f"{autoscaler.address} may go from {room} within 15 s: its stabilization window is 0 s"
    )


def _slows(policies: Field) -> bool:
    """Whether there are policies and none of them allows everything at once."""
    return len(policies) > 0 and not any(
        policy["type"].text() == "Percent" and (policy["value"].number() or 0) >= EVERYTHING for policy in policies
    )
