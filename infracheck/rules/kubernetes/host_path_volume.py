"""Pod mounts a directory of its node.

A `hostPath` volume ties the pod to what happens to lie on one node: data is lost when the node goes, which with
Karpenter is any day. And it is a way out of the container: written files run as the node's own, read files may be other
pods' secrets. Folders that give the node away at once, and sockets of container runtimes, are rules of their own.

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

## Bad: beside a volume that another rule reports

```yaml agent.yaml
apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  containers:
    - name: agent
      image: registry.example/agent:1.0.0
      volumeMounts:
        - {name: root, mountPath: /host}
        - {name: logs, mountPath: /var/log}
  volumes:
    - name: root
      hostPath:
        path: /
    - name: logs
      hostPath: # finding
        path: /var/log/pods
        type: Directory
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
from infracheck.kubernetes.facts.host_paths import is_runtime_socket, is_sensitive
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._host_paths import host_paths
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation
    from infracheck.rules.kubernetes._host_paths import HostPath


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
    """Yield each volume that is a directory of the node and is not reported as worse than that."""

    def judge(volume: HostPath) -> Iterator[Violation]:
        if not is_sensitive(volume.path) and not is_runtime_socket(volume.path):
            where = f"`{volume.path}`" if volume.path else "a path"
            message = f"volume {volume.name} of {pod.address} is {where} of the node"
            yield pod.violation(volume.field["hostPath"], message)

    yield from judge_each(host_paths(pod), judge)
