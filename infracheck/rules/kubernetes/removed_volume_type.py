"""Volume is of a type that Kubernetes no longer has.

The drivers of these volumes were taken out of Kubernetes: a pod that uses one waits in `ContainerCreating` for ever,
with `FailedMount: no volume plugin matched`.

## Fix

Install the CSI driver of the storage and use a PersistentVolumeClaim. What moved to CSI by itself
(`awsElasticBlockStore`, `azureDisk`, ...) is no matter for this rule.

## References

- [Volumes: types, Kubernetes documentation](https://kubernetes.io/docs/concepts/storage/volumes/#volume-types)
- [KEP-625: migration of in-tree plugins to CSI](https://github.com/kubernetes/enhancements/tree/master/keps/sig-storage/625-csi-migration)

## Bad: two that are gone

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers: [{name: web, image: "registry.example/web:1.4.0"}]
  volumes:
    - name: data
      glusterfs: # finding
        endpoints: gluster
        path: data
    - name: shared
      cephfs: # finding
        monitors: ["10.0.0.1:6789"]
```

## Good: claims, and types that are still there

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers: [{name: web, image: "registry.example/web:1.4.0"}]
  volumes:
    - name: data
      persistentVolumeClaim: {claimName: data}
    - name: shared
      nfs: {server: nfs.example, path: /shared}
```

## Good: on a cluster that still has it

```toml infracheck.toml
[environments.dev]
cluster-version = "1.30"
```

```yaml dev/manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers: [{name: web, image: "registry.example/web:1.4.0"}]
  volumes:
    - name: shared
      cephfs: {monitors: ["10.0.0.1:6789"]}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.facts.pod_security import REMOVED_VOLUMES
from infracheck.kubernetes.place import entries, known_text
from infracheck.kubernetes.release import NEWEST, cluster_release
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation
    from infracheck.source.field import Field


@rule(
    Target.POD_SPEC,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    aliases=("AVD-KSV-0028", "KSV-0028"),
    tags=("pss-restricted",),
    remedy="Install the storage's CSI driver and use a claim.",
)
def removed_volume_type(pod: PodSpec) -> Iterator[Violation]:
    """Yield each volume whose driver the cluster no longer has."""

    def judge(volume: Field) -> Iterator[Violation]:
        for kind, removed in REMOVED_VOLUMES.items():
            if volume.require()[kind].exists and removed <= (cluster_release(pod.context) or NEWEST):
                name = known_text(volume["name"]) or "?"
                release = ".".join(map(str, removed))
                message = f"volume {name} of {pod.address} is of type {kind}, removed in Kubernetes {release}"
                yield pod.violation(volume[kind], message)

    yield from judge_each(entries(pod.field["volumes"]), judge)
