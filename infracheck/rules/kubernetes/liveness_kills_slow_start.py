"""Liveness probe kills the container before it can have started.

Without a startup probe the liveness probe begins with the container. It acts after `initialDelaySeconds` plus
`periodSeconds` times `failureThreshold`; a start that takes longer, on a busy node or with a cold cache, is killed and
begins again, for ever. The rule reports a liveness probe that acts within ten seconds of the start, or before the
readiness probe, by its own `initialDelaySeconds`, even begins to ask.

## Fix

Add a `startupProbe` with the patience the slowest start needs: the other probes then wait for it.

## References

- [Protect slow starting containers with startup probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#define-startup-probes)

## Bad: dead before it is asked whether it is ready

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      readinessProbe:
        httpGet: {path: /ready, port: 8080}
        initialDelaySeconds: 60
      livenessProbe: # finding
        httpGet: {path: /live, port: 8080}
        initialDelaySeconds: 10
        periodSeconds: 10
    - name: proxy
      image: proxy:1.0
      livenessProbe: # finding
        tcpSocket: {port: 9000}
        periodSeconds: 2
```

## Good: a startup probe first, or enough patience

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: app
      image: web:1.0
      startupProbe:
        httpGet: {path: /live, port: 8080}
        failureThreshold: 30
      livenessProbe:
        httpGet: {path: /live, port: 8080}
        periodSeconds: 2
    - name: proxy
      image: proxy:1.0
      livenessProbe:
        tcpSocket: {port: 9000}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation

LEAST = 10
"""Seconds any start may take: pulling in configuration and opening connections alone can need a few."""


@rule(
    Target.CONTAINER,
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    confidence=Confidence.MEDIUM,
    remedy="Add a `startupProbe`.",
)
def liveness_kills_slow_start(container: Container) -> Iterator[Violation]:
    """Yield the liveness probe if it acts before a start can be over."""
    liveness = container.probe("liveness")
    if liveness is None or container.probe("startup") is not None:
        return
    readiness = container.probe("readiness")
    delay = readiness.initial_delay if readiness else 0
    if liveness.budget < max(LEAST, delay):
        late = f", readiness only asks after {delay} s" if liveness.budget < delay else ""
        yield container.violation(
            liveness.field,
            f"container {container.shown_name} of {container.address} is killed within {liveness.budget} s of its "
            f"start unless it answers{late}, and has no startup probe",
        )
