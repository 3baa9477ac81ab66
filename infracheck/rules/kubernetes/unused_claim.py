"""Nothing mounts the volume claim.

The volume is paid for by the month, whether or not anybody reads it, and it holds data that nobody looks after. Mostly
the workload was removed, or got a claim of its own. Reported is a claim that no pod mounts and no argument, annotation
or custom resource names.

## Fix

Keep a snapshot if the data matter, and delete the claim.

## References

- [Persistent Volumes: lifecycle of a volume and claim](https://kubernetes.io/docs/concepts/storage/persistent-volumes/#lifecycle-of-a-volume-and-claim)
- [Amazon EBS pricing](https://aws.amazon.com/ebs/pricing/)

## Bad: left over

```yaml manifest.yaml
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: archive # finding
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 500Gi}}
```

## Bad: an overlay mounts another

```yaml base/pod.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
  volumes:
    - name: data
      persistentVolumeClaim: {claimName: data}
```

```yaml base/claim.yaml
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data # finding
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 500Gi}}
```

```yaml base/kustomization.yaml
resources: [pod.yaml, claim.yaml]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: Pod}
    patch: |
      - {op: replace, path: /spec/volumes/0/persistentVolumeClaim/claimName, value: by-hand}
```

## Good: mounted, or handed to an operator

```yaml manifest.yaml
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: data
spec:
  accessModes: [ReadWriteOnce]
  resources: {requests: {storage: 5Gi}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: models
spec:
  accessModes: [ReadWriteMany]
  resources: {requests: {storage: 5Gi}}
---
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers: [{name: app, image: "web:1.0"}]
  volumes:
    - name: data
      persistentVolumeClaim: {claimName: data}
---
apiVersion: serving.kserve.io/v1beta1
kind: InferenceService
metadata:
  name: sentiment
spec:
  predictor: {model: {storageUri: "pvc://models/sentiment"}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.kubernetes.mentions import mentions
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.objects import Objects
    from infracheck.rule import Violation


@rule(
    Target.OBJECTS,
    severity=Severity.LOW,
    category=Category.COST,
    confidence=Confidence.MEDIUM,
    priority=Priority.P3,
    remedy="Keep a snapshot if the data matter, and delete the claim.",
)
def unused_claim(objects: Objects) -> Iterator[Violation]:
    """Yield the name of each claim that nothing mounts."""
    claims = objects.of_kind("PersistentVolumeClaim")
    words = mentions(objects) if claims else frozenset[str]()

    def judge(claim: Manifest) -> Iterator[Violation]:
        if claim.name and claim.name not in words and not objects.users_of(claim):
            yield claim.violation(claim.named, f"nothing mounts {claim.address}")

    yield from judge_each(claims, judge)
