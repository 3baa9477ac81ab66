"""Two autoscalers work against each other.

Two HorizontalPodAutoscalers, or one and a KEDA ScaledObject, each set the number of pods of the workload to what they
find right, every fifteen seconds: pods are started and stopped for ever, and neither target is met. KEDA makes an
autoscaler of its own, so a second one is never needed. A VerticalPodAutoscaler that changes the CPU or memory request
while a HorizontalPodAutoscaler measures against that request fights as well: each change of the request changes the
share that is used.

## Fix

Keep one autoscaler and put all metrics into it. Let a VerticalPodAutoscaler only recommend (`updateMode: "Off"`), or
leave the resource that is measured out of its `controlledResources`.

## References

- [Horizontal Pod Autoscaling](https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/)
- [KEDA FAQ: using an HPA with a ScaledObject](https://keda.sh/docs/latest/faq/)
- [Vertical Pod Autoscaler: known limitations](https://github.com/kubernetes/autoscaler/blob/master/vertical-pod-autoscaler/docs/known-limitations.md)

## Bad: an autoscaler beside KEDA

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: worker # finding
spec:
  selector:
    matchLabels: {app: worker}
  template:
    metadata:
      labels: {app: worker}
    spec:
      containers: [{name: app, image: "worker:1.0"}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: worker
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: worker}
  minReplicas: 2
  maxReplicas: 8
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata:
  name: worker
spec:
  scaleTargetRef: {name: worker}
  triggers: [{type: aws-sqs-queue}]
```

## Bad: requests change under the autoscaler

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web # finding
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 8
---
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata:
  name: web
spec:
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
```

## Good: one, or each with a resource of its own

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 8
---
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata:
  name: web
spec:
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  resourcePolicy:
    containerPolicies:
      - containerName: "*"
        controlledResources: [memory]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: api
spec:
  selector:
    matchLabels: {app: api}
  template:
    metadata:
      labels: {app: api}
    spec:
      containers: [{name: app, image: "api:1.0"}]
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: api
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
  minReplicas: 2
  maxReplicas: 8
---
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata:
  name: api
spec:
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: api}
  updatePolicy: {updateMode: "Off"}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.matches import every
from infracheck.kubernetes.nearest import distinct
from infracheck.rule import Target, rule
from infracheck.source.field import find

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.autoscaler import Autoscaler
    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

VERTICAL = "autoscaling.k8s.io/VerticalPodAutoscaler"
PASSIVE = ("Off", "Initial")
"""Modes in which running pods are left alone."""
CONTROLLED = ["cpu", "memory"]
"""What it changes unless it says otherwise."""


@rule(
    Target.WORKLOAD,
    severity=Severity.HIGH,
    category=Category.AVAILABILITY,
    remedy="Keep one autoscaler with all metrics.",
)
def competing_autoscalers(workload: Workload) -> Iterator[Violation]:
    """Yield the workload if two autoscalers decide over it."""
    scalers = workload.autoscalers
    several = distinct(scalers.certain, workload)
    if len(several) > 1:
        names = " and ".join(scaler.address for scaler in several)
        yield workload.violation(
            workload.named,
            f"the number of pods of {workload.address} is set by {len(several)} autoscalers: {names}",
            related=[("an autoscaler", scaler.at("spec.scaleTargetRef")) for scaler in several],
        )
        return
    vertical = find(
        workload.objects.of_kind(VERTICAL),
        lambda one: one.context.stack == workload.context.stack and _changes(one, workload),
    )
    if vertical is not None:
        for scaler in several:
            resource = _contested(scaler, vertical)
            if resource:
                yield workload.violation(
                    workload.named,
                    f"{scaler.address} measures the {resource} of {workload.address} against a request that "
                    f"{vertical.address} changes",
                    related=[("the vertical one", vertical.at("spec.targetRef"))],
                )
    if scalers.doubt is not None:
        raise scalers.doubt


def _changes(vertical: Manifest, workload: Workload) -> bool:
    target = vertical.field.at("spec.targetRef")
    return every(
        (
            lambda: target["kind"].text() == workload.kind,
            lambda: target["name"].text() == workload.name,
            lambda: vertical.namespace == workload.namespace,
            lambda: vertical.field.at("spec.updatePolicy.updateMode").text("Recreate") not in PASSIVE,
        )
    )


def _contested(scaler: Autoscaler, vertical: Manifest) -> str:
    measured = {metric.name for metric in scaler.metrics if metric.is_resource and metric.utilization is not None}
    policies = list(vertical.field.at("spec.resourcePolicy.containerPolicies"))
    changed = {
        name for policy in policies if policy["mode"].text() != "Off" for name in policy["controlledResources"].texts()
        or CONTROLLED
    }  # fmt: skip
    if all(policy["containerName"].text() != "*" for policy in policies):
        changed |= set(CONTROLLED)
    return next((name for name in CONTROLLED if name in measured & changed), "")
