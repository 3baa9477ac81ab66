"""Which pattern a service follows, and what says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from infracheck.config.settings import ServiceClass
from infracheck.kubernetes.spot import asks_for_spot
from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.workload import Workload

T = TypeVar("T")

LABEL = "infracheck/pattern"
"""A label of the workload that names its pattern."""
REPLICATED = 2


@dataclass(frozen=True, slots=True)
class Classification:
    """The pattern of a service.

    Attributes:
        pattern: which.
        why: the evidence, in a few words.
        declared: whether the team said so, rather than the manifests.
    """

    pattern: ServiceClass
    why: str
    declared: bool = False


def is_service(workload: Workload) -> bool:
    """Whether patterns speak of a workload: jobs, agents on every node and bare pods follow none of them."""
    return workload.kind in ("Deployment", "StatefulSet", "Rollout", "DeploymentConfig")


def service_name(workload: Workload) -> str:
    """What a service is called in every environment: its name before an overlay adds to it."""
    return workload.identity.rpartition("/")[2]


def declared(workload: Workload) -> Classification | None:
    """The pattern that the configuration or a label gives a service; None where neither does.

    Raises:
        NotJudged: the namespace is unknown, and the configuration asks for one.
    """
    services = workload.context.settings.services
    for name in (service_name(workload), workload.name):
        service = services.get(name)
        if service is not None and service.namespace in ("", workload.namespace):
            return Classification(service.service_class, f"services.{name} in the configuration", declared=True)
    label = workload.label(LABEL).text("")
    if label in set(ServiceClass):
        return Classification(ServiceClass(label), f"its label {LABEL}", declared=True)
    return None


def classify(workload: Workload, *, elsewhere: bool = True) -> Classification:
    """The pattern of a service as one environment shows it.

    Args:
        workload: the service there.
        elsewhere: whether an environment that is not production has it too, as far as there are others.
    """
    said = _try(lambda: declared(workload))
    if said is not None:
        return said
    if not elsewhere and _try(lambda: asks_for_spot(workload.pod) is not None):
        return Classification(ServiceClass.PRODUCTION_ONLY, "in production alone, on spot nodes")
    kept = _try(lambda: _data(workload))
    if kept:
        return Classification(ServiceClass.STATEFUL, kept)
    guarded = _try(lambda: _guarded(workload))
    if guarded:
        return Classification(ServiceClass.HIGH_AVAILABILITY, guarded)
    return Classification(ServiceClass.STANDARD, "nothing says otherwise")


def _data(workload: Workload) -> str:
    for use in workload.claims:
        spec = use.spec
        if use.per_pod and use.own is not None and workload.kind == "StatefulSet":
            return f"each pod keeps the claim {use.volume}"
        if spec is not None and spec.is_single_node:
            return f"mounts the ReadWriteOnce claim {use.volume}"
    return ""


def _guarded(workload: Workload) -> str:
    pods = workload.lowest_replicas
    if pods < REPLICATED or not workload.pdbs:
        return ""
    apart = workload.pod.spread or workload.pod.anti_affinity
    return f"{pods} pods or more, kept apart, with a PodDisruptionBudget" if apart else ""


def _try(evidence: Callable[[], T]) -> T | None:
    """Evidence that rests on an unknown value is none; the checklist says what is unknown."""
    try:
        return evidence()
    except NotJudged:
        return None
