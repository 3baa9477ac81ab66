"""How a workload replaces its pods when it changes.

Sources: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy and `ResolveFenceposts` in
`pkg/controller/deployment/util/deployment_util.go`; `pkg/controller/daemon/util/daemonset_util.go`;
`pkg/controller/statefulset/stateful_set_utils.go`; https://argo-rollouts.readthedocs.io/en/stable/features/specification/.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.kubernetes.place import descend
from infracheck.kubernetes.quantity import IntOrPercent, int_or_percent

if TYPE_CHECKING:
    from infracheck.source.field import Field


@dataclass(frozen=True, slots=True)
class Strategy:
    """The update strategy of a workload.

    Attributes:
        kind: the kind of the workload, which decides defaults and rounding.
        field: `spec.strategy` or `spec.updateStrategy`, which may be absent.
    """

    kind: str
    field: Field

    @property
    def type(self) -> str:
        """RollingUpdate, Recreate, OnDelete; canary or blueGreen for a Rollout; "" for kinds that have none.

        Raises:
            NotJudged: the strategy is unknown.
        """
        if self.kind == "Rollout":
            self.field.require()
            return next((name for name in ("blueGreen", "canary") if self.field[name].value is not None), "")
        written = self.field["type"].text()
        if self.kind == "DeploymentConfig":
            return {"Rolling": "RollingUpdate", None: "RollingUpdate"}.get(written, written or "")
        if self.kind in ("Deployment", "StatefulSet", "DaemonSet"):
            return written or "RollingUpdate"
        return ""

    @property
    def details(self) -> Field:
        """Where maxUnavailable and maxSurge stand, which may be absent."""
        key = {"Rollout": "canary", "DeploymentConfig": "rollingParams"}.get(self.kind, "rollingUpdate")
        return descend(self.field, key)

    def max_unavailable(self, replicas: int) -> int:
        """How many of so many pods may be missing during an update, as the controller rounds it; never more than all.

        Deployments round down, and never end with both surge and unavailable at 0; DaemonSets round up, and do not end
        there either; StatefulSets round down but take at least 1. Recreate and blueGreen: all, none.

        Raises:
            NotJudged: it is unknown.
        """
        if replicas == 0 or self.type not in ("RollingUpdate", "canary"):
            return replicas if self.type == "Recreate" else 0
        return min(replicas, self._resolved(replicas))

    def _resolved(self, replicas: int) -> int:
        written = int_or_percent(self.details["maxUnavailable"])
        if self.kind == "StatefulSet":
            return max(1, (written or IntOrPercent(1)).of(replicas, round_up=False))
        default = IntOrPercent(1) if self.kind == "DaemonSet" else IntOrPercent(25, percent=True)
        missing = (written or default).of(replicas, round_up=self.kind == "DaemonSet")
        return 1 if missing == 0 and self.max_surge(replicas) == 0 else missing

    def max_surge(self, replicas: int) -> int:
        """How many pods beyond so many may run during an update; percentages round up.

        Raises:
            NotJudged: it is unknown.
        """
        written = int_or_percent(self.details["maxSurge"])
        if self.kind == "DaemonSet":
            return (written or IntOrPercent(0)).of(replicas, round_up=True)
        if self.kind == "StatefulSet" or self.type not in ("RollingUpdate", "canary"):
            return 0
        return (written or IntOrPercent(25, percent=True)).of(replicas, round_up=True)
