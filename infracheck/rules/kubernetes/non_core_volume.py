"""Pod names its storage itself instead of claiming it.

Volumes such as `nfs`, `iscsi` or `flexVolume` stand in the pod with server and credentials: every pod author decides
which storage is mounted, and as whom. The restricted standard allows only what the namespace owns (ConfigMap, Secret,
projected, `emptyDir`, downward API, images) and what an administrator defined (claims, CSI).

## Fix

Define a PersistentVolume or a StorageClass for the storage and mount a PersistentVolumeClaim.

## References

- [Pod Security Standards, restricted: volume types](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
- [Persistent Volumes](https://kubernetes.io/docs/concepts/storage/persistent-volumes/)

## Bad: a server in the manifest

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers: [{name: web, image: "registry.example/web:1.4.0"}]
  volumes:
    - name: shared
      nfs: # finding
        server: nfs.example
        path: /shared
    - name: disk
      awsElasticBlockStore: # finding
        volumeID: vol-0123456789abcdef0
```

## Good: what the restricted standard allows, and what other rules report

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers: [{name: web, image: "registry.example/web:1.4.0"}]
  volumes:
    - name: plain
    - {name: scratch, emptyDir: {}}
    - {name: data, persistentVolumeClaim: {claimName: data}}
    - {name: config, configMap: {name: web}}
    - {name: keys, secret: {secretName: web}}
    - {name: all, projected: {sources: []}}
    - {name: model, image: {reference: "registry.example/model:1.0.0"}}
    - {name: cache, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce]}}}}
    - {name: store, csi: {driver: secrets-store.csi.k8s.io}}
    - {name: self, downwardAPI: {items: []}}
    - {name: logs, hostPath: {path: /var/log/pods}}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.facts.pod_security import REMOVED_VOLUMES, RESTRICTED_VOLUMES
from infracheck.kubernetes.place import entries, known_text
from infracheck.kubernetes.pod import Volume
from infracheck.kubernetes.release import NEWEST, cluster_release
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation
    from infracheck.source.field import Field

ELSEWHERE = frozenset({"hostPath", "gitRepo"})
"""Types that have rules of their own."""


@rule(
    Target.POD_SPEC,
    severity=Severity.LOW,
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=("AVD-KSV-0028", "KSV-0028"),
    tags=("pss-restricted",),
    remedy="Mount a PersistentVolumeClaim.",
    default=False,
)
def non_core_volume(pod: PodSpec) -> Iterator[Violation]:
    """Yield each volume of a type the restricted standard does not know, but for those with a rule of their own."""

    def judge(entry: Field) -> Iterator[Violation]:
        volume = Volume(entry)
        gone = REMOVED_VOLUMES.get(volume.kind)
        is_gone = gone is not None and gone <= (cluster_release(pod.context) or NEWEST)
        if volume.kind not in RESTRICTED_VOLUMES | ELSEWHERE and not is_gone:
            name = known_text(entry["name"]) or "?"
            message = f"volume {name} of {pod.address} is of type {volume.kind}, which the restricted standard forbids"
            yield pod.violation(volume.source, message)

    yield from judge_each(entries(pod.field["volumes"]), judge)
