"""Building typed values: the constructors that functions and operators share."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from infracheck.source.errors import LimitError
from infracheck.source.values import Mapping, Scalar, Sequence, Unknown, walk
from infracheck.terraform import numbers
from infracheck.terraform.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    Dynamic,
    MapType,
    ObjectType,
    Primitive,
    TupleType,
    type_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infracheck.source.origin import Origin
    from infracheck.source.values import Value
    from infracheck.terraform.types import ListType, SetType, Type

MAX_STRING = 1_000_000
"""The longest string that is computed, in characters. Longer ones end in `LimitError`."""

MAX_ELEMENTS = 100_000
"""The most elements of a collection that is computed. Larger ones end in `LimitError`."""

AnyValue = TypeVar("AnyValue", bound="Value")


class AbsentError(TypeError):
    """A value is null or not known where its text or number is needed."""


def string(text: str, origin: Origin) -> Scalar:
    """A string, NFC-normalised as Terraform keeps all strings.

    Raises:
        LimitError: it is longer than `MAX_STRING`.
    """
    check_length(len(text), origin)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return Scalar(text, origin, type=STRING)


def check_length(length: int, origin: Origin | None = None) -> None:
    """Refuse a string before it is built.

    Raises:
        LimitError: it would be longer than `MAX_STRING`.
    """
    if length > MAX_STRING:
        raise LimitError(f"a string of {length:,} characters; the limit is {MAX_STRING:,}", origin)


def number(value: float | numbers.Number, origin: Origin) -> Scalar:
    """A number; plain integers count as results of counting."""
    if not isinstance(value, numbers.Number):
        value = numbers.counted(value) if isinstance(value, int) else numbers.from_float(value)
    return Scalar(value, origin, type=NUMBER)


def boolean(value: bool, origin: Origin) -> Scalar:  # noqa: FBT001 - the value itself
    """`true` or `false`."""
    return Scalar(value, origin, type=BOOL)


def null(type_: Type, origin: Origin) -> Scalar:
    """A null of a type."""
    return Scalar(None, origin, type=type_)


def tuple_of(items: Iterable[Value], origin: Origin) -> Sequence:
    """A tuple.

    Raises:
        LimitError: it has more than `MAX_ELEMENTS` elements.
    """
    elements = tuple(items)
    _check_size(len(elements), origin)
    return Sequence(elements, origin, type=TupleType(tuple(map(type_of, elements))))


def sequence_of(items: Iterable[Value], type_: ListType | SetType, origin: Origin) -> Sequence:
    """A list of elements that have its element type already, or a set that is already in order.

    Raises:
        LimitError: it has more than `MAX_ELEMENTS` elements.
    """
    elements = tuple(items)
    _check_size(len(elements), origin)
    return Sequence(elements, origin, type=type_)


def object_of(fields: dict[str, Value], origin: Origin, keys: dict[str, Scalar] | None = None) -> Mapping:
    """An object.

    Raises:
        LimitError: it has more than `MAX_ELEMENTS` attributes.
    """
    _check_size(len(fields), origin)
    type_ = ObjectType({name: type_of(value) for name, value in fields.items()})
    return Mapping(fields, origin, keys or {}, type=type_)


def map_of(fields: dict[str, Value], element: Type, origin: Origin, keys: dict[str, Scalar] | None = None) -> Mapping:
    """A map of elements that have its element type already.

    Raises:
        LimitError: it has more than `MAX_ELEMENTS` elements.
    """
    _check_size(len(fields), origin)
    return Mapping(fields, origin, keys or {}, type=MapType(element))


def _check_size(size: int, origin: Origin) -> None:
    if size > MAX_ELEMENTS:
        raise LimitError(f"a collection of {size:,} elements; the limit is {MAX_ELEMENTS:,}", origin)


def unknown(reason: str, origin: Origin, because: Unknown | None = None, type_: Type = DYNAMIC) -> Unknown:
    """A value that cannot be known, sensitive where its cause is."""
    return Unknown(reason, origin, because, type=type_, sensitive=because is not None and because.sensitive)


def typed(value: Value) -> Value:
    """The value with a type on every node, numbers exact: for trees that other readers (JSON, YAML) built."""
    if isinstance(value, Mapping):
        fields = {name: typed(element) for name, element in value.fields.items()}
        kind = value.type or ObjectType({name: type_of(element) for name, element in fields.items()})
        return replace(value, fields=fields, type=kind)
    if isinstance(value, Sequence):
        items = tuple(map(typed, value.items))
        return replace(value, items=items, type=value.type or TupleType(tuple(map(type_of, items))))
    if isinstance(value, Unknown):
        return value if value.type is not None else replace(value, type=DYNAMIC)
    plain = value.value
    if isinstance(plain, str):
        return replace(value, value=unicodedata.normalize("NFC", plain), type=value.type or STRING)
    if plain is None or isinstance(plain, bool):
        return replace(value, type=value.type or (DYNAMIC if plain is None else BOOL))
    return replace(value, value=numbers.of(plain), type=NUMBER)


def is_null(value: Value) -> bool:
    """Whether a value is known to be null."""
    return isinstance(value, Scalar) and value.value is None


def is_dynamic(value: Value) -> bool:
    """Whether not even the type of a value is known; an untyped null counts."""
    return isinstance(type_of(value), Dynamic)


def is_primitive(value: Value) -> bool:
    """Whether a value is a string, number or bool (known, null or unknown)."""
    return isinstance(type_of(value), Primitive)


def marked(value: AnyValue, sensitive: bool) -> AnyValue:  # noqa: FBT001 - reads as "marked, if sensitive"
    """The value, sensitive if it was or if the flag says so."""
    return replace(value, sensitive=True) if sensitive and not value.sensitive else value


def deeply_sensitive(value: Value) -> bool:
    """Whether a value or anything inside it is sensitive."""
    return any(node.sensitive for node in walk(value))


def first_unknown(value: Value) -> Unknown | None:
    """The first unknown in a value, or None where it is wholly known."""
    for node in walk(value):
        if isinstance(node, Unknown):
            return node
    return None


def number_in(value: Value) -> numbers.Number:
    """The number of a known, non-null number value.

    Raises:
        AbsentError: there is none.
    """
    plain = value.value if isinstance(value, Scalar) else None
    if isinstance(plain, numbers.Number):
        return plain
    if plain is None or isinstance(plain, str):
        raise AbsentError("a number is required, and this is null or not known")
    return numbers.of(plain)


def text_in(value: Value) -> str:
    """The text of a known, non-null string value.

    Raises:
        AbsentError: there is none.
    """
    plain = value.value if isinstance(value, Scalar) else None
    if not isinstance(plain, str):
        raise AbsentError("a string is required, and this is null or not known")
    return plain
