"""Labels and annotations that are one node in several places.

When kustomize adds a label, it puts one and the same node wherever the label was missing: into the metadata, the
selector, the pod template. Whoever changes it later in one of these places, changes it in all: a patch for
`metadata.labels.app` changes the selector too. Here such a node is one `Scalar` that stands in several places; once it
is replaced in one of them, the others follow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kustomize.nodes import with_items
from infracheck.source.values import Mapping, Scalar, Sequence, Value

if TYPE_CHECKING:
    from collections.abc import Iterator


def rejoined(before: Mapping, after: Mapping, shared: tuple[Scalar, ...]) -> tuple[Mapping, tuple[Scalar, ...]]:
    """The changed tree with every change of a shared node made wherever it stands, and the nodes shared from now on.

    Of several changes of one node the last counts, in the order kustomize comes to them: by key.
    """
    nodes = {id(node): node for node in shared}
    changes = [(old, new) for old, new in _replacements(before, after) if id(old) in nodes]
    if not changes:
        return after, shared
    last = {id(old): new for old, new in changes}
    root = _exchanged(after, {**last, **{id(new): last[id(old)] for old, new in changes}})
    assert isinstance(root, Mapping)  # noqa: S101 - a mapping stays one
    return root, tuple(last.get(key, node) for key, node in nodes.items())


def _replacements(before: Value, after: Value) -> Iterator[tuple[Scalar, Scalar]]:
    """Scalars that were exchanged for others in a collection that stayed; one in a new collection is another node."""
    if before is after:
        return
    if isinstance(before, Scalar) and isinstance(after, Scalar):
        yield before, after
    elif before.origin != after.origin:
        return
    elif isinstance(before, Mapping) and isinstance(after, Mapping):
        for key in sorted(before.fields.keys() & after.fields.keys()):
            yield from _replacements(before.fields[key], after.fields[key])
    elif isinstance(before, Sequence) and isinstance(after, Sequence):
        # Patches put elements in another order.
        places = {item.origin: item for item in before.items}
        for item in after.items:
            if item.origin in places:
                yield from _replacements(places[item.origin], item)


def _exchanged(value: Value, changed: dict[int, Scalar]) -> Value:
    if isinstance(value, Scalar):
        return changed.get(id(value), value)
    if isinstance(value, Mapping):
        fields = {key: _exchanged(item, changed) for key, item in value.fields.items()}
        if all(fields[key] is item for key, item in value.fields.items()):
            return value
        return Mapping(fields, value.origin, value.keys, value.type, value.sensitive)
    if isinstance(value, Sequence):
        items = [_exchanged(item, changed) for item in value.items]
        return value if all(map(_is, items, value.items)) else with_items(value, items)
    return value


def _is(one: object, other: object) -> bool:
    return one is other
