"""Pod mounts a part of its node that gives the node away.

`/`, `/etc`, `/root`, `/var/lib/kubelet`, `/proc`, `/dev` and the like hold the node's keys, its devices, the
environment of its processes and the secrets of every pod on it. Written to, they make the container root on the node
with the next cron job or login; read, they hand out credentials. `/run` and `/var/run` also hold the socket of the
container runtime.

## Fix

Remove the mount, or mount the one file or folder below that is needed, read-only. Node agents that need more run in a
namespace of their own, with a suppression that says why.

## References

- [Volumes: hostPath, Kubernetes documentation](https://kubernetes.io/docs/concepts/storage/volumes/#hostpath)
- [Pod Security Standards, baseline: HostPath volumes](https://kubernetes.io/docs/concepts/security/pod-security-standards/)

## Bad: the root, keys, and a path written oddly

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
        - {name: root, mountPath: /host}
        - {name: keys, mountPath: /keys, readOnly: true}
  volumes:
    - name: root
      hostPath:
        path: / # finding
    - name: keys
      hostPath:
        path: /etc/kubernetes/pki # finding
    - name: run
      hostPath:
        path: //var/run/ # finding
```

## Bad: an overlay widens it

```yaml base/kustomization.yaml
resources: [agent.yaml]
```

```yaml base/agent.yaml
apiVersion: apps/v1
kind: DaemonSet
metadata:
  name: agent
spec:
  selector:
    matchLabels: {app: agent}
  template:
    metadata:
      labels: {app: agent}
    spec:
      containers: [{name: agent, image: "registry.example/agent:1.4.0"}]
      volumes:
        - name: etc
          hostPath:
            path: /etc/os-release
```

```yaml overlays/dev/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: DaemonSet}
    patch: |
      - op: replace
        path: /spec/template/spec/volumes/0/hostPath/path
        value: /etc # finding
```

## Good: one file, and what other rules report

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: agent
spec:
  containers: [{name: agent, image: "registry.example/agent:1.4.0"}]
  volumes:
    - name: time
      hostPath:
        path: /etc/localtime
    - name: logs
      hostPath:
        path: /var/log/pods
    - name: docker
      hostPath:
        path: /var/run/docker.sock
    - name: scratch
      emptyDir: {}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.facts.host_paths import PUBLIC, is_sensitive, normal_path
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
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=(
        "AVD-KSV-0023",
        "KSV-0023",
        "AVD-KSV-0121",
        "KSV-0121",
        "kube-linter:sensitive-host-mounts",
        "polaris:hostPathSet",
    ),
    tags=("pss-baseline", "pss-restricted"),
    remedy="Remove the mount, or mount the one file that is needed, read-only.",
)
def sensitive_host_path(pod: PodSpec) -> Iterator[Violation]:
    """Yield each path of the node that holds its system, its keys or the files of other pods."""

    def judge(volume: HostPath) -> Iterator[Violation]:
        if is_sensitive(volume.path):
            message = f"volume {volume.name} of {pod.address} is `{volume.path}` of the node"
            severity = Severity.MEDIUM if _only_reads_programs(pod, volume) else None
            yield pod.violation(volume.field["hostPath"]["path"], message, severity=severity)

    yield from judge_each(host_paths(pod), judge)


def _only_reads_programs(pod: PodSpec, volume: HostPath) -> bool:
    """Whether the path holds no secrets and no container may write to it."""
    mounts = pod.mounts_of(volume.name) if normal_path(volume.path) in PUBLIC else []
    return bool(mounts) and all(mount.read_only for _, mount in mounts)
