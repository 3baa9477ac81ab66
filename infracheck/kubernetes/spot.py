"""Pods on spot nodes: whether they ask for them, and whether they may land there.

Sources: https://karpenter.sh/docs/concepts/scheduling/ (`karpenter.sh/capacity-type`),
https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html#managed-node-group-capacity-types
(`eks.amazonaws.com/capacityType`), https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms
(`cloud.google.com/gke-spot`).
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from infracheck.kubernetes.karpenter import NodePool
from infracheck.kubernetes.matches import gather, some
from infracheck.kubernetes.place import scalar_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infracheck.kubernetes.matches import Matches
    from infracheck.kubernetes.pod import PodSpec
    from infracheck.kubernetes.scheduling import Toleration
    from infracheck.kubernetes.selector import Requirement
    from infracheck.source.field import Field

ON_SPOT = {
    "karpenter.sh/capacity-type": "spot",
    "eks.amazonaws.com/capacityType": "SPOT",
    "cloud.google.com/gke-spot": "true",
    "cloud.google.com/gke-provisioning": "spot",
}
"""Labels of spot nodes."""


def asks_for_spot(pod: PodSpec) -> Field | None:
    """Where pods say that they belong on spot nodes; None where nothing says so.

    They say so with a node label of spot nodes, with demands that only spot pools meet, or with a toleration made for
    spot nodes. Tolerating everything is no wish.

    Raises:
        NotJudged: that depends on an unknown value.
    """
    for alternative in pod.node_alternatives:
        for demand in alternative:
            if demand.operator == "In" and _names_spot(demand):
                return demand.field
    meant = [one for one in pod.tolerations if not one.tolerates_everything]
    only_spot = [
        pool for pool in pod.workload.objects.views(NodePool) if pool.allows_spot and not pool.allows_on_demand
    ]
    for toleration in meant:
        if "spot" in f"{toleration.key} {scalar_text(toleration.field['value']) or ''}".lower():
            return toleration.field
        if _is_made_for(toleration, only_spot):
            return toleration.field
    return None


def spot_pools_of(pod: PodSpec) -> Matches[NodePool]:
    """The node pools that make spot nodes for some pods."""
    pools = pod.workload.objects.views(NodePool)
    return gather(pools, lambda pool: pool.allows_spot and pool.accepts(pod))


def _names_spot(demand: Requirement) -> bool:
    wanted = ON_SPOT.get(demand.key)
    return wanted is not None and any(scalar_text(value) == wanted for value in demand.values)


def _is_made_for(toleration: Toleration, pools: Iterable[NodePool]) -> bool:
    taints = [taint for pool in pools for taint in pool.taints if taint.repels]
    return some(partial(toleration.tolerates, taint) for taint in taints)
