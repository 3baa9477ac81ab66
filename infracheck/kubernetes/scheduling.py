"""Where pods may run: tolerations and taints, node requirements, spread and affinity.

Sources: https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/,
https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/,
https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/; `ToleratesTaint` in
`k8s.io/api/core/v1/toleration.go`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.kubernetes.facts.labels import LEGACY_NODE_LABELS
from infracheck.kubernetes.matches import every, some
from infracheck.kubernetes.place import descend, scalar_text
from infracheck.kubernetes.selector import Requirement, Selector, expression_requirement, label_selector

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.source.field import Field


@dataclass(frozen=True, slots=True)
class Taint:
    """A taint of a node: pods that do not tolerate it stay away.

    Attributes:
        field: its entry in `taints`.
    """

    field: Field

    @property
    def key(self) -> str:
        """The key."""
        return self.field["key"].text("") or ""

    @property
    def value(self) -> str:
        """The value, "" where none is written."""
        return scalar_text(self.field["value"]) or ""

    @property
    def effect(self) -> str:
        """NoSchedule, PreferNoSchedule or NoExecute."""
        return self.field["effect"].text("") or ""

    @property
    def repels(self) -> bool:
        """Whether it keeps pods off, rather than only preferring that they go elsewhere."""
        return self.effect in ("NoSchedule", "NoExecute")


@dataclass(frozen=True, slots=True)
class Toleration:
    """A taint that pods put up with.

    Attributes:
        field: its entry in `tolerations`.
    """

    field: Field

    @property
    def key(self) -> str:
        """The key; "" means every key."""
        return self.field["key"].text("") or ""

    @property
    def operator(self) -> str:
        """Equal (the default) or Exists."""
        return self.field["operator"].text("Equal") or "Equal"

    @property
    def effect(self) -> str:
        """The effect it puts up with; "" means every effect."""
        return self.field["effect"].text("") or ""

    @property
    def seconds(self) -> int | None:
        """How long pods stay after a NoExecute taint appears; None means for ever."""
        number = self.field["tolerationSeconds"].number()
        return None if number is None else int(number)

    @property
    def tolerates_everything(self) -> bool:
        """Whether it puts up with every taint: Exists without a key or an effect."""
        return self.operator == "Exists" and not self.key and not self.effect

    def tolerates(self, taint: Taint) -> bool:
        """Whether it puts up with a taint.

        Raises:
            NotJudged: that depends on an unknown value.
        """
        return every(
            (
                lambda: self.effect in ("", taint.effect),
                lambda: self.key in ("", taint.key),
                lambda: (
                    self.operator == "Exists"
                    or (bool(self.key) and (scalar_text(self.field["value"]) or "") == taint.value)
                ),
            )
        )


def tolerates_all(tolerations: Iterable[Toleration], taints: Iterable[Taint]) -> bool:
    """Whether pods with some tolerations may run on a node with some taints. Taints that only prefer do not count.

    Raises:
        NotJudged: that depends on an unknown value.
    """
    listed = tuple(tolerations)
    return every(_is_tolerated(taint, listed) for taint in taints)


def _is_tolerated(taint: Taint, tolerations: tuple[Toleration, ...]) -> Callable[[], bool]:
    return lambda: not taint.repels or some(_tolerates(one, taint) for one in tolerations)


def _tolerates(toleration: Toleration, taint: Taint) -> Callable[[], bool]:
    return lambda: toleration.tolerates(taint)


def node_alternatives(pod: Field) -> list[list[Requirement]]:
    """What a pod specification demands of its node: any one of the lists, and all of that list.

    The node selector holds in each; the terms of the required node affinity are the alternatives. Terms that ask for
    nothing match no node (`nodeSelectorTerms` in the API reference) and are left out.

    Raises:
        NotJudged: the selector or the affinity is unknown.
    """
    selected = [Requirement(_current(key), "In", (value,), value) for key, value in pod["nodeSelector"].items()]
    required = pod.at("affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution")
    if not required.exists:
        return [selected]
    terms = ([*_expressions(term)] for term in required["nodeSelectorTerms"])
    return [[*selected, *term] for term in terms if term]


def _expressions(term: Field) -> Iterator[Requirement]:
    for expression in term["matchExpressions"]:
        found = expression_requirement(expression)
        yield Requirement(_current(found.key), found.operator, found.values, found.field)
    # The one field nodes can be matched by is their name.
    for expression in term["matchFields"]:
        yield expression_requirement(expression)


def _current(key: str) -> str:
    return LEGACY_NODE_LABELS.get(key, key)


@dataclass(frozen=True, slots=True)
class SpreadConstraint:
    """A topology spread constraint.

    Attributes:
        field: its entry in `topologySpreadConstraints`.
    """

    field: Field

    @property
    def topology_key(self) -> str:
        """The node label whose values are the domains."""
        return self.field["topologyKey"].text("") or ""

    @property
    def max_skew(self) -> int | None:
        """How far domains may differ in their number of pods; None where it is missing, which Kubernetes refuses."""
        number = self.field["maxSkew"].number()
        return number if isinstance(number, int) else None

    @property
    def is_hard(self) -> bool:
        """Whether pods stay pending rather than break it: DoNotSchedule, the default."""
        return self.field["whenUnsatisfiable"].text("DoNotSchedule") != "ScheduleAnyway"

    @property
    def selector(self) -> Selector:
        """The pods it counts; none without a selector."""
        return label_selector(descend(self.field, "labelSelector"))


@dataclass(frozen=True, slots=True)
class AffinityTerm:
    """A term of a pod (anti-)affinity.

    Attributes:
        field: the term, with `topologyKey` and `labelSelector`.
        required: whether it must hold, or is only preferred.
        weight: 1 to 100 for a preferred term, else 100.
    """

    field: Field
    required: bool
    weight: int = 100

    @property
    def topology_key(self) -> str:
        """The node label whose values are the domains."""
        return self.field["topologyKey"].text("") or ""

    @property
    def selector(self) -> Selector:
        """The pods it speaks of; none without a selector."""
        return label_selector(descend(self.field, "labelSelector"))

    def means_own_pods(self, workload: Workload) -> bool:
        """Whether it speaks of the pods of the workload it stands in; a `namespaceSelector` is taken to mean them too.

        Raises:
            NotJudged: that depends on an unknown value.
        """
        return every((lambda: self._looks_into(workload.namespace), lambda: workload.is_selected_by(self.selector)))

    def _looks_into(self, namespace: str) -> bool:
        named = self.field["namespaces"]
        return not len(named) or self.field["namespaceSelector"].exists or namespace in named.texts()


def affinity_terms(affinity: Field) -> list[AffinityTerm]:
    """The terms of a `podAffinity` or `podAntiAffinity`, the required ones first.

    Raises:
        NotJudged: a list of terms is unknown.
    """
    required = affinity["requiredDuringSchedulingIgnoredDuringExecution"]
    preferred = affinity["preferredDuringSchedulingIgnoredDuringExecution"]
    found = [AffinityTerm(term, required=True) for term in required]
    for entry in preferred:
        weight = entry["weight"].number(1)
        found.append(AffinityTerm(entry["podAffinityTerm"], required=False, weight=int(weight or 1)))
    return found
