"""Pod mounts a directory of its node.

A `hostPath` volume ties the pod to what happens to lie on one node: data is lost when the node goes, which with
Karpenter is any day. And it is a way out of the container: written files run as the node's own, read files may be other
pods' secrets.

## Fix

Use `emptyDir` for scratch space, a PersistentVolumeClaim for data, a ConfigMap or Secret for files. Node agents that
must see the host mount the one path they need, read-only, with a suppression that says why.

## References

- [Volumes: hostPath, Kubernetes documentation](https://kubernetes.io/docs/concepts/storage/volumes/#hostpath)
- [Pod Security Standards, baseline: HostPath volumes](https://kubernetes.io/docs/concepts/security/pod-security-standards/)

## Bad: a cache on the node

```yaml proxy.yaml
apiVersion: v1
kind: Pod
metadata:
  name: proxy
spec:
  containers:
    - name: proxy
      image: registry.example/proxy:1.0.0
      volumeMounts:
        - name: cache
          mountPath: /cache
  volumes:
    - name: cache
      hostPath: # finding
        path: /var/cache/proxy
```

## Good: scratch space

```yaml proxy.yaml
apiVersion: v1
kind: Pod
metadata:
  name: proxy
spec:
  containers:
    - name: proxy
      image: registry.example/proxy:1.0.0
      volumeMounts:
        - name: cache
          mountPath: /cache
  volumes:
    - name: cache
      emptyDir:
        sizeLimit: 1Gi
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation


@rule(
    Target.POD_SPEC,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    priority=Priority.P2,
    aliases=("AVD-KSV-0023", "KSV-0023", "polaris:hostPathSet"),
    tags=("pss-baseline", "pss-restricted"),
    remedy="Use `emptyDir`, a claim, a ConfigMap or a Secret instead.",
)
def host_path_volume(pod: PodSpec) -> Iterator[Violation]:
    """Yield each volume that is a directory of the node."""
    for volume in pod.volumes:
        if volume.kind == "hostPath":
            yield pod.violation(volume.source, f"volume {volume.name} of {pod.address} is a directory of the node")
