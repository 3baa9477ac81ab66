"""What monitors select, what alerts carry, and which addresses are Services."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.kubernetes.observability import Monitor, ServiceAddress, alerts_of, service_address
from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.objects import Objects

SERVICES = """
apiVersion: v1
kind: Service
metadata: {name: a, namespace: one, labels: {app: a}}
---
apiVersion: v1
kind: Service
metadata: {name: b, namespace: two, labels: {app: a}}
---
"""


def monitor(build: Callable[[str], Objects], spec: str, rest: str = SERVICES) -> Monitor:
    text = (
        "apiVersion: monitoring.coreos.com/v1\nkind: ServiceMonitor\nmetadata: {name: m, namespace: one}\n"
        f"spec: {spec}\n"
    )
    return Monitor(build(rest + text).of_kind("ServiceMonitor")[0])


@pytest.mark.parametrize(
    ("spec", "selected"),
    [
        ("{selector: {matchLabels: {app: a}}}", ["a"]),
        ("{selector: {}}", ["a"]),
        ("{selector: {}, namespaceSelector: {any: true}}", ["a", "b"]),
        ("{selector: {}, namespaceSelector: {matchNames: [two]}}", ["b"]),
        ("{selector: {}, namespaceSelector: {}}", ["a"]),
        ("{selector: {matchLabels: {app: b}}, namespaceSelector: {any: true}}", []),
    ],
)
def test_monitors_look_into_their_own_namespace_unless_told(
    build: Callable[[str], Objects], spec: str, selected: list[str]
) -> None:
    assert [one.name for one in monitor(build, spec).services] == selected


def test_an_unknown_namespace_decides_only_where_it_must(build: Callable[[str], Objects]) -> None:
    one = monitor(build, "{selector: {matchLabels: {app: a}}, namespaceSelector: {matchNames: ['${NAMESPACE}']}}")
    with pytest.raises(NotJudged):
        bool(one.services)
    none = monitor(build, "{selector: {matchLabels: {app: x}}, namespaceSelector: {matchNames: ['${NAMESPACE}']}}")
    assert not none.services


def test_pods_by_their_labels(build: Callable[[str], Objects]) -> None:
    pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: p, namespace: one, labels: {app: a}}\nspec: {}\n---\n"
    assert [one.name for one in monitor(build, "{selector: {matchLabels: {app: a}}}", pod).workloads] == ["p"]


def test_endpoints_of_both_kinds(build: Callable[[str], Objects]) -> None:
    assert len(monitor(build, "{endpoints: [{port: a}], podMetricsEndpoints: [{port: b}]}").endpoints) == 2


def test_alerts_inherit_labels_of_their_group(build: Callable[[str], Objects]) -> None:
    manifest = build(
        """
        apiVersion: monitoring.coreos.com/v1
        kind: PrometheusRule
        metadata: {name: r}
        spec:
          groups:
            - labels: {severity: P3, team: core}
              rules:
                - {record: x, expr: up}
                - {alert: A, expr: up}
                - {alert: B, expr: up, labels: {severity: P1}}
            - rules:
                - {alert: C, expr: up, labels: {priority: P2}}
                - {alert: "${NAME}", expr: up}
        """
    ).manifests[0]
    alerts = list(alerts_of(manifest))
    assert [one.shown_name for one in alerts] == ["A", "B", "C", "?"]
    assert [one.severity.text() for one in alerts] == ["P3", "P1", "P2", None]
    assert alerts[1].label("team").text() == "core"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("http://collector:4318/v1/traces", ("collector", "here", 4318, True)),
        ("collector:4317", ("collector", "here", 4317, True)),
        ("Collector", ("collector", "here", None, True)),
        ("collector.monitoring:4317", ("collector", "monitoring", 4317, False)),
        ("https://collector.monitoring.svc", ("collector", "monitoring", None, True)),
        ("dns:collector.monitoring.svc.cluster.local.:4317", None),
        ("http://collector.monitoring.svc.cluster.local.:4317", ("collector", "monitoring", 4317, True)),
        ("http://localhost:4317", None),
        ("http://127.0.0.1:4317", None),
        ("http://$(NODE_IP):4317", None),
        ("https://otlp.eu01.nr-data.net:4317", None),
        ("http://collector.monitoring.example:4317", None),
        ("http://a..b:1", None),
        ("http://a:999999", None),
        ("http://[::1]:4317", None),
        ("", None),
        ("a" * 3000, None),
    ],
)
def test_addresses_of_services(text: str, expected: tuple[str, str, int | None, bool] | None) -> None:
    found = service_address(text, "here")
    name, namespace, port, explicit = expected or ("", "", None, False)
    assert found == (ServiceAddress(name, namespace, port, is_explicit=explicit) if expected else None)
