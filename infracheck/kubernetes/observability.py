"""What watches the workloads: monitors of the Prometheus Operator, alerting rules, OpenTelemetry settings.

Sources: https://prometheus-operator.dev/docs/api-reference/api/,
https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/,
https://opentelemetry.io/docs/specs/otel/protocol/exporter/ and, for names within the cluster,
https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from infracheck.kubernetes.matches import Matches, every, gather
from infracheck.kubernetes.place import known_text
from infracheck.kubernetes.selector import Selector, label_selector

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.service import Service
    from infracheck.kubernetes.workload import Workload
    from infracheck.source.field import Field

ENDPOINTS: Final = tuple(f"OTEL_EXPORTER_OTLP_{signal}ENDPOINT" for signal in ("", "TRACES_", "METRICS_", "LOGS_"))
"""The variables that name where telemetry is sent."""
ADDRESS: Final = re.compile(r"(?:[a-zA-Z][a-zA-Z0-9+.-]*://)?(?P<host>[a-zA-Z0-9.-]+)(?::(?P<port>\d{1,5}))?(?:/.*)?")
LONGEST_ADDRESS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Monitor:
    """A ServiceMonitor or PodMonitor: which Services or pods are scraped, and on which ports.

    Attributes:
        manifest: the object.
    """

    manifest: Manifest

    @property
    def selector(self) -> Selector:
        """The labels of the Services or pods it wants."""
        return label_selector(self.manifest.at("spec.selector"), absent_selects=True)

    def covers(self, namespace: str) -> bool:
        """Whether it looks into a namespace: its own by default, those it names, or any.

        Raises:
            NotJudged: that is unknown.
        """
        chosen = self.manifest.field.at("spec.namespaceSelector")
        if chosen["any"].boolean(default=False):
            return True
        names = chosen["matchNames"].texts()
        return namespace in names if names else namespace == self.manifest.namespace

    @property
    def services(self) -> Matches[Service]:
        """The Services it scrapes, if it is a ServiceMonitor."""
        return gather(
            self.manifest.objects.services,
            lambda one: every((lambda: self.covers(one.namespace), lambda: self.selector.matches(one.labels))),
        )

    @property
    def workloads(self) -> Matches[Workload]:
        """The workloads whose pods it scrapes, if it is a PodMonitor."""
        return gather(
            self.manifest.objects.workloads,
            lambda one: every((lambda: self.covers(one.namespace), lambda: one.is_selected_by(self.selector))),
        )

    @property
    def endpoints(self) -> list[Field]:
        """The entries of `endpoints` or `podMetricsEndpoints`."""
        spec = self.manifest.field["spec"]
        return [*spec["endpoints"], *spec["podMetricsEndpoints"]]


@dataclass(frozen=True, slots=True)
class Alert:
    """An alerting rule of a PrometheusRule.

    Attributes:
        field: its entry in `rules`.
        group: the group it stands in, whose labels it inherits.
    """

    field: Field
    group: Field

    @property
    def name(self) -> Field:
        """Where its name is written."""
        return self.field["alert"]

    @property
    def shown_name(self) -> str:
        """The name for a message, `?` where it is unknown."""
        return known_text(self.name, "?")

    def label(self, key: str) -> Field:
        """A label it carries: its own, else that of its group; may be absent."""
        own = self.field["labels"][key]
        inherited = self.group["labels"][key]
        return inherited if inherited.exists and not own.exists else own

    @property
    def severity(self) -> Field:
        """The label that tells how urgent it is: `severity`, else `priority`."""
        severity = self.label("severity")
        return self.label("priority") if not severity.exists else severity


def alerts_of(manifest: Manifest) -> Iterator[Alert]:
    """The alerting rules of a PrometheusRule; those that only record are left out.

    Raises:
        NotJudged: the groups or the rules of one are unknown.
    """
    for group in manifest.field.at("spec.groups"):
        for entry in group["rules"]:
            if entry["alert"].exists:
                yield Alert(entry, group)


@dataclass(frozen=True, slots=True)
class ServiceAddress:
    """A Service as an address within the cluster names it.

    Attributes:
        name: its name.
        namespace: its namespace.
        port: the port, or None where none is written.
        is_explicit: whether the address can only be that of a Service (`.svc`), not a name of some other domain.
    """

    name: str
    namespace: str
    port: int | None
    is_explicit: bool


def service_address(text: str, namespace: str) -> ServiceAddress | None:
    """The Service that an address names, seen from a namespace; None where it is no name within the cluster.

    `http://collector:4318`, `collector.monitoring:4317` and `collector.monitoring.svc.cluster.local` are such names,
    and so may be `a.b`: see `is_explicit`.
    """
    match = ADDRESS.fullmatch(text.strip()) if len(text) <= LONGEST_ADDRESS else None
    if match is None:
        return None
    labels = match["host"].rstrip(".").lower().split(".")
    if labels == ["localhost"] or all(label.isdigit() for label in labels) or not all(labels):
        return None
    port = int(match["port"]) if match["port"] else None
    if len(labels) == 1:
        return ServiceAddress(labels[0], namespace, port, is_explicit=True)
    explicit = labels[2:] in (["svc"], ["svc", "cluster"], ["svc", "cluster", "local"])
    if len(labels) == 2 or explicit:
        return ServiceAddress(labels[0], labels[1], port, is_explicit=explicit)
    return None
