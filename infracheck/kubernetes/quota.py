"""What pods ask for as ResourceQuotas and LimitRanges count it, and what these two allow.

Amounts are in base units: cores, bytes.

Sources: https://kubernetes.io/docs/concepts/policy/resource-quotas/, https://kubernetes.io/docs/concepts/policy/
limit-range/, `PodRequests` in `k8s.io/component-helpers/resource` for how containers add up to a pod.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, TypeAlias

from infracheck.kubernetes.limit_range import FILLS_IN
from infracheck.kubernetes.matches import gather
from infracheck.kubernetes.quantity import quantity, tidy

if TYPE_CHECKING:
    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.matches import Matches
    from infracheck.kubernetes.objects import Objects
    from infracheck.kubernetes.pod import PodSpec
    from infracheck.source.field import Field

Which: TypeAlias = Literal["requests", "limits"]

COUNTED: dict[str, tuple[Which, str]] = {
    "cpu": ("requests", "cpu"),
    "memory": ("requests", "memory"),
    **{f"{which}.{resource}": (which, resource) for which in ("requests", "limits") for resource in ("cpu", "memory")},
}
"""The keys of a quota's `spec.hard` that add up what pods ask for: requests or limits, and of which resource."""

UNITS = (("Gi", Decimal(2**30)), ("Mi", Decimal(2**20)), ("Ki", Decimal(2**10)))


def quotas_of(objects: Objects, namespace: str) -> Matches[Manifest]:
    """The ResourceQuotas of a namespace that count every pod of it, rather than those of some scope."""
    return gather(
        objects.of_kind("ResourceQuota"),
        lambda one: (
            one.namespace == namespace
            and not one.field.at("spec.scopes").exists
            and not one.field.at("spec.scopeSelector").exists
        ),
    )


def limit_entries(container: Container) -> Matches[Field]:
    """The entries for containers of the LimitRanges in a container's namespace."""
    namespace = container.workload.namespace
    ranges = gather(container.workload.objects.of_kind("LimitRange"), lambda one: one.namespace == namespace)
    return gather((entry for one in ranges for entry in one.field.at("spec.limits")), _is_for_containers)


def container_amount(container: Container, which: Which, resource: str) -> Decimal | None:
    """What a container asks for: its own, its limit as its request, or what a LimitRange fills in; None for nothing.

    Raises:
        NotJudged: that depends on an unknown value.
    """
    own = written_amount(container, which, resource)
    return own if own is not None else filled_in(container, which, resource)


def written_amount(container: Container, which: Which, resource: str) -> Decimal | None:
    """What a container says itself; where it sets a limit alone, that is also its request."""
    own = quantity(container.resource(which, resource))
    return quantity(container.resource("limits", resource)) if own is None and which == "requests" else own


def filled_in(container: Container, which: Which, resource: str) -> Decimal | None:
    """What a LimitRange fills in where a container says nothing; None where none does.

    Raises:
        NotJudged: that depends on an unknown value.
    """
    for entry in limit_entries(container):
        for key in FILLS_IN[which]:
            amount = quantity(entry[key][resource])
            if amount is not None:
                return amount
    return None


def pod_amount(pod: PodSpec, which: Which, resource: str) -> Decimal:
    """What one pod counts for: all that run together, or the most that is needed while init containers run.

    Raises:
        NotJudged: that depends on an unknown value.
    """
    whole = quantity(pod.field["resources"][which][resource])
    if whole is not None:
        return whole
    staying = Decimal(0)
    most = Decimal(0)
    for container in pod.containers:
        if container.is_ephemeral:
            continue
        amount = container_amount(container, which, resource) or Decimal(0)
        if container.runs_throughout:
            staying += amount
        else:
            most = max(most, staying + amount)
    return max(most, staying)


def shown_amount(amount: Decimal, resource: str) -> str:
    """An amount as one would write it: `1.5` cores, `512Mi`."""
    if resource in ("memory", "ephemeral-storage"):
        for suffix, size in UNITS:
            if amount >= size:
                return f"{format(tidy(round(amount / size, 2)), 'f')}{suffix}"
    return format(tidy(amount), "f")


def _is_for_containers(entry: Field) -> bool:
    return entry["type"].text() == "Container"
