"""Object names a class that does not exist.

A pod with a PriorityClass or RuntimeClass that is not there is refused. An Ingress of an unknown IngressClass is served
by no controller, and a claim of an unknown StorageClass waits for a volume for ever. The usual cause is a renamed class
or a misspelling. Classes of a kind of which the manifests hold none are taken to come with the cluster or with a chart;
as that may hold of a single class too, the confidence is low where others are there.

## Fix

Add the class to the manifests, or correct its name.

## References

- [Pod Priority and Preemption: PriorityClass](https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/#priorityclass)
- [Ingress class](https://kubernetes.io/docs/concepts/services-networking/ingress/#ingress-class)
- [Storage Classes](https://kubernetes.io/docs/concepts/storage/storage-classes/)
- [Runtime Class](https://kubernetes.io/docs/concepts/containers/runtime-class/)

## Bad: misspelt

```yaml manifest.yaml
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata:
  name: customer-facing
value: 1000
---
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata:
  name: alb
spec: {controller: ingress.k8s.aws/alb}
---
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: gp3
provisioner: ebs.csi.aws.com
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ledger
spec:
  serviceName: ledger
  selector:
    matchLabels: {app: ledger}
  template:
    metadata:
      labels: {app: ledger}
    spec:
      priorityClassName: customer-fasing # finding
      containers: [{name: app, image: "ledger:1.0"}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec:
        storageClassName: gp-3 # finding
        accessModes: [ReadWriteOnce]
        resources: {requests: {storage: 1Gi}}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata:
  name: web
spec:
  ingressClassName: alb-internal # finding
  defaultBackend: {service: {name: web, port: {number: 80}}}
```

## Good: there, built in, or made with the cluster

```yaml manifest.yaml
apiVersion: scheduling.k8s.io/v1
kind: PriorityClass
metadata:
  name: customer-facing
value: 1000
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  priorityClassName: customer-facing
  containers: [{name: app, image: "web:1.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  priorityClassName: system-node-critical
  containers: [{name: app, image: "agent:1.0"}]
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
spec:
  storageClassName: by-the-cluster
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 1Gi}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: shared
spec:
  storageClassName: ""
  accessModes: [ReadWriteMany]
  resources: {requests: {storage: 1Gi}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.references import references_of
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.references import Reference
    from infracheck.rule import Violation

CONSEQUENCES: Final = {
    "PriorityClass": "its pods are refused",
    "RuntimeClass": "its pods are refused",
    "IngressClass": "no controller serves it",
    "StorageClass": "its volumes are never made",
}


@rule(
    Target.MANIFEST,
    severity=Severity.MEDIUM,
    category=Category.CORRECTNESS,
    confidence=Confidence.LOW,
    priority=Priority.P1,
    remedy="Add the class, or correct its name.",
)
def dangling_class(manifest: Manifest) -> Iterator[Violation]:
    """Yield the name of each class that is not among those of the manifests."""

    def judge(one: Reference) -> Iterator[Violation]:
        name = one.name
        if not name or one.is_builtin or manifest.objects.providers_of(one):
            return
        there = ", ".join(sorted({other.name for other in manifest.objects.of_kind(one.kind)}))
        yield manifest.violation(
            one.field,
            f"{manifest.address} names {one.kind} {name}, but there is only {there}: {CONSEQUENCES[one.kind]}",
        )

    named = (one for one in references_of(manifest) if one.kind in CONSEQUENCES)
    yield from judge_each((one for one in named if manifest.objects.of_kind(one.kind)), judge)
