"""Which lists merge, and by which keys: the built-in schema, or the one a kustomization brings in `openapi:`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from infracheck.kustomize.identity import kubernetes_kinds
from infracheck.source.errors import RenderError

if TYPE_CHECKING:
    from infracheck.source.origin import Origin

DEFINITIONS = "#/definitions/"
BUILTIN_PREFIX = "io.k8s."
BEHIND = "behind"
"""Marks a node that is explained by the schema behind."""


@dataclass(frozen=True)
class Schema:
    """What is known of one field.

    Attributes:
        book: the schemas of all kinds.
        node: this one, in the book's own form.
    """

    book: SchemaBook
    node: Any

    @property
    def merges(self) -> bool:
        """Whether patches merge into a list of this kind instead of replacing it."""
        return self.book.merges(self.node)

    @property
    def merge_keys(self) -> tuple[str, ...]:
        """The fields that tell two elements of a merging list apart; none for lists of plain values."""
        return self.book.merge_keys(self.node)

    def field(self, key: str) -> Schema | None:
        """What is known of a field below."""
        return self.book.wrap(self.book.field(self.node, key))

    def elements(self) -> Schema | None:
        """What is known of the elements."""
        return self.book.wrap(self.book.elements(self.node))


class SchemaBook:
    """The schemas of all kinds."""

    def wrap(self, node: Any) -> Schema | None:
        """A node as a schema."""
        return Schema(self, node) if node is not None else None

    def of_kind(self, api_version: str, kind: str) -> Schema | None:
        """The schema of a kind, or None."""
        raise NotImplementedError

    def merges(self, node: Any) -> bool:
        """As `Schema.merges`."""
        raise NotImplementedError

    def merge_keys(self, node: Any) -> tuple[str, ...]:
        """As `Schema.merge_keys`."""
        raise NotImplementedError

    def field(self, node: Any, key: str) -> Any:
        """As `Schema.field`."""
        raise NotImplementedError

    def elements(self, node: Any) -> Any:
        """As `Schema.elements`."""
        raise NotImplementedError


class BuiltinBook(SchemaBook):
    """Kubernetes 1.21.2, reduced to the lists that merge."""

    def of_kind(self, api_version: str, kind: str) -> Schema | None:
        """The schema of a kind, or None."""
        entry = kubernetes_kinds()["kinds"].get(api_version, {}).get(kind)
        return self.wrap(entry)

    def merges(self, node: Any) -> bool:
        """Whether the list merges."""
        return "merge" in node

    def merge_keys(self, node: Any) -> tuple[str, ...]:
        """The keys it merges by."""
        return tuple(node.get("merge", ()))

    def field(self, node: Any, key: str) -> Any:
        """The node of a field."""
        return kubernetes_kinds()["types"].get(node.get("type"), {}).get(key)

    def elements(self, node: Any) -> Any:
        """The node of the elements."""
        name = node.get("element")
        return {"type": name} if name else {}


class CustomBook(SchemaBook):
    """An OpenAPI document that a kustomization brings.

    It replaces the built-in schema, unless that was in use before: then what it does not define is taken from there.

    Attributes:
        behind: the schema behind it, or None.
    """

    def __init__(self, document: Any, behind: SchemaBook | None, origin: Origin) -> None:
        self.behind = behind
        if not isinstance(document, dict):
            raise RenderError("an OpenAPI document must be a mapping", origin)
        definitions = document.get("definitions")
        self.definitions: dict[str, Any] = definitions if isinstance(definitions, dict) else {}
        self.kinds: dict[tuple[str, str], Any] = {}
        for definition in self.definitions.values():
            if not isinstance(definition, dict):
                continue
            for gvk in _listed(definition.get("x-kubernetes-group-version-kind")):
                group, version, kind = (str(gvk.get(part) or "") for part in ("group", "version", "kind"))
                self.kinds[f"{group}/{version}" if group else version, kind] = definition

    def of_kind(self, api_version: str, kind: str) -> Schema | None:
        """The schema of a kind, or None."""
        known = self.wrap(self.kinds.get((api_version, kind)))
        return known or (self.behind.of_kind(api_version, kind) if self.behind is not None else None)

    def _resolved(self, node: Any) -> dict[str, Any]:
        for _ in range(100):
            reference = node.get("$ref") if isinstance(node, dict) else None
            if not isinstance(reference, str) or not reference.startswith(DEFINITIONS):
                break
            name = reference.removeprefix(DEFINITIONS)
            node = self.definitions.get(name)
            if node is None and self.behind is not None and name.startswith(BUILTIN_PREFIX):
                return {BEHIND: {"type": name.rsplit(".", 1)[-1]}}
        return node if isinstance(node, dict) else {}

    def merges(self, node: Any) -> bool:
        """Whether the list merges."""
        if self.behind is not None and BEHIND in node:
            return self.behind.merges(node[BEHIND])
        strategy = node.get("x-kubernetes-patch-strategy") if isinstance(node, dict) else None
        return isinstance(strategy, str) and "merge" in strategy.split(",")

    def merge_keys(self, node: Any) -> tuple[str, ...]:
        """The keys it merges by."""
        if self.behind is not None and BEHIND in node:
            return self.behind.merge_keys(node[BEHIND])
        many = node.get("x-kubernetes-list-map-keys")
        if isinstance(many, list) and many:
            return tuple(str(key) for key in many)
        one = node.get("x-kubernetes-patch-merge-key")
        return (one,) if isinstance(one, str) and one else ()

    def field(self, node: Any, key: str) -> Any:
        """The node of a field."""
        node = self._resolved(node)
        if BEHIND in node:
            return self._behind(self.behind.field(node[BEHIND], key) if self.behind else None)
        properties = node.get("properties")
        if isinstance(properties, dict) and key in properties:
            found = properties[key]
            # Strategy and keys stand beside the reference.
            return {**self._resolved(found), **found} if isinstance(found, dict) else None
        more = node.get("additionalProperties")
        return more if isinstance(more, dict) else None

    def elements(self, node: Any) -> Any:
        """The node of the elements."""
        node = self._resolved(node)
        if BEHIND in node:
            return self._behind(self.behind.elements(node[BEHIND]) if self.behind else None)
        items = node.get("items")
        return self._resolved(items) if isinstance(items, dict) else {}

    def _behind(self, node: Any) -> Any:
        """A node of the schema behind, as one of this."""
        return None if node is None else {BEHIND: node}


def _listed(value: Any) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


@cache
def builtin_book() -> SchemaBook:
    """The schema that kustomize has built in."""
    return BuiltinBook()
