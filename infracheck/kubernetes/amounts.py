"""The requests and limits that a container ends up with, whoever writes them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kubernetes.limit_range import fills_in
from infracheck.kubernetes.vertical_autoscaler import sets_request
from infracheck.source.field import find

if TYPE_CHECKING:
    from infracheck.kubernetes.container import Container


def has_amount(container: Container, which: str, resource: str) -> bool:
    """Whether a container ends up with a request or limit: its own, its pod's, a LimitRange's, or an autoscaler's.

    Args:
        container: the container.
        which: "requests" or "limits".
        resource: "cpu", "memory" or "ephemeral-storage".

    Raises:
        NotJudged: that depends on an unknown value.
    """
    # A limit alone is also the request.
    kinds = (which, "limits") if which == "requests" else (which,)
    resources, shared = container.field["resources"], container.pod.field["resources"]
    for kind in kinds:
        if resources[kind][resource].require().exists or shared[kind][resource].require().exists:
            return True
    ranges = container.workload.objects.of_kind("LimitRange")
    if find(ranges, lambda one: fills_in(one, container, which, resource)) is not None:
        return True
    return which == "requests" and sets_request(container, resource)
