"""Alert links to no runbook.

An alert wakes somebody who may not know the service. Without a link to what to look at and what to try, the first
minutes of an incident go into searching, and every responder finds the answer anew. Alertmanager, Grafana and PagerDuty
show the annotation `runbook_url` next to the alert.

## Fix

Add the annotation `runbook_url` with the address of a page that says what the alert means and what to do.

## References

- [Prometheus: alerting rules](https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/)
- [Prometheus Operator: PrometheusRule](https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.PrometheusRule)
- [Google SRE book: being on-call](https://sre.google/sre-book/being-on-call/)

## Bad: no link, and an empty one

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
          annotations:
            summary: median latency is high
        - alert: QueueLong # finding
          expr: queue > 100
          annotations:
            runbook_url: ""
```

## Good: a link, and a rule that alerts nobody

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
          annotations:
            runbook_url: https://runbooks.violet.example/latency
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._runbooks import LINKS
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation
    from infracheck.source.field import Field


@rule(
    Target.MANIFEST,
    kinds=("monitoring.coreos.com/PrometheusRule",),
    severity=Severity.LOW,
    category=Category.OPERATIONS,
    priority=Priority.P3,
    remedy="Add the annotation `runbook_url`.",
)
def alert_without_runbook(manifest: Manifest) -> Iterator[Violation]:
    """Yield each alert without a link."""

    def judge(alert: Field) -> Iterator[Violation]:
        name = alert["alert"]
        links = (alert["annotations"][key].text("") or "" for key in LINKS)
        if name.exists and not any(link.strip() for link in links):
            shown = "?" if name.is_unknown else name.text()
            yield manifest.violation(name, f"alert {shown} of {manifest.address} links to no runbook")

    alerts = (alert for group in manifest.field.at("spec.groups") for alert in group["rules"])
    yield from judge_each(alerts, judge)
