"""Reading the objects of a file, split into documents as kustomize splits it (`kyaml/kio/byteio_reader.go`)."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from infracheck.kustomize.key_problems import repeated
from infracheck.kustomize.nodes import (
    get,
    is_null,
    is_tagged_null,
    json_number,
    raw_text,
    require_sound,
    scalar_text,
    text_of,
    untyped,
    with_field,
    with_items,
    with_path,
)
from infracheck.kustomize.resource import Resource
from infracheck.source.errors import RenderError, SyntaxProblem
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Scalar, Sequence, Value
from infracheck.source.yaml import Dialect, Document, Excerpt, read_first, read_text, resolve
from infracheck.source.yaml.dialect import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

SEPARATOR = re.compile(r"\n---([^\n]*)\n")
UNWRAPPED = frozenset({"List", "ResourceList"})
"""Lists whose items are taken as they stand if nothing else is in the file; those of other lists pass through JSON."""


def split_documents(excerpt: Excerpt) -> Iterator[Excerpt]:
    """The documents of a text, each up to and with the line end before its separator.

    Raises:
        SyntaxProblem: something other than a comment follows a separator on its line.
    """
    text, start = excerpt.text, 0
    for found in SEPARATOR.finditer(text):
        rest = found[1].strip()
        if rest and not rest.startswith("#"):
            place = Origin(excerpt.span(found.start() + 1, found.end() - 1))
            raise SyntaxProblem("invalid document separator: only a comment may follow `---` on its line", place)
        yield excerpt.part(start, found.start() + 1)
        start = found.end()
    yield excerpt.part(start, len(text))


def read_resources(excerpt: Excerpt, *, as_patches: bool = False) -> list[Resource]:
    """The objects of a text.

    Args:
        excerpt: the text.
        as_patches: whether they are patches, whose annotations stay as they are until they are merged.

    Raises:
        SyntaxProblem: it is not YAML.
        RenderError: a document is not an object with a kind and a name.
    """
    parts = list(split_documents(excerpt))
    waiting: deque[tuple[Value, Document]] = deque()
    for part in parts:
        if not part.text.strip():
            continue
        document = read_first(part, Dialect.KUBERNETES)
        if document is not None and document.value is not None and not is_tagged_null(document.value):
            read = (document.value, document)
            waiting.append(read if as_patches else _settled(*read, part))
    if len(parts) == 1 and waiting and text_of(get(waiting[0][0], "kind")) in UNWRAPPED:
        value, document = waiting.popleft()
        waiting.extend((item, document) for item in _items(value, document) or (value,))
    return list(_resources(waiting))


def _settled(value: Value, document: Document, part: Excerpt) -> tuple[Value, Document]:
    """An object whose annotations were read and written: of equal keys the last counts, and tags are lost."""
    value, document = _without_empty_annotations(value, document)
    annotations = get(value, "metadata", "annotations")
    if not isinstance(annotations, Mapping) or not isinstance(value, Mapping):
        return value, document
    if any(_is_typed(item) for item in annotations.fields.values()):
        untagged = {key: _untagged(item) for key, item in annotations.fields.items()}
        annotations = Mapping(untagged, annotations.origin, annotations.keys)
        value = with_path(value, ("metadata", "annotations"), annotations, annotations.origin)
    if not document.problems:
        return value, document
    span, first = annotations.origin.span, {key.origin for key in annotations.keys.values()}
    remaining = tuple(
        one
        for one in document.problems
        if one.origin is None or one.origin in first or not span.start <= one.origin.span.start < span.end
    )
    if len(remaining) == len(document.problems):
        return value, document
    again = get(read_text(part, Dialect.KUBECTL)[0].value, "metadata", "annotations")
    last = again.fields if isinstance(again, Mapping) else {}
    fields = {key: _as_resource(last.get(key, item)) for key, item in annotations.fields.items()}
    new = Mapping(fields, annotations.origin, annotations.keys)
    return with_path(value, ("metadata", "annotations"), new, annotations.origin), replace(document, problems=remaining)


def _without_empty_annotations(value: Value, document: Document) -> tuple[Value, Document]:
    """An object that has annotations twice, without those that kustomize clears: the first that are empty."""
    metadata = get(value, "metadata")
    if not document.problems or not isinstance(metadata, Mapping) or not isinstance(value, Mapping):
        return value, document
    again, others = repeated(document.problems, metadata, "annotations")
    listed = (metadata.fields.get("annotations"), *(one.value for one in again))
    empty = next((index for index, one in enumerate(listed) if _is_empty(one)), None)
    if not again or empty is None:
        return value, document
    dropped = again[max(empty - 1, 0)]
    if empty == 0:
        metadata = with_field(metadata, "annotations", dropped.value, dropped.key)
        value = with_field(value, "metadata", metadata)
    kept = tuple(one for one in again if one is not dropped)
    return value, replace(document, problems=(*kept, *others))


def _is_empty(value: Value | None) -> bool:
    if isinstance(value, Mapping):
        return not value.fields
    return is_null(value) or (isinstance(value, Sequence) and not value.items)


def _is_typed(value: Value) -> bool:
    if is_tagged_null(value) and not raw_text(value):
        # What is empty stays a null, which the first patch takes away.
        return False
    return isinstance(value, Scalar) and not value.style and not isinstance(value.value, str)


def _untagged(value: Value) -> Value:
    return untyped(raw_text(value), value.origin) if _is_typed(value) else value


def _as_resource(value: Value) -> Value:
    if not isinstance(value, Scalar):
        return value
    return Scalar(resolve(value, Dialect.KUBERNETES), value.origin, value.text, value.style, value.tag)


def _resources(waiting: deque[tuple[Value, Document]]) -> Iterator[Resource]:
    """The objects among values; those in lists come after everything else, as they come back from JSON."""
    while waiting:
        value, document = waiting.popleft()
        if (isinstance(value, Mapping) and not value.fields) or (isinstance(value, Sequence) and not value.items):
            continue
        kind = text_of(get(value, "kind"))
        if not kind:
            raise RenderError("missing Resource metadata: an object needs a kind", value.origin)
        assert isinstance(value, Mapping)  # noqa: S101 - only mappings have fields
        if kind.endswith("List") and "items" in value.fields:
            waiting.extend((_from_json(item), document) for item in _items(value, document))
            continue
        if not kind.endswith("List") and not text_of(get(value, "metadata", "name")):
            raise RenderError(f"missing metadata.name in the {kind}", value.origin)
        yield Resource(value, problems=document.problems, changes_in_flow=document.changes_in_flow)


def _items(value: Value, document: Document) -> tuple[Value, ...]:
    items = get(value, "items")
    if document.problems:
        raise RenderError(document.problems[0].message, document.problems[0].origin)
    if items is None or is_null(items):
        return ()
    if not isinstance(items, Sequence):
        raise RenderError(f"expected a list in the items of the {text_of(get(value, 'kind'))}", items.origin)
    return items.items


def _from_json(value: Value) -> Value:
    """A value as it is read again from JSON: texts in quotes, nulls written out."""
    if isinstance(value, Mapping):
        return Mapping({key: _from_json(item) for key, item in value.fields.items()}, value.origin, value.keys)
    if isinstance(value, Sequence):
        return with_items(value, map(_from_json, value.items))
    if not isinstance(value, Scalar):
        return value
    require_sound(value)
    if isinstance(value.value, str):
        return Scalar(value.value, value.origin, value.value, '"')
    is_float = isinstance(value.value, int | float) and kind_of(raw_text(value), Dialect.KUBERNETES) == "float"
    text = json_number(float(value.value or 0)) if is_float else scalar_text(value.value)
    return Scalar(value.value, value.origin, text)
