"""HorizontalPodAutoscalers of every version and KEDA ScaledObjects, seen alike.

Sources: https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/ and
`pkg/apis/autoscaling/v2/defaults.go`; https://keda.sh/docs/latest/reference/scaledobject-spec/.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.kubernetes.manifest import Manifest
from infracheck.kubernetes.matches import every

if TYPE_CHECKING:
    from infracheck.kubernetes.matches import Matches
    from infracheck.kubernetes.workload import Workload
    from infracheck.source.field import Field


@dataclass(frozen=True, slots=True)
class Metric:
    """What an autoscaler watches.

    Attributes:
        type: Resource, ContainerResource, Pods, Object or External; for KEDA the trigger's type ("cpu", "cron").
        name: the resource or metric ("cpu", "memory", "requests_per_second"), "" where it has none.
        utilization: the percentage of the request it aims at, or None for another kind of target.
        field: where it is written; for the built-in default the object itself.
    """

    type: str
    name: str
    utilization: float | None
    field: Field

    @property
    def is_resource(self) -> bool:
        """Whether it is measured against what containers request, which must then be set."""
        return self.type in ("Resource", "ContainerResource", "cpu", "memory")


class Autoscaler(Manifest):
    """A HorizontalPodAutoscaler or a KEDA ScaledObject."""

    @property
    def is_keda(self) -> bool:
        """Whether it is a KEDA ScaledObject."""
        return self.kind == "ScaledObject"

    @property
    def target(self) -> Field:
        """The mapping that names what it scales."""
        return self.at("spec.scaleTargetRef")

    @property
    def target_kind(self) -> str:
        """The kind of what it scales; for KEDA a Deployment by default."""
        return self.target["kind"].text() or ("Deployment" if self.is_keda else "")

    @property
    def target_name(self) -> str:
        """The name of what it scales."""
        return self.target["name"].text("") or ""

    @property
    def minimum_field(self) -> Field:
        """Where the lowest number of pods is written."""
        return self.at("spec.minReplicaCount" if self.is_keda else "spec.minReplicas")

    @property
    def maximum_field(self) -> Field:
        """Where the highest number of pods is written."""
        return self.at("spec.maxReplicaCount" if self.is_keda else "spec.maxReplicas")

    @property
    def minimum(self) -> int:
        """The lowest number of pods: 1 by default, 0 for KEDA.

        Raises:
            NotJudged: it is unknown.
        """
        default = 0 if self.is_keda else 1
        number = self.minimum_field.number(default)
        return default if number is None else int(number)

    @property
    def maximum(self) -> int | None:
        """The highest number of pods: 100 by default for KEDA; None for an HPA that lacks it.

        Raises:
            NotJudged: it is unknown.
        """
        number = self.maximum_field.number(100 if self.is_keda else None)
        return None if number is None else int(number)

    @property
    def metrics(self) -> list[Metric]:
        """What it watches; an HPA without metrics watches the CPU at 80 %.

        Raises:
            NotJudged: the list or a part of it is unknown.
        """
        if self.is_keda:
            return [_trigger(entry) for entry in self.field.at("spec.triggers")]
        legacy = self.at("spec.targetCPUUtilizationPercentage")
        found = [_metric(entry) for entry in self.field.at("spec.metrics")]
        if legacy.exists:
            found.insert(0, Metric("Resource", "cpu", legacy.number(), legacy))
        return found or [Metric("Resource", "cpu", 80, self.field)]

    def targets(self, workload: Workload) -> bool:
        """Whether it scales a workload. Groups are compared where it names one.

        Raises:
            NotJudged: that depends on an unknown value.
        """
        return every(
            (
                lambda: self.target_kind == workload.kind,
                lambda: self._fits_group(workload.group),
                lambda: self.target_name == workload.name,
                lambda: self.namespace == workload.namespace,
            )
        )

    @property
    def workloads(self) -> Matches[Workload]:
        """What it scales: none where the target is not among the objects."""
        return self.objects.workloads_scaled_by(self)

    def _fits_group(self, group: str) -> bool:
        written = self.target["apiVersion"].text("") or ""
        return not written or written.rpartition("/")[0] == group


def _metric(entry: Field) -> Metric:
    kind = entry["type"].text("") or ""
    below = entry[kind[:1].lower() + kind[1:]]
    name = below["name"].text() or below.at("metric.name").text() or below["metricName"].text() or ""
    utilization = below.at("target.averageUtilization").number()
    if utilization is None:
        utilization = below["targetAverageUtilization"].number()
    return Metric(kind, name, utilization, entry)


def _trigger(entry: Field) -> Metric:
    kind = entry["type"].text("") or ""
    if kind not in ("cpu", "memory"):
        return Metric(kind, entry["name"].text("") or "", None, entry)
    metric_type = entry["metricType"].text() or entry.at("metadata.type").text() or "Utilization"
    utilization = entry.at("metadata.value").number() if metric_type == "Utilization" else None
    return Metric(kind, kind, utilization, entry)
