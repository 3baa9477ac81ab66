"""Objects sorted by what searches ask for, so that a search looks at few of many.

A bucket narrows a search down and never decides it: what is found in one is still put to the test, and what is unknown
about an object makes it a candidate for every search.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from infracheck.kubernetes.facts.labels import CONTROLLER_LABELS
from infracheck.kubernetes.place import scalar_text
from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator

    from infracheck.kubernetes.selector import Selector
    from infracheck.kubernetes.workload import Workload

Item = TypeVar("Item")


class Buckets(Generic[Item]):
    """Items by key.

    Args:
        items: the items, in the order searches give them.
        keys: the keys an item is found by. Where it raises `NotJudged`, the item is found by every key.
    """

    def __init__(self, items: Iterable[Item], keys: Callable[[Item], Iterable[Hashable]]) -> None:
        self._items = tuple(items)
        self._buckets: dict[Hashable, list[int]] = {}
        self._unsure: list[int] = []
        for number, item in enumerate(self._items):
            try:
                found = list(keys(item))
            except NotJudged:
                self._unsure.append(number)
                continue
            for key in found:
                self._buckets.setdefault(key, []).append(number)

    def candidates(self, keys: Callable[[], Iterable[Hashable]]) -> Iterator[Item]:
        """The items that may match one of some keys, in order; all of them where the keys are unknown."""
        try:
            wanted = list(keys())
        except NotJudged:
            yield from self._items
            return
        numbers = set(self._unsure).union(*(self._buckets.get(key, ()) for key in wanted))
        for number in sorted(numbers):
            yield self._items[number]


def selector_keys(namespace: str, selector: Selector) -> list[Hashable]:
    """One label that all pods a selector picks carry, in their namespace; the namespace alone where there is none.

    Raises:
        NotJudged: the selector is unknown.
    """
    for key, value in selector.wanted().items():
        if key not in CONTROLLER_LABELS and not value.is_unknown:
            return [(namespace, key, scalar_text(value))]
    return [(namespace,)]


def pod_keys(workload: Workload) -> list[Hashable]:
    """What selectors may find a workload's pods by: each of their labels, in their namespace.

    Raises:
        NotJudged: the namespace or a label is unknown.
    """
    namespace = workload.namespace
    labels = [(namespace, key, scalar_text(value)) for key, value in workload.pod_labels.items()]
    return [(namespace,), *labels]
