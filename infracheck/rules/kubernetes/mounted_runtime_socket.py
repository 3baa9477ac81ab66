"""Pod mounts the socket of the container runtime.

Through the socket of Docker, containerd or CRI-O anybody can start a privileged container that mounts the node's root
filesystem. Whoever breaks into the pod therefore owns the node and every pod on it. Mounting the socket read-only
changes nothing: a socket is written to when it is called.

## Fix

Remove the mount. Build images with Kaniko or rootless BuildKit, collect container logs from `/var/log/pods`, read
metrics from the kubelet.

## References

- [Volumes: hostPath, Kubernetes documentation](https://kubernetes.io/docs/concepts/storage/volumes/#hostpath)
- [Docker security: Docker daemon attack surface](https://docs.docker.com/engine/security/#docker-daemon-attack-surface)

## Bad: three runtimes, and the folder that holds a socket

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: builder
spec:
  containers:
    - name: builder
      image: registry.example/builder:1.4.0
      volumeMounts:
        - {name: docker, mountPath: /var/run/docker.sock, readOnly: true}
  volumes:
    - name: docker
      hostPath:
        path: /var/run/docker.sock # finding
        type: Socket
    - name: containerd
      hostPath:
        path: /run/containerd/containerd.sock # finding
    - name: crio
      hostPath:
        path: /var/run/crio/ # finding
```

## Bad: a component brings it

```yaml base/kustomization.yaml
resources: [ci.yaml]
```

```yaml base/ci.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ci
spec:
  serviceName: ci
  selector:
    matchLabels: {app: ci}
  template:
    metadata:
      labels: {app: ci}
    spec:
      containers: [{name: ci, image: "registry.example/ci:1.4.0"}]
```

```yaml components/docker/kustomization.yaml
apiVersion: kustomize.config.k8s.io/v1alpha1
kind: Component
patches:
  - path: patch.yaml
```

```yaml components/docker/patch.yaml
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: ci
spec:
  template:
    spec:
      volumes:
        - name: docker
          hostPath:
            path: /run/docker.sock # finding
```

```yaml overlays/dev/kustomization.yaml
resources: [../../base]
components: [../../components/docker]
```

## Good: logs, and an image store of its own

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: builder
spec:
  containers:
    - name: builder
      image: registry.example/builder:1.4.0
  volumes:
    - name: logs
      hostPath:
        path: /var/log/pods
    - name: store
      emptyDir: {}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.facts.host_paths import is_runtime_socket
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
    severity=Severity.CRITICAL,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=(
        "CKV_K8S_27",
        "AVD-KSV-0006",
        "KSV-0006",
        "AVD-KSV-0023",
        "KSV-0023",
        "kube-linter:docker-sock",
        "polaris:hostPathSet",
    ),
    tags=("pss-baseline", "pss-restricted"),
    remedy="Remove the mount.",
)
def mounted_runtime_socket(pod: PodSpec) -> Iterator[Violation]:
    """Yield each path of the node that is, or holds, the socket of a container runtime."""

    def judge(volume: HostPath) -> Iterator[Violation]:
        if is_runtime_socket(volume.path):
            message = f"volume {volume.name} of {pod.address} is `{volume.path}`, by which containers command the node"
            yield pod.violation(volume.field["hostPath"]["path"], message)

    yield from judge_each(host_paths(pod), judge)
