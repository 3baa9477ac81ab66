"""Service selects no pods.

A Service whose selector matches no pod has no endpoints: every connection to it is refused, and a load balancer in
front of it answers 503. Nothing else tells: the Service is created without a complaint. The usual cause is a label that
was renamed in the workload, or another namespace.

Pods of charts and operators are not among the manifests. Where none of the workloads has any of the labels, and a chart
is installed into the namespace or a custom object bears a name the selector speaks of, that is not judged; a label of
an operator's own (`cnpg.io/cluster`) that no workload has is left alone.

## Fix

Make `spec.selector` match labels of the pod template, in the same namespace. A Service whose endpoints are managed by
hand has no selector.

## References

- [Service](https://kubernetes.io/docs/concepts/services-networking/service/)
- [Debug Services](https://kubernetes.io/docs/tasks/debug/debug-application/debug-service/)

## Bad: a label that is not there

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
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: # finding
    app: web
    release: stable
  ports: [{port: 80}]
```

## Good: a part that is completed elsewhere

```yaml manifest.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: webhook
spec: {}
---
apiVersion: v1
kind: Service
metadata:
  name: webhook
spec:
  selector: {app: webhook}
  ports: [{port: 443}]
```

## Good: it matches, has no selector, or is for pods of an operator's

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
      labels: {app: web, release: stable}
    spec:
      containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: v1
kind: Service
metadata:
  name: database
spec:
  type: ExternalName
  externalName: db.example.com
---
apiVersion: v1
kind: Service
metadata:
  name: kafka
  namespace: kafka
spec:
  selector: {strimzi.io/cluster: events}
  ports: [{port: 9092}]
---
apiVersion: v1
kind: Service
metadata:
  name: db
spec:
  selector: {cnpg.io/cluster: db, role: primary}
  ports: [{port: 5432}]
---
apiVersion: apps.openshift.io/v1
kind: DeploymentConfig
metadata:
  name: shop
spec:
  selector: {app: shop}
  template:
    metadata:
      labels: {app: shop}
    spec:
      containers: [{name: app, image: "shop:1.0"}]
---
apiVersion: v1
kind: Service
metadata:
  name: shop
spec:
  selector: {deploymentconfig: shop}
  ports: [{port: 80}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.selector import describe
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._selectors import is_for_others

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.service import Service
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("Service",),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    aliases=("kube-linter:dangling-service", "kube-score:service-targets-pod"),
    remedy="Make the selector match the labels of the pods.",
)
def service_selects_nothing(service: Service) -> Iterator[Violation]:
    """Yield the selector if no pod of the namespace fits it; a namespace without any workload is not ours to know."""
    if service.group or not service.has_selector:
        return
    workloads = service.objects.workloads
    # One without a template is a part that is completed elsewhere: its pods are not known.
    here = [one for one in workloads if one.namespace == service.namespace and one.template.exists]
    labels = (workload.pod_labels for workload in here)
    if here and not service.workloads and not is_for_others(service, service.selector, labels, [service.namespace]):
        yield service.violation(
            "spec.selector", f"{service.address} sends traffic nowhere: no pods have {describe(service.selector)}"
        )
