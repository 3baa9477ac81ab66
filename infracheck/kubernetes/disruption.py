"""PodDisruptionBudgets: how many pods may be taken away at once.

Source: https://kubernetes.io/docs/tasks/run-application/configure-pdb/ and `getExpectedPodCount` in
`pkg/controller/disruption/disruption.go`: percentages of both fields round up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.kubernetes.manifest import Manifest
from infracheck.kubernetes.matches import every
from infracheck.kubernetes.quantity import IntOrPercent, int_or_percent
from infracheck.kubernetes.selector import Selector, label_selector

if TYPE_CHECKING:
    from infracheck.kubernetes.matches import Matches
    from infracheck.kubernetes.workload import Workload
    from infracheck.source.field import Field


@dataclass(frozen=True, slots=True)
class Share:
    """What a budget says of its pods: how many must stay, or how many may be missing.

    Attributes:
        name: "minAvailable" or "maxUnavailable".
        field: where it is written.
        amount: the count or percentage.
    """

    name: str
    field: Field
    amount: IntOrPercent

    @property
    def needs_scale(self) -> bool:
        """Whether the controller has to ask how many pods there should be: for all but a count of those that stay.

        It asks the `scale` subresource, which Deployments, StatefulSets and ReplicaSets have, and Jobs have not; bare
        pods have nothing to ask.
        """
        return self.name == "maxUnavailable" or self.amount.percent

    def __str__(self) -> str:
        return f"{self.name} {self.amount}"


class DisruptionBudget(Manifest):
    """A PodDisruptionBudget."""

    @property
    def selector(self) -> Selector:
        """The pods it protects: `{}` all of its namespace (in policy/v1beta1 none), no selector none."""
        return label_selector(self.at("spec.selector"), empty_selects=self.version != "v1beta1")

    @property
    def min_available(self) -> IntOrPercent | None:
        """How many pods must stay."""
        return int_or_percent(self.field.at("spec.minAvailable"))

    @property
    def max_unavailable(self) -> IntOrPercent | None:
        """How many pods may be missing."""
        return int_or_percent(self.field.at("spec.maxUnavailable"))

    @property
    def share(self) -> Share | None:
        """What it says; None where it says nothing that Kubernetes accepts.

        Raises:
            NotJudged: the budget is unknown.
        """
        for name, amount in (("maxUnavailable", self.max_unavailable), ("minAvailable", self.min_available)):
            if amount is not None:
                return Share(name, self.at(f"spec.{name}"), amount)
        return None

    def allowed_disruptions(self, replicas: int) -> int:
        """How many of so many healthy pods may be evicted at once. A budget that sets neither field allows none.

        Raises:
            NotJudged: the budget is unknown.
        """
        share = self.share
        if share is None:
            return 0
        counted = share.amount.of(replicas, round_up=True)
        return min(replicas, counted) if share.name == "maxUnavailable" else max(0, replicas - counted)

    def selects(self, workload: Workload) -> bool:
        """Whether it protects a workload's pods.

        Raises:
            NotJudged: that depends on an unknown value.
        """
        return every(
            (
                lambda: self.namespace == workload.namespace,
                lambda: workload.is_selected_by(self.selector),
            )
        )

    @property
    def workloads(self) -> Matches[Workload]:
        """The workloads whose pods it protects."""
        return self.objects.workloads_selected_by(self)
