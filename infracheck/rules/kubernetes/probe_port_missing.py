"""Probe asks a port by a name the container does not declare.

The name of a probe's port is looked up among the `ports` of the same container. If it is not there, every probe fails:
with a liveness probe the container restarts for ever, with a readiness probe the pod never gets a request. The usual
cause is a port that was renamed, or that belongs to another container of the pod. Ports given by number need no
declaration and are not judged.

## Fix

Declare the port under that name in the container's `ports`, or correct the name in the probe.

## References

- [Use a named port](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#use-a-named-port)

## Bad: renamed, and another container's

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      ports: [{name: web, containerPort: 8080}]
      readinessProbe:
        httpGet:
          path: /ready
          port: http # finding
    - name: proxy
      image: proxy:1.0
      livenessProbe:
        tcpSocket:
          port: web # finding
```

## Good: declared, or a number

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      ports: [{name: http, containerPort: 8080}]
      readinessProbe:
        httpGet: {path: /ready, port: http}
      livenessProbe:
        tcpSocket: {port: 9000}
      startupProbe:
        exec: {command: [/bin/started]}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.probe import Probe
    from infracheck.rule import Violation


@rule(
    Target.CONTAINER,
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P1,
    aliases=("kube-linter:liveness-port", "kube-linter:readiness-port", "kube-linter:startup-port"),
    remedy="Declare the port under that name, or correct the name.",
)
def probe_port_missing(container: Container) -> Iterator[Violation]:
    """Yield each name of a port that the container does not have."""

    def judge(probe: Probe) -> Iterator[Violation]:
        name = probe.port.text()
        if name and not name.isdigit() and all(port.name != name for port in container.ports):
            yield container.violation(
                probe.port,
                f"the {probe.kind} probe of container {container.shown_name} of {container.address} asks port {name}, "
                "which the container does not declare",
            )

    yield from judge_each(container.probes, judge)
