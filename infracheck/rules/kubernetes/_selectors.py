"""Selectors that fit nothing, and whether that is a slip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.rules.kubernetes._alike import is_alike
from infracheck.source.field import find

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infracheck.kubernetes.selector import Requirement, Selector
    from infracheck.kubernetes.workload import Workload

RECOMMENDED = "app.kubernetes.io/"
"""The prefix of the labels that Kubernetes recommends to tell applications apart
(https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/)."""
NAMING = frozenset({"app", "application", "component", "k8s-app", "name", "service", "tier", "role", "run"})
"""Further labels that say what a pod is."""


def is_opt_in(selector: Selector, namespace: str, workloads: Iterable[Workload]) -> bool:
    """Whether a selector asks for a label that pods opt in with: none says what a pod is, and no pod here has it.

    Raises:
        NotJudged: that depends on an unknown value.
    """
    here = [workload for workload in workloads if workload.namespace == namespace]
    own = (one.key for one in selector.requirements() if one.key not in NAMING and not one.key.startswith(RECOMMENDED))
    return any(not _is_carried(key, here) for key in own)


def _is_carried(key: str, workloads: Iterable[Workload]) -> bool:
    return find(workloads, lambda workload: workload.pod_labels.require()[key].exists) is not None


def nearly_selects(selector: Selector, workload: Workload) -> bool:
    """Whether a workload's pods carry all labels a selector asks for, with values a letter or two away.

    Raises:
        NotJudged: that depends on an unknown value.
    """
    return all(_nearly_holds(requirement, workload) for requirement in selector.requirements())


def _nearly_holds(requirement: Requirement, workload: Workload) -> bool:
    label = workload.pod_labels[requirement.key].text()
    if requirement.operator != "In" or label is None:
        return False
    return any(is_alike(label, value.text() or "") for value in requirement.values)
