"""Autoscaler has no room to scale.

With `maxReplicas` equal to `minReplicas`, or with scaling up switched off, an autoscaler never adds a pod. It looks as
if load were taken care of, dashboards show it at its maximum all day, and at the next peak requests queue up and time
out. The rule compares the numbers as they end up in the environment, after overlays and `envsubst`.

## Fix

Raise `maxReplicas` to what a peak needs, or delete the autoscaler and write `replicas` where the number is meant to be
fixed.

## References

- [Horizontal Pod Autoscaling](https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/)
- [KEDA: scaling Deployments and StatefulSets](https://keda.sh/docs/latest/reference/scaledobject-spec/)

## Bad: lowest and highest are the same

```yaml manifest.yaml
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 2 # finding
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: api
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
  maxReplicas: 1 # finding
```

## Bad: scaling up is switched off

```yaml manifest.yaml
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 8
  behavior:
    scaleUp:
      selectPolicy: Disabled # finding
```

## Good: room for a peak

```yaml manifest.yaml
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 8
  behavior:
    scaleDown:
      selectPolicy: Disabled
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: queue
spec:
  scaleTargetRef: {name: queue}
  triggers:
    - type: aws-sqs-queue
      metadata: {queueLength: "5"}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.autoscaler import Autoscaler
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("autoscaling/HorizontalPodAutoscaler", "keda.sh/ScaledObject"),
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    aliases=("polaris:hpaMaxAvailability",),
    remedy="Set `maxReplicas` above `minReplicas`.",
)
def hpa_cannot_scale(autoscaler: Autoscaler) -> Iterator[Violation]:
    """Yield the highest number if it leaves no room, and a policy that forbids scaling up."""
    policy = autoscaler.at("spec.behavior.scaleUp.selectPolicy")
    if not policy.is_unknown and policy.text() == "Disabled":
        yield autoscaler.violation(policy, f"{autoscaler.address} may not scale up: its scaleUp policy is Disabled")
    highest, lowest = autoscaler.maximum, autoscaler.minimum
    if highest is not None and highest <= lowest:
        yield autoscaler.violation(
            autoscaler.maximum_field,
            f"{autoscaler.address} runs at least {lowest} and at most {highest} pods: it can never add one",
            related=[("the lowest number", autoscaler.minimum_field)],
        )
    policy.require()
