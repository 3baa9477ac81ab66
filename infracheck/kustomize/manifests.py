"""Reading the objects of a file, split into documents as kustomize splits it (`kyaml/kio/byteio_reader.go`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.kustomize.nodes import get, is_null, is_tagged_null, text_of
from infracheck.kustomize.resource import Resource
from infracheck.source.errors import RenderError, SyntaxProblem
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Sequence, Value
from infracheck.source.yaml import Dialect, Document, Excerpt, read_text

if TYPE_CHECKING:
    from collections.abc import Iterator

SEPARATOR = re.compile(r"\n---([^\n]*)\n")


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


def read_resources(excerpt: Excerpt) -> list[Resource]:
    """The objects of a text.

    Raises:
        SyntaxProblem: it is not YAML.
        RenderError: a document is not an object with a kind and a name.
    """
    found: list[Resource] = []
    for part in split_documents(excerpt):
        if not part.text.strip():
            continue
        documents = read_text(part, Dialect.KUBERNETES)
        if documents and documents[0].value is not None and not is_tagged_null(documents[0].value):
            found.extend(_resources(documents[0].value, documents[0]))
    return found


def _resources(value: Value, document: Document) -> Iterator[Resource]:
    if (isinstance(value, Mapping) and not value.fields) or (isinstance(value, Sequence) and not value.items):
        return
    kind = text_of(get(value, "kind"))
    if not kind:
        raise RenderError("missing Resource metadata: an object needs a kind", value.origin)
    assert isinstance(value, Mapping)  # noqa: S101 - only mappings have fields
    if kind.endswith("List") and "items" in value.fields:
        if document.problems:
            raise RenderError(document.problems[0].message, document.problems[0].origin)
        for item in _items(value.fields["items"], kind):
            yield from _resources(item, document)
        return
    if not kind.endswith("List") and not text_of(get(value, "metadata", "name")):
        raise RenderError(f"missing metadata.name in the {kind}", value.origin)
    yield Resource(value, problems=document.problems, flow_nulls=document.empty_in_flow)


def _items(items: Value, kind: str) -> tuple[Value, ...]:
    if is_null(items):
        return ()
    if not isinstance(items, Sequence):
        raise RenderError(f"expected a list in the items of the {kind}", items.origin)
    return items.items
