"""Strict reading of kustomization files, as Go's JSON decoder does it with unknown fields disallowed."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from infracheck.kustomize.nodes import is_null, scalar_text, string
from infracheck.source.errors import LimitError, RenderError
from infracheck.source.values import Mapping, Scalar, Sequence, Value

if TYPE_CHECKING:
    from collections.abc import Iterator
    from collections.abc import Mapping as Fields


@dataclass(frozen=True)
class Kind:
    """A plain kind of value."""

    name: str


STRING, BOOLEAN, INTEGER, ANYTHING = Kind("string"), Kind("boolean"), Kind("integer"), Kind("anything")
CONVERTED = Kind("text")
"""A string for which a number or a boolean passes."""


@dataclass(frozen=True)
class ListOf:
    """A list whose elements have one shape."""

    element: Shape


@dataclass(frozen=True)
class MapOf:
    """A mapping with any keys whose values have one shape."""

    element: Shape


@dataclass(frozen=True)
class Struct:
    """A mapping with known fields; their case is ignored, others are errors."""

    fields: Fields[str, Shape]


Shape: TypeAlias = "Kind | ListOf | MapOf | Struct"


def sequence_of(element: Shape) -> ListOf:
    """A list whose elements have one shape."""
    return ListOf(element)


def conform(value: Value, shape: Shape, where: str, *, lenient: bool = False) -> Value:
    """A value with the field names of its shape; nulls are left out, as they leave Go's fields at zero.

    Args:
        value: what was read.
        shape: what it must be.
        where: the name of the field, for messages.
        lenient: whether unknown fields are ignored, and numbers and booleans pass for texts, as in the configuration
            of plugins.

    Raises:
        RenderError: a field is unknown or of the wrong type.
    """
    if isinstance(shape, Kind):
        return _plain(value, shape, where, lenient=lenient)
    if isinstance(shape, ListOf):
        if not isinstance(value, Sequence):
            raise _mismatch(value, "a list", where)
        items = tuple(
            item if is_null(item) else conform(item, shape.element, where, lenient=lenient) for item in value.items
        )
        return Sequence(items, value.origin)
    if not isinstance(value, Mapping):
        raise _mismatch(value, "a mapping", where)
    if isinstance(shape, MapOf):
        fields = {
            key: string("", item.origin) if is_null(item) else conform(item, shape.element, key, lenient=lenient)
            for key, item in value.fields.items()
            # A null is Go's zero value: the key stays, with an empty text.
            if shape.element is STRING or not is_null(item)
        }
        return Mapping(fields, value.origin, value.keys)
    return _struct(value, shape, where, lenient=lenient)


def _struct(value: Mapping, shape: Struct, where: str, *, lenient: bool) -> Mapping:
    fields: dict[str, Value] = {}
    keys: dict[str, Scalar] = {}
    # Go's decoder sees the keys sorted, so of two that differ in case alone the later one is read over the earlier.
    for key in sorted(value.fields):
        name = _field_name(key, shape)
        if name is None:
            if lenient:
                continue
            raise _unknown(key, value, shape, where)
        item = value.fields[key]
        if not is_null(item):
            conform(item, shape.fields[name], name, lenient=lenient)
        over = _read_over(fields.get(name), item, shape.fields[name])
        if over is None:
            fields.pop(name, None)
            continue
        fields[name] = over
        if key in value.keys:
            keys[name] = value.keys[key]
    conformed = {name: conform(item, shape.fields[name], name, lenient=lenient) for name, item in fields.items()}
    return Mapping(conformed, value.origin, keys)


def _field_name(key: str, shape: Struct) -> str | None:
    if key in shape.fields:
        return key
    folded = key.casefold()
    return next((name for name in shape.fields if name.casefold() == folded), None)


def _read_over(old: Value | None, new: Value, shape: Shape) -> Value | None:
    """What a field holds after Go has read a second value into it: mappings and lists are not emptied first."""
    if is_null(new):
        return old if isinstance(shape, Kind) and shape is not ANYTHING else None
    if isinstance(old, Mapping) and isinstance(new, Mapping) and isinstance(shape, MapOf):
        return Mapping({**old.fields, **new.fields}, new.origin, {**old.keys, **new.keys})
    if isinstance(old, Mapping) and isinstance(new, Mapping) and isinstance(shape, Struct):
        return _fields_read_over(old, new, shape)
    if isinstance(old, Sequence) and isinstance(new, Sequence) and isinstance(shape, ListOf):
        return Sequence(tuple(_elements_read_over(old, new, shape.element)), new.origin)
    return new


def _fields_read_over(old: Mapping, new: Mapping, shape: Struct) -> Mapping:
    fields: dict[str, Value] = {}
    keys: dict[str, Scalar] = {}
    for source in (old, new):
        for key in sorted(source.fields):
            name = _field_name(key, shape) or key
            item = source.fields[key]
            over = _read_over(fields.get(name), item, shape.fields[name]) if name in shape.fields else item
            fields.pop(name, None)
            if over is not None:
                fields[name] = over
            if key in source.keys:
                keys[name] = source.keys[key]
    return Mapping(fields, new.origin, keys)


def _elements_read_over(old: Sequence, new: Sequence, shape: Shape) -> Iterator[Value]:
    for index, item in enumerate(new.items):
        if index >= len(old.items):
            yield item
        elif is_null(item):
            yield old.items[index]
        else:
            yield _read_over(old.items[index], item, shape) or item


def _unknown(key: str, value: Mapping, shape: Struct, where: str) -> RenderError:
    near = difflib.get_close_matches(key, shape.fields, 1)
    hint = f"; did you mean `{near[0]}`?" if near else ""
    return RenderError(f"unknown field `{key}` in {where}{hint}", value.key_origin(key))


def _plain(value: Value, shape: Kind, where: str, *, lenient: bool) -> Value:
    if shape is ANYTHING:
        return value
    content = value.value if isinstance(value, Scalar) else None
    if (
        (shape is CONVERTED or (lenient and shape is STRING))
        and isinstance(value, Scalar)
        and isinstance(content, bool | int | float)
    ):
        text = scalar_text(content)
        return Scalar(text, value.origin, text, '"')
    fits = {
        STRING: isinstance(content, str),
        CONVERTED: isinstance(content, str),
        BOOLEAN: isinstance(content, bool),
        INTEGER: isinstance(content, int) and not isinstance(content, bool),
    }[shape]
    if not fits:
        raise _mismatch(value, f"a {shape.name}" if shape is not INTEGER else "an integer", where)
    if isinstance(content, str) and len(content) > 1_000_000:
        raise LimitError(f"`{where}` is longer than 1,000,000 characters", value.origin)
    return value


def _mismatch(value: Value, wanted: str, where: str) -> RenderError:
    if isinstance(value, Scalar):
        shown = f"`{value.text}` is {_described(value)}"
        hint = "; put it in quotes" if wanted == "a string" else ""
    else:
        shown, hint = ("a list" if isinstance(value, Sequence) else "a mapping") + " stands there", ""
    return RenderError(f"`{where}` must be {wanted}, but {shown}{hint}", value.origin)


def _described(value: Scalar) -> str:
    names = {bool: "a boolean in YAML 1.1", int: "a number", float: "a number", str: "text"}
    return names.get(type(value.value), "null")
