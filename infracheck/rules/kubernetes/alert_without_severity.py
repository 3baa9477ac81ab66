"""Alert has no severity.

Alertmanager decides by the label `severity` who is told and how: a page at night, a message in a channel, nothing. An
alert without it falls through to the default receiver, where an outage of the shop looks like a full disk of a test
machine, and where nobody may be listening.

A label of the group counts, and so does `priority`.

## Fix

Add `labels: {severity: ...}` with the classes your Alertmanager routes by.

## References

- [Prometheus: alerting rules](https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/)
- [Alertmanager: routes](https://prometheus.io/docs/alerting/latest/configuration/#route)

## Bad: other labels, an empty one

```yaml manifest.yaml
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: core
spec:
  groups:
    - name: core
      rules:
        - alert: LatencyHigh # finding
          expr: latency > 0.2
          labels: {team: core}
        - alert: QueueLong # finding
          expr: queue > 100
          labels: {severity: ""}
```

## Good: its own, the group's, or no alert

```yaml manifest.yaml
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: core
spec:
  groups:
    - name: core
      rules:
        - record: latency:p50
          expr: quantile(0.5, latency)
        - alert: LatencyHigh
          expr: latency:p50 > 0.2
          labels: {severity: P2}
    - name: minor
      labels: {severity: info}
      rules:
        - alert: QueueLong
          expr: queue > 100
        - alert: QueueEmpty
          expr: queue == 0
          labels: {priority: P3}
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
    severity=Severity.LOW,
    category=Category.OPERATIONS,
    priority=Priority.P3,
    remedy="Add the label `severity`.",
)
def alert_without_severity(manifest: Manifest) -> Iterator[Violation]:
    """Yield each alert that carries no severity."""

    def judge(alert: Alert) -> Iterator[Violation]:
        if not (alert.severity.text("") or "").strip():
            yield manifest.violation(alert.name, f"alert {alert.shown_name} of {manifest.address} has no severity")

    yield from judge_each(alerts_of(manifest), judge)
