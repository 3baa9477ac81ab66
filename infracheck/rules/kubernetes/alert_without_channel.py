"""Nobody is told of an alert: its severity has no channel.

The configuration lists, for each incident class, the channels that are told (`operations.alert-channels`). An alert of
another severity, a class that was left out or a word that is none, is routed by nobody and ends in a default receiver.

The rule is silent where no channels are configured. An alert without any severity is the affair of
`kubernetes/alert-without-severity`.

## Fix

Use a class that has channels, or configure channels for the class.

## References

- [Alertmanager: routes](https://prometheus.io/docs/alerting/latest/configuration/#route)

## Bad: a word of another convention, and a class without a channel

```toml infracheck.toml
[operations.alert-channels]
P0 = ["pagerduty"]
P1 = ["pagerduty", "slack"]
```

```yaml manifests/rules.yaml
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: core
spec:
  groups:
    - name: core
      rules:
        - alert: LatencyHigh
          expr: latency > 0.2
          labels: {severity: critical} # finding
        - alert: QueueLong
          expr: queue > 100
          labels:
            severity: P3 # finding
```

## Good: it has a channel

```toml infracheck.toml
[operations.alert-channels]
P0 = ["pagerduty"]
```

```yaml manifests/rules.yaml
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: core
spec:
  groups:
    - name: core
      rules:
        - alert: Down
          expr: up == 0
          labels: {severity: p0}
        - alert: Slow
          expr: latency > 1
          labels: {severity: critical, priority: P0}
```

## Good: nothing is configured

```yaml rules.yaml
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: core
spec:
  groups:
    - name: core
      rules:
        - alert: Down
          expr: up == 0
          labels: {severity: critical}
```

## Good: it has no severity

```toml infracheck.toml
[operations.alert-channels]
P0 = ["pagerduty"]
```

```yaml manifests/rules.yaml
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: core
spec:
  groups:
    - name: core
      rules:
        - alert: Down
          expr: up == 0
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.observability import alerts_of
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.observability import Alert
    from infracheck.rule import Violation


@rule(
    Target.MANIFEST,
    kinds=("monitoring.coreos.com/PrometheusRule",),
    severity=Severity.MEDIUM,
    category=Category.OPERATIONS,
    priority=Priority.P2,
    remedy="Use a class that has channels.",
)
def alert_without_channel(manifest: Manifest) -> Iterator[Violation]:
    """Yield each severity that no channel is configured for."""
    told = {priority.value for priority, names in manifest.context.settings.operations.alert_channels.items() if names}
    if not told:
        return

    def judge(alert: Alert) -> Iterator[Violation]:
        words = {(alert.label(key).text("") or "").strip().upper() for key in ("severity", "priority")} - {""}
        if words and not words & told:
            shown = alert.severity.text("") or ""
            yield manifest.violation(
                alert.severity,
                f"nobody is told of alert {alert.shown_name}: {shown} has no channel, only {', '.join(sorted(told))}",
            )

    yield from judge_each(alerts_of(manifest), judge)
