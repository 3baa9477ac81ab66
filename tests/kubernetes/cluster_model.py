"""A cluster small enough to try everything: evictions under budgets, and rolling updates step by step.

It follows the sources of Kubernetes and shares no code with the package: `updatePdbStatus` and `getExpectedPodCount` in
`pkg/controller/disruption/disruption.go`, `Create` in `pkg/registry/core/pod/storage/eviction.go`, `rolloutRolling` in
`pkg/controller/deployment/rolling.go`, `ResolveFenceposts`, `NewRSNewReplicas` and `MaxUnavailable` in
`pkg/controller/deployment/util/deployment_util.go`, `ValidateRollingUpdateDeployment` in
`pkg/apis/apps/validation/validation.go`. Time is left out: pods become ready as late as they can, which is the worst a
user can see.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

Amount = int | str
"""A count, or a percentage such as "25%"."""


def amount_of(written: Amount) -> int:
    return int(str(written).removesuffix("%"))


def scaled(written: Amount, total: int, *, up: bool) -> int:
    """`GetScaledValueFromIntOrPercent`."""
    if not isinstance(written, str):
        return written
    share = Fraction(amount_of(written) * total, 100)
    return math.ceil(share) if up else math.floor(share)


# -- evictions -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Owner:
    """What keeps pods running: its kind, how many it wants, and which budgets select its pods."""

    pods: int
    budgets: tuple[int, ...]
    kind: Literal["Deployment", "Job", "Pod"] = "Deployment"


@dataclass(frozen=True)
class Budget:
    """A PodDisruptionBudget; one of the two fields is written, or neither."""

    min_available: Amount | None = None
    max_unavailable: Amount | None = None


@dataclass
class Running:
    """A pod that runs. `visited` once its node has been drained."""

    owner: int
    visited: bool = False


class Drain:
    """Pods of some owners under some budgets, and the eviction API in front of them."""

    def __init__(self, owners: list[Owner], budgets: list[Budget]) -> None:
        self.owners = owners
        self.budgets = budgets
        self.pods = [Running(index) for index, owner in enumerate(owners) for _ in range(owner.pods)]

    def disruptions_allowed(self, index: int) -> int:
        """What the disruption controller writes into a budget's status."""
        budget = self.budgets[index]
        guarded = [pod for pod in self.pods if index in self.owners[pod.owner].budgets]
        if budget.max_unavailable is not None or isinstance(budget.min_available, str):
            kinds = {self.owners[pod.owner].kind for pod in guarded}
            if "Job" in kinds:
                return 0  # it has no scale: the sync fails, and the fail-safe writes 0
            expected = sum(owner.pods for owner in self.owners if index in owner.budgets and owner.kind == "Deployment")
            if budget.max_unavailable is not None:
                desired = max(0, expected - scaled(budget.max_unavailable, expected, up=True))
            else:
                desired = scaled(budget.min_available or 0, expected, up=True)
        elif budget.min_available is not None:
            expected, desired = len(guarded), amount_of(budget.min_available)
        else:
            return 0  # neither: nothing is expected
        return max(0, len(guarded) - desired) if expected > 0 else 0

    def evict(self, pod: Running) -> bool:
        """Ask for an eviction; the pod is gone if it is granted."""
        budgets = self.owners[pod.owner].budgets
        if len(budgets) > 1 or any(self.disruptions_allowed(index) == 0 for index in budgets):
            return False
        self.pods.remove(pod)
        return True

    def rotates(self) -> bool:
        """Whether every node can be drained: each pod is evicted once and started anew elsewhere."""
        while waiting := [pod for pod in self.pods if not pod.visited]:
            gone = next((pod for pod in waiting if self.evict(pod)), None)
            if gone is None:
                return False
            if self.owners[gone.owner].kind != "Pod":
                self.pods.append(Running(gone.owner, visited=True))
        return True

    def fewest_left(self, owner: int) -> int:
        """How many pods of an owner remain when evictions come faster than new pods start."""
        for pod in [pod for pod in self.pods if pod.owner == owner]:
            if not self.evict(pod):
                break
        return sum(pod.owner == owner for pod in self.pods)


# -- rolling updates -------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Pod:
    """A pod of the old or the new ReplicaSet; pending without a node."""

    new: bool
    node: int | None = None
    ready: bool = False


@dataclass
class Deployment:
    """A Deployment on some nodes, and what hinders its pods.

    Attributes:
        desired: the number of replicas.
        surge, unavailable: as written; None for the default of 25 %.
        nodes: how many nodes (or zones) there are.
        one_volume: all pods mount one ReadWriteOnce volume.
        apart: required anti-affinity: no two pods on a node.
        same_revision_only: with `matchLabelKeys: [pod-template-hash]`, only from pods of their own revision.
    """

    desired: int
    surge: Amount | None = None
    unavailable: Amount | None = None
    nodes: int = 50
    one_volume: bool = False
    apart: bool = False
    same_revision_only: bool = False
    pods: list[Pod] = field(default_factory=list)
    old: int = 0
    new: int = 0
    least_available: int = 0
    most_pods: int = 0

    @property
    def is_refused(self) -> bool:
        """Whether the API server refuses it: both written amounts are 0."""
        written = (self.surge if self.surge is not None else "25%", self.unavailable)
        return amount_of(written[0]) == 0 and amount_of(written[1] if written[1] is not None else "25%") == 0

    @property
    def max_surge(self) -> int:
        return scaled(self.surge if self.surge is not None else "25%", self.desired, up=True)

    @property
    def max_unavailable(self) -> int:
        if self.desired == 0:
            return 0
        found = scaled(self.unavailable if self.unavailable is not None else "25%", self.desired, up=False)
        return min(self.desired, 1 if found == 0 and self.max_surge == 0 else found)

    def starts(self) -> bool:
        """Whether all pods run when it is created."""
        self.old, self.new, self.pods = 0, self.desired, []
        self._settle()
        return self._available == self.desired

    def updates(self, *, together: bool = True) -> bool:
        """Whether an update comes to its end; the pods run at its beginning, on one node where they share a volume."""
        on_one = self.one_volume and together
        self.pods = [Pod(new=False, node=0 if on_one else index, ready=True) for index in range(self.desired)]
        self.old, self.new = self.desired, 0
        self.least_available, self.most_pods = self.desired, self.desired
        while self._scale_up() or self._scale_down() or self._settle():
            self.least_available = min(self.least_available, self._available)
            self.most_pods = max(self.most_pods, len(self.pods))
        return self.old == 0 and self._available == self.desired == self.new

    @property
    def _available(self) -> int:
        return sum(pod.ready for pod in self.pods)

    def _count(self, *, new: bool, ready: bool) -> int:
        return sum(pod.new is new and pod.ready is ready for pod in self.pods)

    def _scale_up(self) -> bool:
        room = self.desired + self.max_surge - self.old - self.new
        added = max(0, min(room, self.desired - self.new))
        self.new += added
        self.pods += [Pod(new=True) for _ in range(added)]
        return added > 0

    def _scale_down(self) -> bool:
        least = self.desired - self.max_unavailable
        room = self.old + self.new - least - (self.new - self._count(new=True, ready=True))
        if self.old == 0 or room <= 0:
            return False
        broken = min(room, self._count(new=False, ready=False))
        self._delete(broken, ready=False)
        removed = max(0, min(self.old, self._available - least))
        self._delete(removed, ready=True)
        return broken + removed > 0

    def _delete(self, count: int, *, ready: bool) -> None:
        gone = [pod for pod in self.pods if not pod.new and pod.ready is ready][:count]
        self.pods = [pod for pod in self.pods if pod not in gone]
        self.old -= len(gone)

    def _settle(self) -> bool:
        """Create what is missing, place it, and start what can start; whether anything became ready."""
        missing = self.new - sum(pod.new for pod in self.pods)
        self.pods += [Pod(new=True) for _ in range(missing)]
        for pod in self.pods:
            if pod.node is None:
                pod.node = self._place(pod)
        before = self._available
        holder = next((pod.node for pod in self.pods if pod.ready), None) if self.one_volume else None
        for pod in self.pods:
            if pod.node is None or pod.ready:
                continue
            if self.one_volume and holder is None:
                holder = pod.node
            pod.ready = not self.one_volume or pod.node == holder
        return self._available > before

    def _place(self, pod: Pod) -> int | None:
        """The emptiest node, as the scheduler spreads; none where every node is forbidden."""
        rivals = [other for other in self.pods if other.new or not self.same_revision_only] if self.apart else []
        allowed = set(range(self.nodes)) - {other.node for other in rivals}
        return min(allowed, key=lambda node: (sum(other.node == node for other in self.pods), node), default=None)
