"""Autoscaler measures against a request that is not set.

A target such as "70 % of CPU" means 70 % of what the containers request. If one container of the pod has no request for
that resource, the autoscaler can't compute the share: it reports `FailedGetResourceMetric`, missing request for cpu,
and never adds a pod. A sidecar without requests is enough.

## Fix

Set `resources.requests` for the resource in every container of the pod, or measure one container with a
`ContainerResource` metric.

## References

- [Horizontal Pod Autoscaling: support for resource metrics](https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/#support-for-resource-metrics)
- [Resource Management for Pods and Containers](https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/)

## Bad: the sidecar requests nothing

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
      containers:
        - name: app
          image: web:1.0
          resources: {requests: {cpu: 100m, memory: 128Mi}}
        - name: proxy
          image: proxy:1.0
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 8
  metrics:
    - type: Resource # finding
      resource: {name: cpu, target: {type: Utilization, averageUtilization: 70}}
```

## Good: measured by container, or in absolute terms

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
      containers:
        - name: app
          image: web:1.0
          resources: {requests: {cpu: 100m, memory: 128Mi}}
        - name: proxy
          image: proxy:1.0
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata:
  name: web
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 8
  metrics:
    - type: ContainerResource
      containerResource: {name: cpu, container: app, target: {type: Utilization, averageUtilization: 70}}
    - type: Resource
      resource: {name: memory, target: {type: AverageValue, averageValue: 200Mi}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.amounts import has_amount
from infracheck.rule import Target, rule
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.autoscaler import Autoscaler, Metric
    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("autoscaling/HorizontalPodAutoscaler", "keda.sh/ScaledObject"),
    severity=Severity.HIGH,
    category=Category.AVAILABILITY,
    remedy="Set `resources.requests` in every container of the pod.",
)
def hpa_without_requests(autoscaler: Autoscaler) -> Iterator[Violation]:
    """Yield each metric that is a share of a request some container lacks."""

    def judge(metric: Metric) -> Iterator[Violation]:
        lacking = find(_measured(autoscaler, metric), lambda one: not has_amount(one, "requests", metric.name))
        if lacking is not None:
            at = "spec" if metric.field is autoscaler.field else metric.field["type"]
            yield autoscaler.violation(
                at if isinstance(at, str) or at.exists else metric.field,
                f"{autoscaler.address} can't measure {metric.name}: container {lacking.shown_name} of "
                f"{lacking.address} requests none",
                related=[("the container", lacking.field)],
            )

    shares = (metric for metric in autoscaler.metrics if metric.is_resource and metric.utilization is not None)
    yield from judge_each(shares, judge)


def _measured(autoscaler: Autoscaler, metric: Metric) -> Iterator[Container]:
    only = metric.field.at("containerResource.container").text()
    for workload in autoscaler.workloads:
        for container in workload.containers:
            if container.runs_throughout and only in (None, container.name):
                yield container
