"""Two containers of a pod declare the same port.

The containers of a pod share one network: the second that binds a port fails with `address already in use` and restarts
for ever. Within one container, a port that is written twice is a leftover, and `kubectl apply` keeps only one of the
two.

## Fix

Let one of them listen on another port, and say so in its configuration too.

## References

- [Pods: Pod networking, Kubernetes documentation](https://kubernetes.io/docs/concepts/workloads/pods/#pod-networking)

## Bad: a sidecar, and a leftover

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  initContainers:
    - name: proxy
      image: registry.example/proxy:1.4.0
      restartPolicy: Always
      ports:
        - containerPort: 8080
  containers:
    - name: web
      image: registry.example/web:1.4.0
      ports:
        - containerPort: 8080 # finding
        - name: metrics
          containerPort: 9090
        - name: http-metrics
          containerPort: 9090 # finding
```

## Good: other protocols, other addresses, and one after the other

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: dns
spec:
  initContainers:
    - name: setup
      image: registry.example/setup:1.4.0
      ports: [{containerPort: 53}]
  containers:
    - name: dns
      image: registry.example/dns:1.4.0
      ports:
        - {name: dns, containerPort: 53, protocol: UDP}
        - {name: dns-tcp, containerPort: 53}
    - name: metrics
      image: registry.example/metrics:1.4.0
      ports:
        - {name: http, containerPort: 8080, hostPort: 80}
        - {name: alternative, containerPort: 8080, hostPort: 8080}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Severity
from infracheck.kubernetes.container import Port
from infracheck.kubernetes.place import entries
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation


@rule(
    Target.POD_SPEC,
    severity=Severity.MEDIUM,
    category=Category.CORRECTNESS,
    confidence=Confidence.MEDIUM,
    aliases=("kube-score:container-ports-check",),
    remedy="Let one of them listen on another port.",
)
def clashing_container_ports(pod: PodSpec) -> Iterator[Violation]:
    """Yield each port that a container declares although it, or one that runs beside it, already has."""
    first: dict[tuple[int, str], tuple[Container, Port]] = {}

    def judge(place: tuple[Container, Port]) -> Iterator[Violation]:
        container, port = place
        if not container.runs_throughout or not port.number:
            return
        other, earlier = first.setdefault((port.number, port.protocol), place)
        if earlier is port or (other is container and port.host_port != earlier.host_port):
            return
        shown = f"container {container.shown_name} of {pod.address}"
        before = "twice" if other is container else f"as container {other.shown_name} does"
        yield container.violation(
            port.field["containerPort"],
            f"{shown} declares {port.protocol} port {port.number} {before}",
            severity=Severity.LOW if other is container else None,
            related=[("the first", earlier.field["containerPort"])],
        )

    ports = ((one, Port(entry)) for one in pod.containers for entry in entries(one.field["ports"]))
    yield from judge_each(ports, judge)
