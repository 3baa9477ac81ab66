"""What a LimitRange fills in for containers that say nothing.

Source: https://kubernetes.io/docs/concepts/policy/limit-range/ and `SetDefaults_LimitRange` in
`pkg/apis/core/v1/defaults.go`: a maximum is also the default limit, and a default limit or a minimum is also the
default request.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.manifest import Manifest

FILLS_IN = {"limits": ("default", "max"), "requests": ("defaultRequest", "default", "max", "min")}


def fills_in(limit_range: Manifest, container: Container, which: str, resource: str) -> bool:
    """Whether a LimitRange gives a container of its namespace a request or limit that it doesn't have itself.

    Args:
        limit_range: the LimitRange.
        container: the container.
        which: "requests" or "limits".
        resource: "cpu", "memory" or "ephemeral-storage".

    Raises:
        NotJudged: that depends on an unknown value.
    """
    if limit_range.namespace != container.workload.namespace:
        return False
    return any(
        entry["type"].text() == "Container" and any(entry[key][resource].exists for key in FILLS_IN[which])
        for entry in limit_range.field.at("spec.limits")
    )
