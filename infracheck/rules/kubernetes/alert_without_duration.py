"""Alert fires at the first sight of trouble.

Without `for` an alert goes out as soon as one evaluation finds its condition true. One slow request, one failed scrape,
one pod that starts, and somebody is woken for what is over when they look. Alerts that cry wolf are muted, and then
miss the wolf.

Where the expression itself looks back (`increase(...[30m])`, `absent_over_time`) it is right to fire at once, so the
rule is a matter of policy and does not run by itself; such alerts are not reported.

## Fix

Set `for: 5m` or what the service can bear.

## References

- [Prometheus: alerting rules, for](https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/)
- [Prometheus: alerting, best practices](https://prometheus.io/docs/practices/alerting/)

## Bad: at once

```yaml manifest.yaml
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: core
spec:
  groups:
    - name: core
      rules:
        - alert: QueueLong # finding
          expr: queue > 100
        - alert: QueueFull
          expr: queue > 1000
          for: 0s # finding
```

## Good: after a while, or over a while

```yaml manifest.yaml
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: core
spec:
  groups:
    - name: core
      rules:
        - alert: QueueLong
          expr: queue > 100
          for: 5m
        - alert: Restarting
          expr: increase(restarts_total[30m]) > 3
```
"""

from __future__ import annotations

import re
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

LOOKS_BACK = re.compile(r"\[\s*\d")
"""A range in the expression: it covers some time already."""
ZERO = re.compile(r"0+[a-z]*")


@rule(
    Target.MANIFEST,
    kinds=("monitoring.coreos.com/PrometheusRule",),
    severity=Severity.LOW,
    category=Category.OPERATIONS,
    priority=Priority.P3,
    remedy="Set `for`.",
    default=False,
)
def alert_without_duration(manifest: Manifest) -> Iterator[Violation]:
    """Yield each alert that waits for nothing and whose expression does not look back."""

    def judge(alert: Alert) -> Iterator[Violation]:
        wait = alert.field["for"]
        text = (wait.text("") or "").strip()
        if (not text or ZERO.fullmatch(text)) and not LOOKS_BACK.search(alert.field["expr"].text("") or ""):
            at = wait if wait.exists else alert.name
            yield manifest.violation(at, f"alert {alert.shown_name} of {manifest.address} fires at the first sight")

    yield from judge_each(alerts_of(manifest), judge)
