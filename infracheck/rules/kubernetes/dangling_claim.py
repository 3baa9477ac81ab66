"""Pods mount a claim that nothing creates.

A pod that names a PersistentVolumeClaim which is not there can't be scheduled (`persistentvolumeclaim "name" not
found`), and the release hangs. The usual cause is a renamed claim, or one in another namespace. Where the manifests
hold no claim of that name or namespace at all, it is taken to be made elsewhere, by hand or by an operator. Where a
chart is installed into the namespace, or a custom object bears that name, that is not judged.

## Fix

Add the claim to the manifests, in the workload's namespace, or correct `claimName`. The claims of a StatefulSet are
named `<template>-<statefulset>-<number>`.

## References

- [Persistent Volumes: claims as volumes](https://kubernetes.io/docs/concepts/storage/persistent-volumes/#claims-as-volumes)
- [StatefulSets: stable storage](https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/#stable-storage)

## Bad: another name

```yaml manifest.yaml
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: ledger-data
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 10Gi}}
---
apiVersion: v1
kind: Pod
metadata:
  name: ledger
spec:
  containers: [{name: app, image: "ledger:1.0"}]
  volumes:
    - name: data
      persistentVolumeClaim:
        claimName: ledger # finding
```

## Bad: an overlay moves the workload and not its claim

```yaml base/claim.yaml
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
  namespace: shop
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 10Gi}}
```

```yaml base/deployment.yaml
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
      volumes:
        - name: data
          persistentVolumeClaim: {claimName: data} # finding
```

```yaml base/kustomization.yaml
resources: [deployment.yaml, claim.yaml]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: Deployment}
    patch: |
      - {op: add, path: /metadata/namespace, value: front}
```

## Good: there, made by a StatefulSet, or made elsewhere

```yaml manifest.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: queue
  namespace: queues
spec:
  serviceName: queue
  selector:
    matchLabels: {app: queue}
  template:
    metadata:
      labels: {app: queue}
    spec:
      containers: [{name: app, image: "queue:1.0"}]
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: archive
  namespace: queues
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 10Gi}}
---
apiVersion: v1
kind: Pod
metadata:
  name: backup
  namespace: queues
spec:
  containers: [{name: app, image: "backup:1.0"}]
  volumes:
    - name: first
      persistentVolumeClaim: {claimName: data-queue-0}
    - name: archive
      persistentVolumeClaim: {claimName: archive}
---
apiVersion: v1
kind: Pod
metadata:
  name: other
  namespace: elsewhere
spec:
  containers: [{name: app, image: "backup:1.0"}]
  volumes:
    - name: data
      persistentVolumeClaim: {claimName: by-hand}
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.operators import require_absence
from infracheck.kubernetes.place import entries
from infracheck.kubernetes.references import references_of
from infracheck.rule import Target, rule
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.references import Reference
    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

CLAIM = "PersistentVolumeClaim"


@rule(
    Target.WORKLOAD,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    remedy="Add the claim, or correct `claimName`.",
)
def dangling_claim(workload: Workload) -> Iterator[Violation]:
    """Yield the name of each claim that nothing bears."""

    def judge(claim: Reference) -> Iterator[Violation]:
        if not claim.name or workload.objects.providers_of(claim):
            return
        if not _is_of_a_stateful_set(claim) and _is_ours(claim):
            require_absence(claim)
            yield workload.violation(
                claim.field,
                f"{workload.address} mounts claim {claim.name}, which no manifest makes in namespace {claim.namespace}",
            )

    yield from judge_each((one for one in references_of(workload) if one.kind == CLAIM), judge)


def _is_ours(claim: Reference) -> bool:
    """Whether the manifests hold claims of that namespace, or one of that name in another."""
    claims = claim.by.objects.of_kind(CLAIM)
    return find(claims, lambda one: one.namespace == claim.namespace or one.name == claim.name) is not None


def _is_of_a_stateful_set(claim: Reference) -> bool:
    return find(claim.by.objects.of_kind("StatefulSet"), lambda owner: _makes(owner, claim.name)) is not None


def _makes(owner: Manifest, name: str) -> bool:
    """Whether a StatefulSet makes a claim of that name for one of its pods."""
    number = rf"-{re.escape(owner.name)}-\d{{1,9}}"
    templates = entries(owner.field.at("spec.volumeClaimTemplates"))
    return any(re.fullmatch(re.escape(one.at("metadata.name").text("") or "") + number, name) for one in templates)
