"""PodDisruptionBudgets: how many pods may be taken away at once.

Source: https://kubernetes.io/docs/tasks/run-application/configure-pdb/ and `getExpectedPodCount` in
`pkg/controller/disruption/disruption.go`: percentages of both fields round up.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kubernetes.manifest import Manifest
from infracheck.kubernetes.matches import every
from infracheck.kubernetes.quantity import IntOrPercent, int_or_percent
from infracheck.kubernetes.selector import Selector, label_selector

if TYPE_CHECKING:
    from infracheck.kubernetes.matches import Matches
    from infracheck.kubernetes.workload import Workload


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

    def allowed_disruptions(self, replicas: int) -> int:
        """How many of so many healthy pods may be evicted at once. A budget that sets neither field allows none.

        Raises:
            NotJudged: the budget is unknown.
        """
        most = self.max_unavailable
        if most is not None:
            return min(replicas, most.of(replicas, round_up=True))
        least = self.min_available
        if least is None:
            return 0
        return max(0, replicas - least.of(replicas, round_up=True))

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
