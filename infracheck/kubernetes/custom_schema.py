"""The schemas of custom resources, as their CustomResourceDefinitions declare them.

Source: https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/ (structural
schemas, pruning, defaulting). Types, required fields, enumerations and unknown fields are read; patterns, bounds
and CEL rules are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infracheck.kubernetes.schema import (
    ALWAYS,
    ANYTHING,
    FieldShape,
    Letter,
    ListShape,
    MapShape,
    ScalarShape,
    builtin_schemas,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.schema import ObjectShape, Shape

DEFINITION = "apiextensions.k8s.io/v1"
KEPT = "x-kubernetes-preserve-unknown-fields"
LETTERS = {
    "string": Letter.STRING,
    "integer": Letter.INTEGER,
    "number": Letter.NUMBER,
    "boolean": Letter.BOOLEAN,
}


@dataclass(frozen=True, slots=True)
class CustomObject:
    """An object of a custom resource.

    Attributes:
        fields: its fields by name.
        is_open: whether further fields are kept.
    """

    fields: Mapping[str, FieldShape]
    is_open: bool


_STRINGS = FieldShape(MapShape(ScalarShape(Letter.STRING)))
_METADATA = CustomObject({"labels": _STRINGS, "annotations": _STRINGS}, is_open=True)
ANY_OBJECT = CustomObject({"metadata": FieldShape(_METADATA)}, is_open=True)
"""What is known of any object: its labels and annotations hold strings."""


@dataclass(frozen=True, slots=True)
class CustomVersion:
    """A version of a custom kind.

    Attributes:
        is_served: whether the API server answers for it.
        warning: what it says to whoever uses a deprecated version; None where the version is not deprecated.
    """

    is_served: bool
    warning: str | None


def custom_versions(definitions: Iterable[Manifest]) -> dict[tuple[str, str], dict[str, CustomVersion]]:
    """The versions of each custom kind, by group and kind. Kinds of which a part is unknown are left out."""
    found: dict[tuple[str, str], dict[str, CustomVersion]] = {}
    for definition in definitions:
        spec = definition.field["spec"].value
        if definition.api_version != DEFINITION or spec is None:
            continue
        plain = spec.to_plain()
        group, kind, versions = _at(plain, "group"), _at(plain, "names", "kind"), _at(plain, "versions")
        if not (isinstance(group, str) and isinstance(kind, str) and isinstance(versions, list)):
            continue
        named = {name: _version(one) for one in versions if isinstance(name := _at(one, "name"), str)}
        if len(named) == len(versions):
            found.setdefault((group, kind), named)
    return found


def _version(plain: Any) -> CustomVersion:
    warning = _at(plain, "deprecationWarning")
    is_deprecated = _at(plain, "deprecated") is True
    text = warning if isinstance(warning, str) else ""
    return CustomVersion(_at(plain, "served") is not False, text if is_deprecated else None)


def custom_schemas(definitions: Iterable[Manifest]) -> dict[tuple[str, str], ObjectShape]:
    """The shape of each custom kind by API version and kind; the first definition counts where there are several."""
    found: dict[tuple[str, str], ObjectShape] = {}
    for definition in definitions:
        if definition.api_version == DEFINITION:
            for name, shape in _versions(definition.field["spec"].value):
                found.setdefault(name, shape)
    return found


def _versions(spec: Any) -> Iterator[tuple[tuple[str, str], ObjectShape]]:
    plain = spec.to_plain() if spec is not None else None
    group, kind = _at(plain, "group"), _at(plain, "names", "kind")
    versions = _at(plain, "versions")
    if not (isinstance(group, str) and isinstance(kind, str) and isinstance(versions, list)):
        return
    for version in versions:
        name = _at(version, "name")
        schema = _at(version, "schema", "openAPIV3Schema")
        if isinstance(name, str) and isinstance(schema, dict):
            keeps_all = _at(plain, "preserveUnknownFields") is True
            yield (f"{group}/{name}", kind), _object(schema, keeps_all=keeps_all, is_resource=True)


def _at(plain: Any, *keys: str) -> Any:
    for key in keys:
        plain = plain.get(key) if isinstance(plain, dict) else None
    return plain


def _object(schema: dict[str, Any], *, keeps_all: bool, is_resource: bool = False) -> CustomObject:
    properties = schema.get("properties")
    required = schema.get("required")
    fields = {}
    for name, inner in properties.items() if isinstance(properties, dict) else ():
        has_default = isinstance(inner, dict) and "default" in inner
        demanded = isinstance(required, list) and name in required and not has_default
        fields[name] = FieldShape(_shape(inner, keeps_all=keeps_all), ALWAYS, ALWAYS if demanded else 0)
    if is_resource or schema.get("x-kubernetes-embedded-resource") is True:
        for name in ("apiVersion", "kind"):
            fields[name] = FieldShape(ScalarShape(Letter.STRING))
        fields["metadata"] = FieldShape(builtin_schemas().object_type("meta.v1.ObjectMeta"))
    if is_resource:
        # What a controller writes, the server ignores in what users send.
        fields["status"] = FieldShape(ANYTHING)
    return CustomObject(fields, keeps_all or schema.get(KEPT) is True or schema.get("additionalProperties") is True)


def _shape(schema: Any, *, keeps_all: bool) -> Shape:
    """A part of a schema. What is not known, or not a schema, holds anything."""
    if not isinstance(schema, dict):
        return ANYTHING
    if schema.get("x-kubernetes-int-or-string") is True:
        return ScalarShape(Letter.INT_OR_STRING)
    kind = schema.get("type")
    if kind == "array":
        return ListShape(_shape(schema.get("items"), keeps_all=keeps_all))
    if kind == "object":
        further = schema.get("additionalProperties")
        if isinstance(further, dict) and not schema.get("properties"):
            return MapShape(_shape(further, keeps_all=keeps_all))
        return _object(schema, keeps_all=keeps_all or (isinstance(further, dict)))
    if isinstance(kind, str) and kind in LETTERS:
        values = schema.get("enum")
        texts = tuple(values) if isinstance(values, list) else ()
        return ScalarShape(LETTERS[kind], texts if all(isinstance(one, str) for one in texts) else ())
    return ANYTHING
