"""Whom the anti-affinity of a workload keeps its pods away from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kubernetes.matches import some

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.scheduling import AffinityTerm
    from infracheck.kubernetes.workload import Workload


def is_aimed(workload: Workload, terms: list[AffinityTerm]) -> bool:
    """Whether one of the terms speaks of pods known here, its own included, or of other namespaces.

    Raises:
        NotJudged: none does for certain, and one might.
    """
    neighbours = [workload, *(one for one in workload.objects.workloads if one.namespace == workload.namespace)]
    return some(_looks_elsewhere(term) for term in terms) or some(
        _fits(one, term) for term in terms for one in neighbours
    )


def keeps_own_apart(workload: Workload, terms: list[AffinityTerm]) -> bool:
    """Whether one of the terms speaks of the workload's own pods.

    Raises:
        NotJudged: none does for certain, and one might.
    """
    return some(_means_own(workload, term) for term in terms)


def _looks_elsewhere(term: AffinityTerm) -> Callable[[], bool]:
    return lambda: any(term.field[key].exists for key in ("namespaces", "namespaceSelector"))


def _fits(workload: Workload, term: AffinityTerm) -> Callable[[], bool]:
    return lambda: workload.is_selected_by(term.selector)


def _means_own(workload: Workload, term: AffinityTerm) -> Callable[[], bool]:
    return lambda: term.means_own_pods(workload)
