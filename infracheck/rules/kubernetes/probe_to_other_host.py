"""Probe or lifecycle hook calls another host.

Probes are sent by the kubelet, from the node. With `host` set, whoever writes the pod makes the kubelet call that
address: services on the node's loopback, the instance metadata service, hosts that only nodes can reach. And the answer
says nothing about the container that is probed. The baseline standard forbids it since Kubernetes 1.34.

## Fix

Remove `host`: the kubelet then calls the pod's own address. To send a name, set the header `Host` under `httpHeaders`.

## References

- [Pod Security Standards, baseline: host probes / lifecycle hooks](https://kubernetes.io/docs/concepts/security/pod-security-standards/)
- [KEP-4940: block setting .host in probe and lifecycle handlers](https://www.kubernetes.dev/resources/keps/4940/)

## Bad: a probe, a socket, a hook

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  initContainers:
    - name: sidecar
      image: registry.example/sidecar:1.4.0
      restartPolicy: Always
      startupProbe:
        tcpSocket:
          host: 169.254.169.254 # finding
          port: 80
  containers:
    - name: web
      image: registry.example/web:1.4.0
      readinessProbe:
        httpGet:
          host: web.example.com # finding
          path: /health
          port: 443
      lifecycle:
        preStop:
          httpGet:
            host: 127.0.0.1 # finding
            path: /drain
            port: 8080
```

## Good: the pod itself

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.0
      livenessProbe:
        httpGet:
          host: ""
          path: /health
          port: 8080
          httpHeaders: [{name: Host, value: web.example.com}]
      readinessProbe:
        grpc: {port: 9000}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation

CALLERS = ("livenessProbe", "readinessProbe", "startupProbe", "lifecycle.postStart", "lifecycle.preStop")
HOSTS = tuple(f"{caller}.{how}.host" for caller in CALLERS for how in ("httpGet", "tcpSocket"))
"""Where a host may stand."""


@rule(
    Target.CONTAINER,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    tags=("pss-baseline", "pss-restricted"),
    remedy="Remove `host`.",
)
def probe_to_other_host(container: Container) -> Iterator[Violation]:
    """Yield each host that a probe or hook names."""

    def judge(path: str) -> Iterator[Violation]:
        host = container.at(path)
        if host.text():
            shown = f"container {container.shown_name} of {container.address}"
            message = f"{path.split('.')[-3]} of {shown} has the kubelet call {host.text()}"
            yield container.violation(host, message)

    yield from judge_each(HOSTS, judge)
