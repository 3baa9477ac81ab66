"""StatefulSet names a Service that gives its pods no names.

The pods of a StatefulSet get their stable names (`ledger-0.ledger`) from the headless Service that `serviceName` names.
Without it, with a Service that has a cluster address or with one that selects other pods, those names do not resolve:
members of a cluster can't find each other, and a client that must reach one certain pod reaches any of them. A single
pod has nobody to be told apart from, and is reported as information.

## Fix

Add a Service of that name with `clusterIP: None` and a selector for the pods.

## References

- [StatefulSets: stable network ID](https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-network-id)
- [Headless Services](https://kubernetes.io/docs/concepts/services-networking/service/#headless-services)

## Bad: no such Service, and one that is not headless

```yaml manifest.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ledger
spec:
  replicas: 3
  serviceName: ledger-peers # finding
  selector:
    matchLabels: {app: ledger}
  template:
    metadata:
      labels: {app: ledger}
    spec:
      containers: [{name: app, image: "ledger:1.0"}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: queue
spec:
  serviceName: queue # finding
  selector:
    matchLabels: {app: queue}
  template:
    metadata:
      labels: {app: queue}
    spec:
      containers: [{name: app, image: "queue:1.0"}]
---
apiVersion: v1
kind: Service
metadata:
  name: queue
spec:
  selector: {app: queue}
  ports: [{port: 5672}]
```

## Bad: a headless Service for other pods

```yaml manifest.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ledger
spec:
  replicas: 3
  serviceName: ledger # finding
  selector:
    matchLabels: {app: ledger}
  template:
    metadata:
      labels: {app: ledger}
    spec:
      containers: [{name: app, image: "ledger:1.0"}]
---
apiVersion: v1
kind: Service
metadata:
  name: ledger
spec:
  clusterIP: None
  selector: {app: journal}
  ports: [{port: 5432}]
```

## Good: headless

```yaml manifest.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: queue
spec:
  serviceName: queue
  selector:
    matchLabels: {app: queue}
  template:
    metadata:
      labels: {app: queue}
    spec:
      containers: [{name: app, image: "queue:1.0"}]
---
apiVersion: v1
kind: Service
metadata:
  name: queue
spec:
  clusterIP: None
  selector: {app: queue}
  ports: [{port: 5672}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.service import Service
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation


@rule(
    Target.WORKLOAD,
    kinds=("StatefulSet",),
    severity=Severity.LOW,
    category=Category.CORRECTNESS,
    aliases=("kube-score:statefulset-has-servicename",),
    remedy="Add a headless Service of that name.",
)
def statefulset_without_headless_service(workload: Workload) -> Iterator[Violation]:
    """Yield the name of the Service if it gives the pods no names. Since 1.33 it may be left out."""
    field = workload.at("spec.serviceName")
    name = field.text()
    if not name:
        return
    found = workload.objects.named("Service", name, workload.namespace).first
    severity = Severity.INFO if workload.highest_replicas in (0, 1) else None
    if found is None:
        yield workload.violation(
            field,
            f"{workload.address} takes the names of its pods from Service {name}, which is not among the manifests",
            severity=severity,
        )
    elif isinstance(found, Service) and not found.is_headless:
        yield workload.violation(
            field,
            f"{workload.address} takes the names of its pods from Service {name}, which is not headless",
            related=[("the Service", found.at("spec.clusterIP"))],
            severity=severity,
        )
    elif isinstance(found, Service) and found.has_selector and not workload.is_selected_by(found.selector):
        yield workload.violation(
            field,
            f"{workload.address} takes the names of its pods from Service {name}, which selects other pods",
            related=[("the selector of the Service", found.at("spec.selector"))],
            severity=severity,
        )
