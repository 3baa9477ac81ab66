"""Container mounts a volume that its pod does not have.

Every `volumeMounts` and `volumeDevices` entry must name a volume of the pod. The API server refuses the object
otherwise: `volumeMounts[0].name: Not found`. The usual cause is a volume that an overlay removed or renamed without its
mounts.

## Fix

Declare the volume below `volumes` (or `volumeClaimTemplates` of a StatefulSet), or remove the mount.

## References

- [Volumes: how volumes work](https://kubernetes.io/docs/concepts/storage/volumes/#how-volumes-work)

## Bad: renamed

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  initContainers:
    - name: fill
      image: fill:1.0
      volumeMounts:
        - name: cash # finding
          mountPath: /cache
  containers:
    - name: app
      image: web:1.0
      volumeMounts:
        - name: cache
          mountPath: /cache
  volumes:
    - name: cache
      emptyDir: {}
```

## Bad: an overlay takes the volume away

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
      containers:
        - name: app
          image: web:1.0
          volumeMounts:
            - {name: cache, mountPath: /cache} # finding
      volumes:
        - name: cache
          emptyDir: {}
```

```yaml base/kustomization.yaml
resources: [deployment.yaml]
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: Deployment}
    patch: |
      - {op: remove, path: /spec/template/spec/volumes}
```

## Good: a volume, a claim template, a device

```yaml manifest.yaml
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
      containers:
        - name: app
          image: ledger:1.0
          volumeMounts:
            - {name: data, mountPath: /data}
            - {name: scratch, mountPath: /tmp}
          volumeDevices:
            - {name: raw, devicePath: /dev/raw}
      volumes:
        - name: scratch
          emptyDir: {}
        - name: raw
          persistentVolumeClaim: {claimName: raw}
  volumeClaimTemplates:
    - metadata: {name: data}
      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.place import entries
from infracheck.rule import Target, rule
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation
    from infracheck.source.field import Field


@rule(
    Target.CONTAINER,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    remedy="Declare the volume, or remove the mount.",
)
def mount_without_volume(container: Container) -> Iterator[Violation]:
    """Yield each mount whose name no volume bears."""
    pod = container.pod
    volumes = [volume["name"] for volume in entries(pod.field["volumes"])]
    templates = entries(pod.workload.field.at("spec.volumeClaimTemplates"))
    volumes += [template.at("metadata.name") for template in templates]

    def judge(mount: Field) -> Iterator[Violation]:
        name = mount["name"].text()
        if name and find(volumes, lambda volume: volume.text() == name) is None:
            yield container.violation(
                mount["name"],
                f"container {container.shown_name} of {container.address} mounts {name}, which is no volume of its pod",
            )

    mounts = [mount for key in ("volumeMounts", "volumeDevices") for mount in entries(container.field[key])]
    yield from judge_each(mounts, judge)
