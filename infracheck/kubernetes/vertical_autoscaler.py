"""What a VerticalPodAutoscaler sets in the pods of its target.

Sources: https://kubernetes.io/docs/concepts/workloads/autoscaling/vertical-pod-autoscale/; for the defaults of its
fields `vertical-pod-autoscaler/docs/api.md` in kubernetes/autoscaler.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kubernetes.matches import every
from infracheck.source.field import find

if TYPE_CHECKING:
    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.manifest import Manifest

VERTICAL = "autoscaling.k8s.io/VerticalPodAutoscaler"
CONTROLLED = ("cpu", "memory")
"""What it sets unless it says otherwise."""


def sets_request(container: Container, resource: str) -> bool:
    """Whether new pods get a request for a resource from a VerticalPodAutoscaler; init containers get none.

    Raises:
        NotJudged: that depends on an unknown value.
    """
    if container.role != "containers" or resource not in CONTROLLED:
        return False
    verticals = container.workload.objects.of_kind(VERTICAL)
    return find(verticals, lambda one: _sets(one, container, resource)) is not None


def _sets(vertical: Manifest, container: Container, resource: str) -> bool:
    workload = container.workload
    target = vertical.field.at("spec.targetRef")
    return every(
        (
            lambda: target["kind"].text() == workload.kind,
            lambda: target["name"].text() == workload.name,
            lambda: vertical.namespace == workload.namespace,
            lambda: vertical.field.at("spec.updatePolicy.updateMode").text("Recreate") != "Off",
            lambda: resource in _controlled(vertical, container.name),
        )
    )


def _controlled(vertical: Manifest, container: str) -> tuple[str, ...]:
    """What it sets for a container: as the policy of that name says, else as that for all the others."""
    written = vertical.field.at("spec.resourcePolicy.containerPolicies")
    policies = {one["containerName"].text(""): one for one in written}
    policy = policies.get(container) or policies.get("*")
    if policy is None:
        return CONTROLLED
    return () if policy["mode"].text("Auto") == "Off" else tuple(policy["controlledResources"].texts()) or CONTROLLED
