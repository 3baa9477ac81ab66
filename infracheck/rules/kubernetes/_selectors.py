"""Selectors that fit nothing, and whether that is a slip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kubernetes.operators import operated_by, release_into
from infracheck.rules.kubernetes._alike import is_alike
from infracheck.source.field import NotJudged, find
from infracheck.source.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.selector import Requirement, Selector
    from infracheck.kubernetes.workload import Workload
    from infracheck.source.field import Field

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


def is_for_others(manifest: Manifest, selector: Selector, carriers: Iterable[Field], namespaces: Iterable[str]) -> bool:
    """Whether a selector that fits nothing here is meant for what an operator makes.

    Args:
        manifest: the object that selects.
        selector: what it selects.
        carriers: the labels of all that it could select here.
        namespaces: where it looks.

    Raises:
        NotJudged: it may be meant for what an operator or a chart makes, as none of the carriers has any of its labels.
    """
    wanted = [(one.key, value.text() or "") for one in selector.requirements() for value in one.values]
    pairs = ((labels, key, value) for labels in carriers for key, value in wanted)
    if find(pairs, lambda pair: pair[0].require()[pair[1]].text() == pair[2]) is not None:
        return False
    if any("/" in key and not key.startswith(RECOMMENDED) for key, _ in wanted):
        return True
    objects, places = manifest.objects, list(namespaces)
    made = (found for place in places for _, value in wanted if (found := operated_by(objects, value, place)))
    released = (found for place in places if (found := release_into(objects, place)))
    maker = next(made, None) or next(released, None)
    if maker is not None:
        raise NotJudged(Unknown(f"{manifest.address} may be for what {maker.address} makes", maker.origin))
    return False


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
