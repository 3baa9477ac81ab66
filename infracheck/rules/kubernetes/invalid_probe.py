"""Probe is refused by the API server.

A probe asks in exactly one way: `httpGet`, `tcpSocket`, `grpc` or `exec`. Liveness and startup probes act on the first
success (`successThreshold: 1`), and only they may have a grace period of their own. Otherwise the workload is refused.
It often comes about in a patch that adds one way to a base that has another: both remain after the merge.

## Fix

Keep one way; in a patch, `httpGet: null` removes the other.

## References

- [Configure Liveness, Readiness and Startup Probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/)

## Bad: a patch adds a second way

```yaml base/kustomization.yaml
resources: [deployment.yaml]
```

```yaml base/deployment.yaml
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      containers:
        - name: app
          image: web:1.0
          livenessProbe: # finding
            httpGet: {path: /live, port: 8080}
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - patch: |-
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
      spec:
        template:
          spec:
            containers:
              - name: app
                livenessProbe:
                  tcpSocket: {port: 8080}
```

## Bad: no way, and what does not go with the kind

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      livenessProbe:
        tcpSocket: {port: 8080}
        successThreshold: 2 # finding
      readinessProbe: # finding
        periodSeconds: 5
        terminationGracePeriodSeconds: 30 # finding
```

## Good: one way

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      livenessProbe:
        httpGet: null
        tcpSocket: {port: 8080}
        terminationGracePeriodSeconds: 30
      readinessProbe:
        exec: {command: [/bin/ready]}
        successThreshold: 2
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.probe import HANDLERS
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
    remedy="Keep one of `httpGet`, `tcpSocket`, `grpc` and `exec`.",
)
def invalid_probe(container: Container) -> Iterator[Violation]:
    """Yield each probe that asks in no way or in several, and what does not go with its kind."""

    def judge(probe: Probe) -> Iterator[Violation]:
        name = f"the {probe.kind} probe of container {container.shown_name} of {container.address}"
        probe.field.require()
        ways = [way for way in HANDLERS if probe.field[way].exists]
        if len(ways) != 1:
            said = f"asks in {len(ways)} ways, {' and '.join(ways)}" if ways else f"asks nothing: {', '.join(HANDLERS)}"
            yield container.violation(probe.field, f"{name} {said}; exactly one is accepted")
        if probe.kind != "readiness" and probe.success_threshold != 1:
            yield container.violation(
                probe.at("successThreshold"), f"{name} has a successThreshold of {probe.success_threshold}: it takes 1"
            )
        if probe.kind == "readiness" and probe.field["terminationGracePeriodSeconds"].exists:
            yield container.violation(
                probe.at("terminationGracePeriodSeconds"), f"{name} has a grace period, and stops nothing"
            )

    yield from judge_each(container.probes, judge)
