"""Probe may take longer than the time between two probes.

The kubelet runs the probes of a container one after the other. Where `timeoutSeconds` is above `periodSeconds`, a hung
container is asked not every period but every timeout, so it takes longer than the numbers say until it is taken out or
restarted: a probe every 5 seconds with a timeout of 30 and three failures notices after a minute and a half.

## Fix

Lower `timeoutSeconds` to at most `periodSeconds`; one to five seconds is plenty for a health endpoint.

## References

- [Configure probes](https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/#configure-probes)

## Bad: a long timeout

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
        tcpSocket: {port: 8080}
        periodSeconds: 5
        timeoutSeconds: 30 # finding
      livenessProbe:
        tcpSocket: {port: 8080}
        timeoutSeconds: 15 # finding
```

## Good: it fits

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
        tcpSocket: {port: 8080}
        periodSeconds: 5
        timeoutSeconds: 5
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
    severity=Severity.LOW,
    category=Category.AVAILABILITY,
    priority=Priority.P3,
    remedy="Set `timeoutSeconds` to at most `periodSeconds`.",
)
def probe_timeout_exceeds_period(container: Container) -> Iterator[Violation]:
    """Yield each timeout that is longer than its period."""

    def judge(probe: Probe) -> Iterator[Violation]:
        if probe.timeout > probe.period:
            yield container.violation(
                probe.at("timeoutSeconds"),
                f"the {probe.kind} probe of container {container.shown_name} of {container.address} may take "
                f"{probe.timeout} s and is due every {probe.period} s",
            )

    yield from judge_each(container.probes, judge)
