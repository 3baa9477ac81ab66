"""Prometheus refuses this rule.

A rule needs an expression, and is either an alert or a recording; names of groups are given once in an object; `for`
belongs to alerts. The Prometheus Operator's webhook refuses an object that breaks this. Where the webhook is not
installed Prometheus refuses the whole file instead: none of its rules is evaluated, and none of its alerts fires.

## Fix

Complete the rule, or remove it.

## References

- [Prometheus: recording rules, configuring](https://prometheus.io/docs/prometheus/latest/configuration/recording_rules/)
- [Prometheus Operator: Rule](https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.Rule)

## Bad: no expression, both kinds, neither, a wait for a recording, a group twice

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
        - alert: QueueLong
          expr: "  " # finding
        - alert: Both
          record: both # finding
          expr: up
        - expr: up # finding
        - record: recorded
          expr: up
          for: 5m # finding
    - name: core # finding
      rules: []
```

## Bad: an overlay removes the expression

```yaml base/kustomization.yaml
resources: [rules.yaml]
```

```yaml base/rules.yaml
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
```

```yaml overlays/production/kustomization.yaml
resources: [../../base]
patches:
  - target: {kind: PrometheusRule}
    patch: |
      - op: replace
        path: /spec/groups/0/rules/0/expr
        value: "" # finding
```

## Good: whole

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
          for: 5m
        - alert: Always
          expr: 1
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.kubernetes.place import known_text
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.rule import Violation
    from infracheck.source.field import Field


@rule(
    Target.MANIFEST,
    kinds=("monitoring.coreos.com/PrometheusRule",),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    priority=Priority.P2,
    remedy="Complete the rule, or remove it.",
)
def invalid_prometheus_rule(manifest: Manifest) -> Iterator[Violation]:
    """Yield each rule, and each name of a group, that Prometheus refuses."""
    seen: set[str] = set()

    def judge_group(group: Field) -> Iterator[Violation]:
        name = group["name"].text("") or ""
        if name in seen:
            yield manifest.violation(group["name"], f"{manifest.address} has two groups called {name}")
        seen.add(name)
        yield from judge_each(group["rules"], judge_rule)

    def judge_rule(entry: Field) -> Iterator[Violation]:
        alert, record, expression = entry["alert"], entry["record"], entry["expr"]
        if alert.exists and record.exists:
            yield manifest.violation(record, f"{_shown(entry)} of {manifest.address} is both an alert and a recording")
        elif not alert.exists and not record.exists:
            yield manifest.violation(
                entry, f"a rule of {manifest.address} is neither an alert nor a recording", on_key=False
            )
        elif record.exists and entry["for"].exists:
            yield manifest.violation(entry["for"], f"{_shown(entry)} of {manifest.address} is no alert and can't wait")
        written = expression.text()
        if not expression.exists or (written is not None and not written.strip()):
            at = expression if expression.exists else alert if alert.exists else entry
            yield manifest.violation(at, f"{_shown(entry)} of {manifest.address} has no expression", on_key=False)

    yield from judge_each(manifest.field.at("spec.groups"), judge_group)


def _shown(entry: Field) -> str:
    return known_text(entry["alert"]) or known_text(entry["record"]) or "a rule"
