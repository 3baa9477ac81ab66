"""Services: who they send traffic to, and through which ports.

Source: https://kubernetes.io/docs/concepts/services-networking/service/.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.kubernetes.manifest import Manifest
from infracheck.kubernetes.matches import every
from infracheck.kubernetes.selector import Selector, map_selector

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infracheck.kubernetes.matches import Matches
    from infracheck.kubernetes.workload import Workload
    from infracheck.source.field import Field


OBSERVED = ("metrics", "exporter", "servicemonitor", "telemetry", "profiling", "pprof", "health")
"""What the names of ports say that are there for those who watch a process, not for those who use it: cert-manager's is
`tcp-prometheus-servicemonitor`, kube-state-metrics' own `telemetry`."""
PROMETHEUS = "-prom"
"""How such names end as well: `http-prom` of Flux, `http-envoy-prom` of Istio."""
METRICS_SERVICES = ("-metrics-service", "-metrics-svc")
"""How the names end of Services made to be scraped. kubebuilder's `controller-manager-metrics-service` calls its port
`https`."""
SCRAPED_PORT = "prometheus.io/port"
"""The annotation by which Prometheus finds the port to scrape, in the configurations its documentation gives."""


def is_observed(port: str) -> bool:
    """Whether the name of a port says that it is there for those who watch the process: metrics, health, profiles."""
    return port.endswith(PROMETHEUS) or any(word in port for word in OBSERVED)


@dataclass(frozen=True, slots=True)
class ServicePort:
    """A port of a Service.

    Attributes:
        field: its entry in `spec.ports`.
    """

    field: Field

    @property
    def name(self) -> str:
        """The name, or ""."""
        return self.field["name"].text("") or ""

    @property
    def number(self) -> int | None:
        """The port clients use, or None where it is missing or no whole number."""
        number = self.field["port"].number()
        return number if isinstance(number, int) else None

    @property
    def target(self) -> int | str | None:
        """The port of the pods: a number, the name of a container port, or by default the port itself.

        Raises:
            NotJudged: it is unknown.
        """
        written = self.field["targetPort"]
        text = written.text()
        if text is not None:
            return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else text
        number = written.number(self.number)
        return number if isinstance(number, int) else None

    @property
    def protocol(self) -> str:
        """TCP (the default), UDP or SCTP."""
        return self.field["protocol"].text("TCP") or "TCP"


class Service(Manifest):
    """A Service."""

    @property
    def type(self) -> str:
        """ClusterIP (the default), NodePort, LoadBalancer or ExternalName."""
        return self.field.at("spec.type").text("ClusterIP") or "ClusterIP"

    @property
    def is_headless(self) -> bool:
        """Whether it has no address of its own: `clusterIP: None`."""
        return self.field.at("spec.clusterIP").text() == "None"

    @property
    def is_exposed(self) -> bool:
        """Whether it opens a port outside the cluster's network: NodePort or LoadBalancer."""
        return self.type in ("NodePort", "LoadBalancer")

    @property
    def selector(self) -> Selector:
        """The pods it wants. Without a selector it selects none: its endpoints are managed by hand."""
        return map_selector(self.at("spec.selector"))

    @property
    def has_selector(self) -> bool:
        """Whether it looks for pods at all: it has a selector and is no ExternalName."""
        return self.type != "ExternalName" and self.field.at("spec.selector").exists and not self.selector.is_empty

    @property
    def ports(self) -> list[ServicePort]:
        """Its ports."""
        return [ServicePort(entry) for entry in self.field.at("spec.ports")]

    @property
    def asked_ports(self) -> list[ServicePort]:
        """The ports its clients send requests to: without those that are only there to be scraped or watched.

        Names decide: the port's, that of the port it leads to, or the Service's own. Where `prometheus.io/port` names
        one of several ports, that one is left out too; an only port may be scraped and asked.

        Raises:
            NotJudged: a name or a port is unknown.
        """
        if self.name.endswith(METRICS_SERVICES):
            return []
        asked = [port for port in self.ports if not is_observed(port.name) and not is_observed(str(port.target))]
        return _without(asked, self.annotation(SCRAPED_PORT).text("") or "")

    def port(self, wanted: int | str) -> ServicePort | None:
        """The port of a number or a name, or None."""
        return next((port for port in self.ports if wanted in (port.number, port.name)), None)

    def selects(self, workload: Workload) -> bool:
        """Whether it sends traffic to a workload's pods.

        Raises:
            NotJudged: that depends on an unknown value.
        """
        return every(
            (
                lambda: self.type != "ExternalName",
                lambda: self.namespace == workload.namespace,
                lambda: workload.is_selected_by(self.selector),
            )
        )

    @property
    def workloads(self) -> Matches[Workload]:
        """The workloads it sends traffic to."""
        return self.objects.workloads_selected_by(self)


def _without(ports: Sequence[ServicePort], scraped: str) -> list[ServicePort]:
    """Ports without the scraped one, unless it is the only one."""
    others = [port for port in ports if scraped not in (str(port.number), str(port.target))]
    return others or list(ports)
