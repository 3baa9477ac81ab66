"""Container can write to a directory of its node.

A `hostPath` volume that is mounted without `readOnly: true` lets the container change files of the node: fill its disk,
replace what the kubelet or another pod runs or reads, and so leave its container.

## Fix

Set `readOnly: true` on the mount, or use an `emptyDir` or a claim for what must be written.

## References

- [Volumes: hostPath, Kubernetes documentation](https://kubernetes.io/docs/concepts/storage/volumes/#hostpath)
- [Read-only mounts](https://kubernetes.io/docs/concepts/storage/volumes/#read-only-mounts)

## Bad: by default, and by an init container

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  initContainers:
    - name: setup
      image: registry.example/agent:1.4.0
      volumeMounts:
        - name: cache # finding
          mountPath: /cache
          readOnly: false
  containers:
    - name: agent
      image: registry.example/agent:1.4.0
      volumeMounts:
        - name: cache # finding
          mountPath: /cache
        - name: scratch
          mountPath: /tmp
  volumes:
    - name: cache
      hostPath:
        path: /var/cache/agent
    - name: scratch
      emptyDir: {}
```

## Good: read-only

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  containers:
    - name: agent
      image: registry.example/agent:1.4.0
      volumeMounts:
        - name: logs
          mountPath: /var/log
          readOnly: true
  volumes:
    - name: logs
      hostPath:
        path: /var/log
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._host_paths import host_paths
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container, Mount
    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation


@rule(
    Target.POD_SPEC,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    aliases=("kube-linter:writable-host-mount",),
    remedy="Set `readOnly: true` on the mount.",
    default=False,
)
def writable_host_path(pod: PodSpec) -> Iterator[Violation]:
    """Yield each mount by which a container may write to the node."""
    paths = {volume.field["name"].text(): volume for volume in host_paths(pod)}

    def judge(place: tuple[Container, Mount]) -> Iterator[Violation]:
        container, mount = place
        volume = paths.get(mount.name)
        if volume is not None and not mount.read_only:
            shown = f"container {container.shown_name} of {container.address}"
            yield container.violation(mount.field["name"], f"{shown} may write to `{volume.path}` of its node")

    for container in pod.containers:
        yield from judge_each(((container, mount) for mount in container.mounts), judge)
