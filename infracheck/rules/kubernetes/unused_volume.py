"""No container mounts the volume.

The pod still waits for it: a missing ConfigMap or a volume that can't be attached keeps the pod from starting, for the
sake of files that nobody reads. Often the mount was removed, or its name misspelt, and the volume was left behind.

## Fix

Remove the volume, or mount it.

## References

- [Volumes](https://kubernetes.io/docs/concepts/storage/volumes/)

## Bad: left behind

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      volumeMounts:
        - {name: cache, mountPath: /cache}
  volumes:
    - name: cache
      emptyDir: {}
    - name: settings # finding
      configMap: {name: web-settings}
```

## Bad: an overlay takes the mount away

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
            - {name: cache, mountPath: /cache}
      volumes:
        - name: cache # finding
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
      - {op: remove, path: /spec/template/spec/containers/0/volumeMounts}
```

## Good: mounted by an init container, or as a device

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
        - {name: seed, mountPath: /seed}
  containers:
    - name: app
      image: web:1.0
      volumeDevices:
        - {name: raw, devicePath: /dev/raw}
  volumes:
    - name: seed
      configMap: {name: seed}
    - name: raw
      persistentVolumeClaim: {claimName: raw}
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

    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation
    from infracheck.source.field import Field


@rule(
    Target.POD_SPEC,
    severity=Severity.LOW,
    category=Category.CORRECTNESS,
    priority=Priority.P3,
    remedy="Remove the volume, or mount it.",
)
def unused_volume(pod: PodSpec) -> Iterator[Violation]:
    """Yield each volume that no container mounts."""
    mounts = [
        mount["name"]
        for container in pod.containers
        for key in ("volumeMounts", "volumeDevices")
        for mount in entries(container.field[key])
    ]

    def judge(volume: Field) -> Iterator[Violation]:
        name = volume["name"].text()
        if name and find(mounts, lambda mount: mount.text() == name) is None:
            yield pod.violation(volume["name"], f"no container of {pod.address} mounts volume {name}")

    yield from judge_each(entries(pod.field["volumes"]), judge)
