"""`crds:` files: OpenAPI definitions of custom kinds that say which fields hold names, labels or annotations."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from infracheck.kustomize.configuration import Configuration
from infracheck.kustomize.fieldspec import FieldSpec, merge_specs
from infracheck.kustomize.identity import Gvk
from infracheck.source.errors import RenderError
from infracheck.source.files import Span
from infracheck.source.origin import Origin
from infracheck.source.yaml import Dialect, Excerpt, read_first

if TYPE_CHECKING:
    from infracheck.source.files import SourceFile

ANNOTATION, LABEL, IDENTITY = "x-kubernetes-annotation", "x-kubernetes-label-selector", "x-kubernetes-identity"
REFERENCE = "x-kubernetes-object-ref-"
TYPE_FIELDS = frozenset({"kind", "apiVersion", "metadata"})
MAX_DEPTH = 30


def read_crds(file: SourceFile) -> Configuration:
    """The field specs that a file of definitions implies.

    Raises:
        RenderError: it is not a mapping of definitions.
    """
    if file.text.lstrip().startswith("{"):
        _require_json(file)
    document = read_first(Excerpt.of_file(file), Dialect.KUBECTL)
    value = document.value if document is not None else None
    definitions = value.to_plain() if value is not None else None
    origin = Origin(Span(file, 0, 0))
    if not isinstance(definitions, dict):
        raise RenderError("a crds file must map type names to OpenAPI definitions", origin)
    reader = _Reader(definitions, origin)
    for name in sorted(definitions):
        if reader.properties(name).keys() >= TYPE_FIELDS:
            reader.collect(name, Gvk(kind=name.rsplit(".", 1)[-1]), (), ())
    return Configuration(reader.fields, tuple(reader.references.items()))


def _require_json(file: SourceFile) -> None:
    """Definitions that begin with a brace are read as JSON, which ends with them."""
    try:
        json.loads(file.text)
    except (ValueError, RecursionError) as problem:
        at = problem.pos if isinstance(problem, json.JSONDecodeError) else 0
        raise RenderError(
            f"a crds file that begins with a brace must be JSON: {problem}", Origin(Span(file, at, at))
        ) from problem


class _Reader:
    def __init__(self, definitions: dict[str, Any], origin: Origin) -> None:
        self.definitions = definitions
        self.origin = origin
        self.fields: dict[str, tuple[FieldSpec, ...]] = {}
        self.references: dict[Gvk, tuple[FieldSpec, ...]] = {}

    def properties(self, name: str) -> dict[str, Any]:
        """The properties of a definition."""
        definition = self.definitions.get(name)
        schema = _part(definition, "Schema") or _part(definition, "schema")
        return _part(schema, "properties")

    def collect(self, name: str, gvk: Gvk, path: tuple[str, ...], above: tuple[str, ...]) -> None:
        """Field specs of a type and of the types its fields refer to."""
        if name in above or len(path) > MAX_DEPTH:
            return
        for key, schema in self.properties(name).items():
            if not isinstance(schema, dict):
                continue
            here = (*path, key)
            for extension, field in (
                (ANNOTATION, "commonAnnotations"),
                (LABEL, "commonLabels"),
                (IDENTITY, "namePrefix"),
            ):
                if isinstance(schema.get(extension), str):
                    self._add(field, FieldSpec("/".join(here), gvk))
            version, kind = schema.get(f"{REFERENCE}api-version"), schema.get(f"{REFERENCE}kind")
            if isinstance(version, str) and isinstance(kind, str):
                name_key = schema.get(f"{REFERENCE}name-key")
                last = name_key if isinstance(name_key, str) else "name"
                target = Gvk("", version, kind)
                spec = FieldSpec("/".join((*here, last)), gvk)
                self.references[target] = merge_specs(self.references.get(target, ()), (spec,), self.origin)
            if isinstance(schema.get("$ref"), str):
                self.collect(schema["$ref"], gvk, here, (*above, name))

    def _add(self, field: str, spec: FieldSpec) -> None:
        self.fields[field] = merge_specs(self.fields.get(field, ()), (spec,), self.origin)


def _part(value: Any, key: str) -> dict[str, Any]:
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}
