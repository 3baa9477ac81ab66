"""What each pattern demands of a service, and whether a service meets it.

The lists: *standard*: rolling updates, an autoscaler, requests and limits, liveness and readiness probes, configuration
from ConfigMaps, secrets from the store. *stateful*: a strategy that fits its volumes, claims, a backup, a documented
recovery. *high-availability*: two pods or more, a PodDisruptionBudget with room, pods kept apart, health checks that
act quickly. *production-only*: absent elsewhere (the survey's part), on spot nodes, with the tolerations for them.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from infracheck.config.settings import ServiceClass
from infracheck.findings.severity import Profile
from infracheck.kubernetes.amounts import has_amount
from infracheck.kubernetes.recovery import backup_of, recovery_of
from infracheck.kubernetes.references import pod_references
from infracheck.kubernetes.service import is_observed
from infracheck.kubernetes.spot import asks_for_spot, spot_pools_of
from infracheck.source.field import NotJudged
from infracheck.source.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.workload import Workload
    from infracheck.source.field import Field
    from infracheck.source.origin import Origin

QUICK = 60
"""Seconds within which a health check that promises a quick recovery has taken a dead pod out."""
REPLICATED = 2
TAKEN = ("env", "envFrom", "volume")
"""The ways in which a container takes configuration, as references call them."""


class Verdict(StrEnum):
    """How a service stands to a demand."""

    MET = "met"
    UNMET = "unmet"
    UNKNOWN = "unknown"
    """It depends on a value that cannot be known."""
    NOT_DEMANDED = "not-demanded"
    """Its environment's profile does not ask for it."""


@dataclass(frozen=True, slots=True)
class Demand:
    """One line of a pattern's list, judged.

    Attributes:
        name: what is demanded: "autoscaler", "disruption budget".
        verdict: whether it is met.
        note: what was found, in a few words.
        origin: the line to change, for what is not met.
    """

    name: str
    verdict: Verdict
    note: str
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What a judgement says: whether the demand is met, what was found, and where to change it."""

    met: bool
    note: str
    at: Field


def check(workload: Workload, pattern: ServiceClass) -> tuple[Demand, ...]:
    """A service held against the list of a pattern, in the list's order."""
    relaxed = workload.context.profile is Profile.DEVELOPMENT
    return tuple(_demand(name, judge, workload, relaxed=relaxed and name in RELAXED) for name, judge in LISTS[pattern])


def _demand(name: str, judge: Callable[[Workload], Answer], workload: Workload, *, relaxed: bool) -> Demand:
    try:
        answer = judge(workload)
    except NotJudged as cause:
        return Demand(name, Verdict.UNKNOWN, cause.unknown.explain(), cause.unknown.origin)
    if answer.met:
        return Demand(name, Verdict.MET, answer.note)
    verdict = Verdict.NOT_DEMANDED if relaxed else Verdict.UNMET
    return Demand(name, verdict, answer.note, answer.at.origin)


def _rolling(workload: Workload) -> Answer:
    kind = workload.strategy.type
    return Answer(kind in ("RollingUpdate", "canary", "blueGreen"), f"strategy {kind}", workload.strategy.field)


def _autoscaler(workload: Workload) -> Answer:
    found = workload.hpa
    note = f"{found.address}" if found else "no autoscaler targets it"
    return Answer(found is not None, note, workload.named)


def _resources(workload: Workload) -> Answer:
    wanted = (("requests", "cpu"), ("requests", "memory"), ("limits", "memory"))
    for container in workload.pod.main_containers:
        for which, resource in wanted:
            if not has_amount(container, which, resource):
                note = f"container {container.shown_name} has no {resource} {which.rstrip('s')}"
                return Answer(met=False, note=note, at=container.resource(which, resource))
    return Answer(met=True, note="in every container", at=workload.at("spec"))


def _probes(workload: Workload) -> Answer:
    for container in _serving(workload):
        for kind in ("liveness", "readiness"):
            if container.probe(kind) is None:
                note = f"container {container.shown_name} has no {kind} probe"
                return Answer(met=False, note=note, at=container.at(f"{kind}Probe"))
    return Answer(met=True, note="liveness and readiness", at=workload.at("spec"))


def _serving(workload: Workload) -> tuple[Container, ...]:
    """The containers that open ports to those who use them, not only to those who watch; else the first."""
    main = workload.pod.main_containers
    return tuple(one for one in main if any(not is_observed(port.name) for port in one.ports)) or main[:1]


def _configuration(workload: Workload) -> Answer:
    sources = {reference.kind for reference in pod_references(workload.pod)}
    literals = [
        entry
        for container in workload.pod.main_containers
        for entry in container.env
        if entry.value.exists and not entry.source.exists
    ]
    if literals and "ConfigMap" not in sources:
        values = "1 value is" if len(literals) == 1 else f"{len(literals)} values are"
        note = f"{values} written into the pod and none from a ConfigMap"
        return Answer(met=False, note=note, at=literals[0].value)
    return Answer(met=True, note="from a ConfigMap" if "ConfigMap" in sources else "needs none", at=workload.at("spec"))


def _secrets(workload: Workload) -> Answer:
    used = [one for one in pod_references(workload.pod) if one.kind == "Secret" and one.how in TAKEN]
    unsure: NotJudged | None = None
    for reference in used:
        maker = workload.objects.providers_of(reference).first
        if maker is None:
            reason = f"what makes the Secret {reference.name} is not among the manifests"
            unsure = unsure or NotJudged(Unknown(reason, reference.field.origin), reference.field.path)
        elif maker.kind == "Secret":
            return Answer(met=False, note=f"{maker.address} is written in the manifests", at=reference.field)
    if unsure is not None:
        raise unsure
    return Answer(met=True, note="from the store" if used else "needs none", at=workload.at("spec"))


def _fitting_strategy(workload: Workload) -> Answer:
    kind = workload.strategy.type
    shared = [use for use in workload.claims if not use.per_pod and use.spec.is_single_node]
    fits = workload.kind == "StatefulSet" or not shared or kind == "Recreate"
    note = f"strategy {kind}" + (f" with the ReadWriteOnce claim {shared[0].volume}" if shared else "")
    return Answer(fits, note, workload.strategy.field)


def _claims(workload: Workload) -> Answer:
    found = workload.claims
    note = ", ".join(use.volume for use in found) or "no claim: its data ends with the pod"
    return Answer(bool(found), note, workload.at("spec"))


def _backup(workload: Workload) -> Answer:
    found = backup_of(workload)
    return Answer(bool(found), found or "nothing here backs its volumes up", workload.named)


def _recovery(workload: Workload) -> Answer:
    found = recovery_of(workload)
    note = found or "no annotation leads to its runbook"
    return Answer(bool(found), note, workload.annotations)


def _replicas(workload: Workload) -> Answer:
    pods = workload.lowest_replicas
    return Answer(pods >= REPLICATED, f"{pods} at least", workload.lowest_replicas_field)


def _budget(workload: Workload) -> Answer:
    budget = workload.pdbs.first
    if budget is None:
        return Answer(met=False, note="no PodDisruptionBudget selects its pods", at=workload.named)
    pods = workload.lowest_replicas
    allowed = budget.allowed_disruptions(pods)
    return Answer(allowed > 0, f"{budget.address}: {allowed} of {pods} may be evicted", budget.at("spec"))


def _apart(workload: Workload) -> Answer:
    pod = workload.pod
    found = [one.topology_key for one in pod.spread] + [one.topology_key for one in pod.anti_affinity]
    note = f"by {found[0]}" if found else "nothing keeps its pods off one node"
    return Answer(bool(found), note, pod.at("topologySpreadConstraints"))


def _quick(workload: Workload) -> Answer:
    for container in _serving(workload):
        for kind in ("readiness", "liveness"):
            probe = container.probe(kind)
            if probe is None:
                note = f"container {container.shown_name} has no {kind} probe"
                return Answer(met=False, note=note, at=container.at(f"{kind}Probe"))
            if probe.seconds_to_act > QUICK:
                note = (
                    f"{kind} probe of {container.shown_name}: {probe.failure_threshold} failures x {probe.period} s = "
                    f"{probe.seconds_to_act} s, more than {QUICK} s"
                )
                return Answer(met=False, note=note, at=probe.field)
    return Answer(met=True, note=f"within {QUICK} s", at=workload.at("spec"))


def _spot(workload: Workload) -> Answer:
    field = asks_for_spot(workload.pod)
    note = "its pods ask for spot nodes" if field is not None else "nothing puts its pods on spot nodes"
    return Answer(field is not None, note, workload.pod.at("nodeSelector"))


def _tolerations(workload: Workload) -> Answer:
    if not workload.objects.of_kind("karpenter.sh/NodePool"):
        met = bool(workload.pod.tolerations)
        return Answer(met, "tolerations" if met else "its pods tolerate no taint", workload.pod.at("tolerations"))
    fitting = spot_pools_of(workload.pod).first
    note = f"{fitting.address} takes its pods" if fitting else "no spot pool takes its pods"
    return Answer(fitting is not None, note, workload.pod.at("tolerations"))


LISTS: dict[ServiceClass, tuple[tuple[str, Callable[[Workload], Answer]], ...]] = {
    ServiceClass.STANDARD: (
        ("rolling update", _rolling),
        ("autoscaler", _autoscaler),
        ("requests and limits", _resources),
        ("probes", _probes),
        ("configuration", _configuration),
        ("secrets", _secrets),
    ),
    ServiceClass.STATEFUL: (
        ("strategy", _fitting_strategy),
        ("claims", _claims),
        ("backup", _backup),
        ("recovery", _recovery),
    ),
    ServiceClass.HIGH_AVAILABILITY: (
        ("replicas", _replicas),
        ("disruption budget", _budget),
        ("kept apart", _apart),
        ("quick health checks", _quick),
    ),
    ServiceClass.PRODUCTION_ONLY: (
        ("spot", _spot),
        ("tolerations", _tolerations),
    ),
}
RELAXED = frozenset({"autoscaler", "replicas", "disruption budget", "kept apart", "backup", "recovery"})
"""What a development environment does without: it is for fast iteration at little cost."""
