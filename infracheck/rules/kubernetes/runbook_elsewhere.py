"""Alert links to a runbook outside the place where runbooks are kept.

Runbooks are found, reviewed and updated where the team keeps them. A link to a wiki that was left, to another product's
folder or to a person's notes leads, in the middle of the night, to a page that is out of date or asks for a login.

The place is `operations.runbooks` of the configuration, a folder or the beginning of a URL. The rule is silent where it
is not set. An alert without a link is the affair of `kubernetes/alert-without-runbook`.

## Fix

Move the runbook there and correct `runbook_url`.

## References

- [Prometheus: alerting rules](https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/)

## Bad: the old wiki

```toml infracheck.toml
[operations]
runbooks = "docs/runbooks/"
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
          annotations:
            runbook_url: https://wiki.example.org/latency # finding
```

## Good: in the folder, wherever it is shown

```toml infracheck.toml
[operations]
runbooks = "docs/runbooks/"
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
          annotations:
            runbook_url: https://git.violet.example/infrastructure/blob/main/docs/runbooks/latency.md
        - alert: QueueLong
          expr: queue > 100
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
        - alert: LatencyHigh
          expr: latency > 0.2
          annotations:
            runbook_url: https://wiki.example.org/latency
```

## Bad: below another address

```toml infracheck.toml
[operations]
runbooks = "https://runbooks.violet.example/"
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
          annotations:
            runbook_url: https://old.example/runbooks/down # finding
        - alert: Slow
          expr: latency > 1
          annotations:
            runbook_url: https://runbooks.violet.example/slow
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.observability import alerts_of
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._runbooks import LINKS
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
    remedy="Move the runbook to the team's place and correct the link.",
)
def runbook_elsewhere(manifest: Manifest) -> Iterator[Violation]:
    """Yield each link that leads elsewhere."""
    operations = manifest.context.settings.operations
    place = operations.runbooks.strip()
    if "runbooks" not in operations.model_fields_set or not place:
        return
    folder = place.removeprefix("./").strip("/")

    def judge(alert: Alert) -> Iterator[Violation]:
        for key in LINKS:
            field = alert.field["annotations"][key]
            link = (field.text("") or "").strip()
            inside = link.startswith(place) if "://" in place else f"/{folder}/" in f"/{link}"
            if link and not inside:
                yield manifest.violation(
                    field, f"alert {alert.shown_name} links to {link}, which is not below {operations.runbooks}"
                )

    yield from judge_each(alerts_of(manifest), judge)
