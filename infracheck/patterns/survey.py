"""Services and environments side by side: which pattern, and how far each environment follows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.config.settings import ServiceClass
from infracheck.findings.severity import Profile
from infracheck.patterns.checklist import Demand, Verdict, check
from infracheck.patterns.classify import classify, is_service, service_name
from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from typing import TypeAlias

    from infracheck.kubernetes.workload import Workload
    from infracheck.patterns.classify import Classification
    from infracheck.repository import Environment, Repository

    Place: TypeAlias = tuple[Environment, Workload]

UNMET = Verdict.UNMET
PROFILES = (Profile.PRODUCTION, Profile.SANDBOX, Profile.DEVELOPMENT)
"""The environment whose manifests tell the pattern comes first: what production does is what is meant."""


@dataclass(frozen=True, slots=True)
class Row:
    """A service and how its environments follow its pattern.

    Attributes:
        service: its name, the same everywhere.
        namespace: its namespace, "?" where that is unknown.
        kind: the kind of workload.
        classification: its pattern, and what says so.
        environments: by environment, the pattern's demands, judged.
    """

    service: str
    namespace: str
    kind: str
    classification: Classification
    environments: dict[str, tuple[Demand, ...]]

    @property
    def unmet(self) -> list[tuple[str, Demand]]:
        """What is not met, with its environment, by environment."""
        return [(name, one) for name, found in self.environments.items() for one in found if one.verdict is UNMET]


@dataclass(frozen=True, slots=True)
class Survey:
    """The services of a repository.

    Attributes:
        environments: the names of the columns, sorted; "" alone for what belongs to no environment.
        rows: by namespace and service.
        left_out: how many workloads no pattern speaks of, by kind.
    """

    environments: tuple[str, ...]
    rows: tuple[Row, ...]
    left_out: dict[str, int]


def survey(repository: Repository) -> Survey:
    """The services of a repository, each with its pattern and how its environments follow it."""
    with_objects = [environment for environment in repository.environments if environment.objects.workloads]
    found: dict[tuple[str, str, str], list[Place]] = {}
    left_out: dict[str, set[str]] = {}
    for environment in with_objects:
        for workload in environment.objects.workloads:
            if is_service(workload):
                found.setdefault(_key(workload), []).append((environment, workload))
            else:
                left_out.setdefault(workload.kind, set()).add(workload.identity)
    names = tuple(dict.fromkeys(environment.address for environment in with_objects))
    named = [environment for environment in with_objects if environment.name]
    services = {key: places for before, all_ in found.items() for key, places in _told_apart(before, all_).items()}
    rows = tuple(_row(key, services[key], named) for key in sorted(services))
    return Survey(names, rows, {kind: len(ones) for kind, ones in sorted(left_out.items())})


def _key(workload: Workload) -> tuple[str, str, str]:
    try:
        namespace = workload.namespace
    except NotJudged:
        namespace = "?"
    return (namespace, service_name(workload), workload.kind)


def _told_apart(key: tuple[str, str, str], places: list[Place]) -> dict[tuple[str, str, str], list[Place]]:
    """The services behind one name without affixes: several, where names differ and no base tells that they are one.

    Many bases call their workload `deployment` and leave the rest to `namePrefix`. One service in two environments is
    written in one base; one base that an environment takes twice makes two services.
    """
    here: dict[str, set[str]] = {}
    written: dict[str, set[str]] = {}
    for environment, workload in places:
        name = _full_name(workload)
        here.setdefault(environment.address, set()).add(name)
        written.setdefault(name, set()).add(workload.named.origin.span.file.path)
    if all(len(names) == 1 for names in here.values()) and set.intersection(*written.values()):
        return {key: places}
    apart: dict[tuple[str, str, str], list[Place]] = {}
    for environment, workload in places:
        apart.setdefault((key[0], _full_name(workload), key[2]), []).append((environment, workload))
    return apart


def _full_name(workload: Workload) -> str:
    try:
        return workload.name
    except NotJudged:
        return service_name(workload)


def _row(key: tuple[str, str, str], places: list[Place], named: list[Environment]) -> Row:
    namespace, service, kind = key
    lead = min(places, key=lambda place: PROFILES.index(place[0].profile))[1]
    here = {environment.name for environment, _ in places}
    others = [environment for environment in named if environment.profile is not Profile.PRODUCTION]
    elsewhere = not others or any(environment.name in here for environment in others)
    classification = classify(lead, elsewhere=elsewhere)
    demands: dict[str, tuple[Demand, ...]] = {}
    for environment, workload in places:
        judged = check(workload, classification.pattern)
        if classification.pattern is ServiceClass.PRODUCTION_ONLY:
            judged = (_only_here(environment, workload), *judged)
        demands[environment.address] = (*demands.get(environment.address, ()), *judged)
    return Row(_shown(service, places), namespace, kind, classification, demands)


def _shown(service: str, places: list[Place]) -> str:
    """The name in the cluster where all environments agree on it; the name without affixes where they do not."""
    names = {_full_name(workload) for _, workload in places}
    return names.pop() if len(names) == 1 else service


def _only_here(environment: Environment, workload: Workload) -> Demand:
    if environment.profile is Profile.PRODUCTION:
        return Demand("production alone", Verdict.MET, "where it belongs")
    return Demand("production alone", UNMET, f"runs in {environment.address}", workload.at("metadata.name").origin)
