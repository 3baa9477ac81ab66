"""What a LimitRange, or a VerticalPodAutoscaler, fills in for containers that say nothing.

Source: https://kubernetes.io/docs/concepts/policy/limit-range/ and `SetDefaults_LimitRange` in
`pkg/apis/core/v1/defaults.go`: a maximum is also the default limit, and a default limit or a minimum is also the
default request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kubernetes.vertical_autoscaler import sets_request
from infracheck.source.field import find

if TYPE_CHECKING:
    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.manifest import Manifest

FILLS_IN = {"limits": ("default", "max"), "requests": ("defaultRequest", "default", "max", "min")}


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
    if find(ranges, lambda one: _fills_in(one, container, which, resource)) is not None:
        return True
    return which == "requests" and sets_request(container, resource)


def _fills_in(limit_range: Manifest, container: Container, which: str, resource: str) -> bool:
    if limit_range.namespace != container.workload.namespace:
        return False
    return any(
        entry["type"].text() == "Container" and any(entry[key][resource].exists for key in FILLS_IN[which])
        for entry in limit_range.field.at("spec.limits")
    )
