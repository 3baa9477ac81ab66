"""What looks for the objects of a chart in the same namespace is not judged by the objects beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.judged import judged

if TYPE_CHECKING:
    from pathlib import Path

OURS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: console, namespace: media}
spec:
  replicas: 2
  selector: {matchLabels: {app: console, tier: web}}
  template:
    metadata: {labels: {app: console, tier: web}}
    spec: {containers: [{name: app, image: "console:1.0"}]}
---
apiVersion: v1
kind: Service
metadata: {name: console, namespace: media, labels: {app: console, tier: web}}
spec: {selector: {app: console}, ports: [{name: http, port: 80}]}
---
"""
LOOKING = {
    "hpa-target-missing": """\
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: NAME, namespace: media}
spec: {scaleTargetRef: {name: NAME}, maxReplicaCount: 2, triggers: [{type: cron, metadata: {}}]}
""",
    "otel-endpoint-missing": """\
apiVersion: v1
kind: Pod
metadata: {name: NAME, namespace: media}
spec:
  containers:
    - {name: app, image: "app:1.0", env: [{name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://NAME-collector:4317"}]}
""",
    "pdb-selects-nothing": """\
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {name: NAME, namespace: media}
spec: {maxUnavailable: 1, selector: {matchLabels: {app: NAMEMORE}}}
""",
    "pod-monitor-selects-nothing": """\
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: {name: NAME, namespace: media}
spec: {selector: {matchLabels: {app: NAMEMORE}}, podMetricsEndpoints: [{port: http}]}
""",
    "service-monitor-selects-nothing": """\
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: {name: NAME, namespace: media}
spec: {selector: {matchLabels: {app: NAMEMORE}}, endpoints: [{port: http}]}
""",
}
CHART = """\
---
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: {name: jellyfin, namespace: NAMESPACE}
spec: {chart: {spec: {chart: jellyfin}}}
"""
OPERATED = """\
---
apiVersion: media.example.com/v1
kind: Player
metadata: {name: jellyfin, namespace: media}
"""


def beside_ours(rule: str, more: str = "", labels: str = "", name: str = "jellyfin") -> str:
    """Our objects, one that looks for another, and what may make that."""
    return OURS + LOOKING[rule].replace("NAMEMORE", name + labels).replace("NAME", name) + more


@pytest.mark.parametrize("rule", LOOKING)
def test_a_chart_in_the_namespace_may_make_it(tmp_path: Path, rule: str) -> None:
    assert judged(tmp_path, rule, beside_ours(rule, CHART.replace("NAMESPACE", "media"))) == (0, 1)


@pytest.mark.parametrize("rule", LOOKING)
def test_no_chart_and_one_elsewhere_are_no_excuse(tmp_path: Path, rule: str) -> None:
    assert judged(tmp_path, rule, beside_ours(rule)) == (1, 0)
    assert judged(tmp_path, rule, beside_ours(rule, CHART.replace("NAMESPACE", "other"))) == (1, 0)


@pytest.mark.parametrize("rule", [rule for rule in LOOKING if "selects" in rule])
def test_what_is_meant_for_ours_is_judged_beside_a_chart(tmp_path: Path, rule: str) -> None:
    chart = CHART.replace("NAMESPACE", "media")
    assert judged(tmp_path, rule, beside_ours(rule, chart, labels=", tier: backend", name="console")) == (1, 0)


@pytest.mark.parametrize("rule", [rule for rule in LOOKING if "selects" in rule])
def test_an_object_of_that_name_may_make_it(tmp_path: Path, rule: str) -> None:
    assert judged(tmp_path, rule, beside_ours(rule, OPERATED)) == (0, 1)


@pytest.mark.parametrize(("name", "found"), [("jellyfin", (0, 1)), ("other", (1, 0))])
def test_an_operator_makes_the_service_of_its_collector(tmp_path: Path, name: str, found: tuple[int, int]) -> None:
    collector = "---\napiVersion: opentelemetry.io/v1beta1\nkind: OpenTelemetryCollector\n"
    metadata = f"metadata: {{name: {name}, namespace: media}}\n"
    rule = "otel-endpoint-missing"
    assert judged(tmp_path, rule, beside_ours(rule, collector + metadata)) == found
