"""The objects of a build, in order, none twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.source.errors import LimitError, RenderError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from infracheck.kustomize.identity import Gvk, ResourceId
    from infracheck.kustomize.resource import Resource
    from infracheck.kustomize.selectors import Selector
    from infracheck.source.origin import Origin

MAX_OBJECTS = 20_000
"""Objects of one build. Bases that include each other in diamonds double them at every level."""


class Resources:
    """An ordered collection of objects with distinct ids.

    Attributes:
        items: the objects in order.
    """

    def __init__(self, items: Iterable[Resource] = ()) -> None:
        self.items: list[Resource] = list(items)

    def __iter__(self) -> Iterator[Resource]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def copy(self) -> Resources:
        """Objects of its own with the same content."""
        return Resources(item.copy() for item in self.items)

    def append_all(self, others: Iterable[Resource]) -> None:
        """Add objects at the end.

        Raises:
            RenderError: an object with the same id is already there.
            LimitError: there are too many.
        """
        known = {item.id.key: item for item in self.items}
        for other in others:
            earlier = known.setdefault(other.id.key, other)
            if earlier is not other:
                where = earlier.origin_of("metadata", "name").span
                raise RenderError(
                    f"may not add resource with an already registered id: {other.id}, also at {where}",
                    other.origin_of("metadata", "name"),
                )
            self.items.append(other)
            if len(self.items) > MAX_OBJECTS:
                raise LimitError(f"more than {MAX_OBJECTS:,} objects in one build", other.origin_of("metadata", "name"))

    def by_any_id(self, matches: Callable[[ResourceId], bool]) -> list[Resource]:
        """The objects that have, or ever had, an id that matches."""
        return [item for item in self.items if any(matches(one) for one in item.all_ids)]

    def the_one(self, wanted: ResourceId, origin: Origin) -> Resource:
        """The one object that has, or ever had, an id.

        Raises:
            RenderError: there is none, or more than one.
        """
        key = wanted.key
        found = self.by_any_id(lambda one: one.key == key)
        if len(found) == 1:
            return found[0]
        count = "multiple" if found else "no"
        raise RenderError(f"{count} matches for Id {wanted}; failed to find unique target for the patch", origin)

    def select(self, selector: Selector) -> list[Resource]:
        """The objects a patch target selects: by original or current name and namespace, current kind, labels."""
        return [item for item in self.items if selector.matches(item)]

    def absorb(self, incoming: Resource, origin: Origin) -> None:
        """Add a generated object, or merge it into the one it names.

        Raises:
            RenderError: its behavior does not fit what is there.
        """
        key = incoming.id.key
        found = self.by_any_id(lambda one: one.key == key)
        if not found:
            if incoming.behavior != "create":
                raise RenderError(
                    f"{incoming.id} does not exist; cannot {incoming.behavior} it. Correct the name or remove "
                    f"`behavior: {incoming.behavior}`",
                    origin,
                )
            self.append_all([incoming])
            return
        if len(found) > 1:
            raise RenderError(f"found multiple objects that could accept the merge of {incoming.id}", origin)
        if incoming.behavior == "create":
            where = found[0].origin_of("metadata", "name").span
            raise RenderError(f"{incoming.id} exists already ({where}); behavior must be merge or replace", origin)
        from infracheck.kustomize.generator_merge import merged  # noqa: PLC0415 - generators know resources

        self.items[self.items.index(found[0])] = merged(found[0], incoming)
        self.require_distinct(origin)

    def require_distinct(self, origin: Origin | None = None) -> None:
        """Make sure that no two objects have become the same.

        Args:
            origin: what made them so, as far as it is known.

        Raises:
            RenderError: two have.
        """
        known: set[tuple[Gvk, str, str]] = set()
        for item in self.items:
            if item.id.key in known:
                raise RenderError(
                    f"may not add resource with an already registered id: {item.id}",
                    origin or item.origin_of("metadata", "name"),
                )
            known.add(item.id.key)
