"""Autoscaler targets a workload that does not exist.

An autoscaler whose `scaleTargetRef` names nothing reports `FailedGetScale` in its status and does nothing else: the
workload it was meant for keeps its fixed number of pods, and nobody notices before the next peak. The usual cause is a
renamed Deployment, a wrong kind, or an autoscaler in another namespace. Where a chart is installed into the namespace,
the target may be the chart's, and is not judged.

## Fix

Correct the kind and name in `scaleTargetRef`, and the namespace of the autoscaler: it must be that of its target.

## References

- [Horizontal Pod Autoscaling](https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/)

## Bad: renamed

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web-frontend
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
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: web # finding
  maxReplicas: 8
```

## Good: it is there, or of a kind an operator scales

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
  maxReplicas: 8
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: gateway
spec:
  scaleTargetRef: {apiVersion: gateways.example.com/v1, kind: Gateway, name: gateway}
  maxReplicas: 8
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Severity
from infracheck.kubernetes.operators import release_into
from infracheck.rule import Target, rule
from infracheck.source.field import NotJudged
from infracheck.source.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.autoscaler import Autoscaler
    from infracheck.rule import Violation

SCALED = ("Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "Rollout", "DeploymentConfig")


@rule(
    Target.MANIFEST,
    kinds=("autoscaling/HorizontalPodAutoscaler", "keda.sh/ScaledObject"),
    severity=Severity.MEDIUM,
    category=Category.CORRECTNESS,
    confidence=Confidence.MEDIUM,
    aliases=("kube-linter:dangling-horizontalpodautoscaler", "kube-score:horizontalpodautoscaler-has-target"),
    remedy="Correct kind, name and namespace of the target.",
)
def hpa_target_missing(autoscaler: Autoscaler) -> Iterator[Violation]:
    """Yield the name of the target if nothing bears it."""
    # Custom resources with a scale subresource are often made by operators, out of sight.
    if autoscaler.target_kind in SCALED and not autoscaler.workloads:
        release = release_into(autoscaler.objects, autoscaler.namespace)
        if release is not None:
            reason = f"{autoscaler.target_kind} {autoscaler.target_name} may be made by {release.address}"
            raise NotJudged(Unknown(reason, release.origin), autoscaler.target["name"].path)
        yield autoscaler.violation(
            autoscaler.target["name"],
            f"{autoscaler.address} scales {autoscaler.target_kind} {autoscaler.target_name}, "
            f"which is not among the manifests of namespace {autoscaler.namespace}",
        )
