"""Converting values between types, with Terraform's rules and messages. Origins and sensitivity stay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from infracheck.source.values import Mapping, Scalar, Sequence, Unknown
from infracheck.terraform import numbers
from infracheck.terraform.construct import deeply_sensitive, first_unknown, is_null, number_in
from infracheck.terraform.equality import set_of
from infracheck.terraform.types import (
    BOOL,
    COLLECTIONS,
    DYNAMIC,
    NUMBER,
    STRING,
    Dynamic,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    has_dynamic,
    type_of,
)
from infracheck.terraform.unification import convertible, unify

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infracheck.source.values import Value
    from infracheck.terraform.types import Type


class ConversionError(ValueError):
    """A value does not fit a type. Its text completes "Invalid value: …", as Terraform words it."""


def convert(value: Value, target: Type) -> Value:
    """The value as a value of another type.

    Raises:
        ConversionError: it can't be.
    """
    source = type_of(value)
    if source == target and value.type is not None:
        return value
    if isinstance(target, Dynamic):
        return value if value.type is not None else replace(value, type=source)
    if isinstance(value, Unknown) or is_null(value):
        return _convert_absent(value, source, target)
    if isinstance(target, Primitive):
        return _convert_primitive(value, source, target)
    if not convertible(source, target):
        raise ConversionError(mismatch(source, target))
    if isinstance(value, Sequence):
        return _convert_sequence(value, target)
    if isinstance(value, Mapping):
        return _convert_map(value, target) if isinstance(target, MapType) else _convert_object(value, target)
    raise ConversionError(mismatch(source, target))


def _convert_absent(value: Value, source: Type, target: Type) -> Value:
    if not convertible(source, target):
        raise ConversionError(mismatch(source, target))
    return replace(value, type=without_optional(resolved(source, target)))


def resolved(source: Type, target: Type) -> Type:
    """The target type with its unknown parts filled from the type converted from."""
    if isinstance(target, Dynamic):
        return source
    if isinstance(target, ListType | SetType | MapType) and has_dynamic(target):
        element: Type | None = None
        if isinstance(source, COLLECTIONS):
            element = resolved(source.element, target.element)
        elif isinstance(source, TupleType):
            element = unify([resolved(each, target.element) for each in source.elements])
        elif isinstance(source, ObjectType):
            element = unify([resolved(each, target.element) for each in source.attributes.values()])
        return type(target)(element) if element is not None else target
    return target


def without_optional(type_: Type) -> Type:
    """The type that values have under a constraint: no attribute of a value is optional."""
    match type_:
        case ListType(element) | SetType(element) | MapType(element):
            return type(type_)(without_optional(element))
        case TupleType(elements):
            return TupleType(tuple(map(without_optional, elements)))
        case ObjectType(attributes):
            return ObjectType({name: without_optional(of) for name, of in attributes.items()})
        case _:
            return type_


def _convert_primitive(value: Value, source: Type, target: Type) -> Value:
    if not isinstance(value, Scalar) or not convertible(source, target):
        raise ConversionError(mismatch(source, target))
    if target == STRING:
        if isinstance(value.value, bool):
            return replace(value, value="true" if value.value else "false", type=STRING)
        return replace(value, value=numbers.text_of(number_in(value)), type=STRING)
    text = str(value.value)
    if target == BOOL:
        return replace(value, value=_read_bool(text), type=BOOL)
    try:
        return replace(value, value=numbers.parse(text), type=NUMBER)
    except ValueError as problem:
        raise ConversionError(str(problem)) from None


def _read_bool(text: str) -> bool:
    if text in ("true", "1"):
        return True
    if text in ("false", "0"):
        return False
    lowered = text.lower()
    if lowered in ("true", "false"):
        raise ConversionError(f'a bool is required; to convert from string, use lowercase "{lowered}"')
    raise ConversionError("a bool is required")


def _convert_sequence(value: Sequence, target: Type) -> Value:
    if isinstance(target, TupleType):
        items = [
            _element(f"element {position}", item, wanted)
            for position, (item, wanted) in enumerate(zip(value.items, target.elements, strict=True))
        ]
        return replace(value, items=tuple(items), type=TupleType(tuple(map(type_of, items))))
    if not isinstance(target, ListType | SetType):
        raise ConversionError(mismatch(type_of(value), target))
    items = [_element(f"element {position}", item, target.element) for position, item in enumerate(value.items)]
    element = without_optional(target.element)
    if has_dynamic(element):
        element, items = _same_type(items, _element_hint(value, element))
    if isinstance(target, SetType):
        if any(map(deeply_sensitive, items)):
            # Which element is the sensitive one could be told from its absence: the whole set is.
            return replace(set_of(items, element, value.origin), sensitive=True)
        return replace(set_of(items, element, value.origin), sensitive=value.sensitive)
    return replace(value, items=tuple(items), type=ListType(element))


def _element_hint(value: Sequence | Mapping, element: Type) -> Type:
    source = type_of(value)
    return resolved(source.element, element) if isinstance(source, COLLECTIONS) else element


def _same_type(items: list[Value], empty: Type, *, in_map: bool = False) -> tuple[Type, list[Value]]:
    if not items:
        return empty, items
    types = list(map(type_of, items))
    element = unify(types)
    if element is None:
        raise ConversionError("all elements must have the same type")
    converted = [convert(item, element) for item in items]
    if has_dynamic(element) and not any(first_unknown(item) for item in items):
        if not isinstance(element, Dynamic):
            settled = unify(list(map(type_of, converted))) or DYNAMIC
            converted = [convert(item, settled) for item in converted]
        # Nulls of no type fit in with anything, and settle nothing between the others. Only a map forgives them.
        kinds = {of: None for of in map(type_of, converted) if not (in_map and isinstance(of, Dynamic))}
        if len(kinds) > 1:
            raise ConversionError("all elements must have the same type")
        element = next(iter(kinds), element)
    return element, converted


def _convert_map(value: Mapping, target: MapType) -> Value:
    names = list(value.fields)
    items = [_element(f'element "{name}"', value.fields[name], target.element) for name in names]
    element = without_optional(target.element)
    if has_dynamic(element):
        element, items = _same_type(items, _element_hint(value, element), in_map=True)
    return replace(value, fields=dict(zip(names, items, strict=True)), type=MapType(element))


def _convert_object(value: Mapping, target: Type) -> Value:
    if not isinstance(target, ObjectType):
        raise ConversionError(mismatch(type_of(value), target))
    fields: dict[str, Value] = {}
    for name, wanted in target.attributes.items():
        given = value.fields.get(name)
        if given is not None:
            fields[name] = _element(f'attribute "{name}"', given, wanted)
        elif name in target.optional:
            fields[name] = Scalar(None, value.origin, type=without_optional(wanted))
        else:
            raise ConversionError(f'attribute "{name}" is required')
    keys = {name: key for name, key in value.keys.items() if name in fields}
    type_ = ObjectType({name: type_of(element) for name, element in fields.items()})
    return replace(value, fields=fields, keys=keys, type=type_)


def _element(place: str, value: Value, wanted: Type) -> Value:
    try:
        return convert(value, wanted)
    except ConversionError as problem:
        raise ConversionError(f"{place}: {problem}") from None


def mismatch(source: Type, target: Type) -> str:
    """Why a value of one type can't become another, in Terraform's words."""
    if isinstance(source, ObjectType) and isinstance(target, ObjectType):
        return _object_mismatch(source, target)
    if isinstance(target, COLLECTIONS) and isinstance(source, TupleType | ObjectType):
        kind = str(target).split(" ", 1)[0]
        wrong_kind = isinstance(target, MapType) != isinstance(source, ObjectType)
        if not wrong_kind and target.element == DYNAMIC:
            return f"all {kind} elements must have the same type"
        if not wrong_kind:
            places = (
                [(f"element {position}", of) for position, of in enumerate(source.elements)]
                if isinstance(source, TupleType)
                else [(f'element "{name}"', of) for name, of in sorted(source.attributes.items())]
            )
            for place, of in places:
                if not convertible(of, target.element):
                    return f"{place}: {mismatch(of, target.element)}"
    if isinstance(source, COLLECTIONS) and isinstance(target, COLLECTIONS) and type(source) is type(target):
        return f"incorrect {str(target).split(' ', 1)[0]} element type: {mismatch(source.element, target.element)}"
    return f"{_constraint_name(target)} required"


def _constraint_name(target: Type) -> str:
    if isinstance(target, Dynamic):
        return "any type"
    if isinstance(target, COLLECTIONS) and target.element == DYNAMIC:
        return f"{str(target).split(' ', 1)[0]} of any single type"
    return str(target)


def _object_mismatch(source: ObjectType, target: ObjectType) -> str:
    missing = sorted(target.attributes.keys() - source.attributes.keys() - target.optional)
    if missing:
        return _missing(missing)
    for name, wanted in sorted(target.attributes.items()):
        if name in source.attributes and not convertible(source.attributes[name], wanted):
            return f'attribute "{name}": {mismatch(source.attributes[name], wanted)}'
    return "incorrect object attributes"


def _missing(names: Iterable[str]) -> str:
    quoted = [f'"{name}"' for name in names]
    if len(quoted) == 1:
        return f"attribute {quoted[0]} is required"
    if len(quoted) == 2:
        return f"attributes {quoted[0]} and {quoted[1]} are required"
    return f"attributes {', '.join(quoted[:-1])}, and {quoted[-1]} are required"
