"""Which ports of a Service are there for its clients, and which for those who watch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.rules.kubernetes._serving import asked_ports, gets_requests, is_asked
from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.objects import Objects

TEXT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
        - name: app
          ports: [{name: http, containerPort: 8080}, {name: http-metrics, containerPort: 9402}]
---
apiVersion: v1
kind: Service
metadata: {name: NAME, annotations: {ANNOTATIONS}}
spec: {selector: SELECTOR, ports: [PORTS]}
"""


def objects(
    build: Callable[[str], Objects],
    ports: str,
    name: str = "web",
    annotations: str = "",
    selector: str = "{app: web}",
) -> Objects:
    text = TEXT.replace("NAME", name).replace("PORTS", ports)
    return build(text.replace("ANNOTATIONS", annotations).replace("SELECTOR", selector))


@pytest.mark.parametrize(
    ("ports", "asked"),
    [
        ("{port: 80, targetPort: 8080}", [80]),
        ("{name: prometheus, port: 9402}", []),
        ("{name: prometheus, port: 80, targetPort: http-metrics}", []),
        ("{name: tcp-prometheus-servicemonitor, port: 80}", []),
        ("{name: http-prom, port: 80}, {name: http-promo, port: 81}", [81]),
        ("{name: redis-exporter, port: 9121}, {name: healthz, port: 81}, {name: pprof, port: 82}", []),
    ],
)
def test_names_tell(build: Callable[[str], Objects], ports: str, asked: list[int]) -> None:
    assert [port.number for port in asked_ports(objects(build, ports).workloads[0])] == asked


@pytest.mark.parametrize(
    ("name", "asked"),
    [("web-metrics-service", []), ("web-metrics-svc", []), ("metrics-server", [443]), ("web", [443])],
)
def test_the_name_of_the_service_tells(build: Callable[[str], Objects], name: str, asked: list[int]) -> None:
    found = objects(build, "{name: https, port: 443}", name).workloads[0]
    assert [port.number for port in asked_ports(found)] == asked


@pytest.mark.parametrize(
    ("ports", "asked"),
    [
        ("{name: http, port: 80, targetPort: 8080}", [80]),
        ("{name: http, port: 80, targetPort: 8080}, {name: other, port: 81}", [81]),
        ("{name: a, port: 8080, targetPort: http}, {name: b, port: 81}", [81]),
    ],
)
def test_prometheus_is_told_one_of_several_ports(build: Callable[[str], Objects], ports: str, asked: list[int]) -> None:
    found = objects(build, ports, annotations='prometheus.io/port: "8080"').workloads[0]
    assert [port.number for port in asked_ports(found)] == asked


def test_a_service_that_may_lead_there_is_doubt(build: Callable[[str], Objects]) -> None:
    found = objects(build, "{port: 80}", selector="{app: '${APP}'}").workloads[0]
    assert is_asked(found)
    with pytest.raises(NotJudged):
        gets_requests(found)
