"""Converting values between types, with Terraform's rules and messages. Origins and sensitivity stay."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from infracheck.source.values import Mapping, Scalar, Sequence, Unknown
from infracheck.terraform import numbers
from infracheck.terraform.construct import deeply_sensitive, is_null, number_in
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
    type_of,
)
from infracheck.terraform.unification import as_collection, attribute_types, convertible, unify

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
    if isinstance(target, Dynamic) or source == target:
        return value if value.type is not None else replace(value, type=source)
    if not convertible(source, target):
        raise ConversionError(mismatch(source, target))
    return _converted(value, source, target)


def convert_branch(chosen: Value, other: Type, common: Type) -> Value:
    """The result of a conditional in the common type of both branches, `other` being the type of the one not chosen.

    A tuple that shares its type with a list counted as a list for that, and an object beside a map as a map. What is
    converted is still the tuple, by the way that leads from that list: where its elements differ in type, some are not
    what that way is made for.

    Raises:
        ConversionError: it can't be.
    """
    source = type_of(chosen)
    if isinstance(source, TupleType | ObjectType) and isinstance(other, ListType | MapType) and common != source:
        collection = as_collection([source])
        if collection not in (None, common) and type(collection) is type(unify([collection, other])) is type(common):
            convert(chosen, collection)
            return _converted(chosen, collection, common)
    return convert(chosen, common)


def _converted(value: Value, source: Type, target: Type) -> Value:
    """The value by the conversion that leads from one type to another, which is mostly, not always, its own type."""
    if source == target and value.type is not None:
        return value
    if isinstance(target, Dynamic):
        return value if value.type is not None else replace(value, type=source)
    if isinstance(value, Unknown) or is_null(value):
        return replace(value, type=resolved(type_of(value), without_optional(target)))
    if isinstance(source, Dynamic):
        return convert(value, target)
    if isinstance(target, Primitive):
        if type_of(value) != source:  # Not what the way is made for; Terraform stumbles here.
            raise ConversionError(mismatch(type_of(value), target))
        return _convert_primitive(value, target)
    if isinstance(value, Sequence):
        return _convert_sequence(value, source, target)
    if isinstance(value, Mapping):
        return (
            _convert_map(value, source, target)
            if isinstance(target, MapType)
            else _convert_object(value, source, target)
        )
    raise ConversionError(mismatch(type_of(value), target))


def resolved(source: Type, target: Type) -> Type:
    """The target type with its unknown parts filled from the type converted from."""
    if isinstance(source, Dynamic) or isinstance(target, Primitive):
        return target
    match target:
        case Dynamic():
            return source
        case ListType(element) | SetType(element) | MapType(element):
            within = source.element if isinstance(source, COLLECTIONS) else unify(_part_types(source))
            return type(target)(element if within is None else resolved(within, element))
        case TupleType(elements):
            pairs = zip(_part_types(source), elements, strict=True)
            return TupleType(tuple(resolved(of, element) for of, element in pairs))
        case ObjectType(attributes, optional):
            return ObjectType(
                {name: resolved(_attribute_type(source, name), of) for name, of in attributes.items()}, optional
            )


def _part_types(source: Type) -> tuple[Type, ...]:
    if isinstance(source, TupleType):
        return source.elements
    return attribute_types(source) if isinstance(source, ObjectType) else ()


def _attribute_type(source: Type, name: str) -> Type:
    if isinstance(source, MapType):
        return source.element
    return source.attributes.get(name, DYNAMIC) if isinstance(source, ObjectType) else DYNAMIC


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


def _convert_primitive(value: Value, target: Type) -> Value:
    if not isinstance(value, Scalar):
        raise ConversionError(mismatch(type_of(value), target))
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


def _convert_sequence(value: Sequence, source: Type, target: Type) -> Value:
    sources = _element_types(value, source)
    if isinstance(target, TupleType):
        items = [
            _element(f"element {position}", *given)
            for position, given in enumerate(zip(value.items, sources, target.elements, strict=True))
        ]
        return replace(value, items=tuple(items), type=TupleType(tuple(map(type_of, items))))
    if not isinstance(target, ListType | SetType):
        raise ConversionError(mismatch(type_of(value), target))
    wanted = target.element
    if isinstance(source, TupleType) and isinstance(wanted, Dynamic) and sources:
        wanted = unify(sources) or wanted
    items = [
        _element(f"element {position}", item, of, wanted)
        for position, (item, of) in enumerate(zip(value.items, sources, strict=True))
    ]
    if isinstance(source, TupleType) and isinstance(target, ListType):
        items = _alike(items)
    element, items = collected(items, _empty_element(source, target.element))
    if isinstance(target, ListType):
        return replace(value, items=tuple(items), type=ListType(element))
    # Which element is the sensitive one could be told from its absence: the whole set is.
    sensitive = value.sensitive or any(map(deeply_sensitive, items))
    return replace(set_of(items, element, value.origin), sensitive=sensitive)


def _element_types(value: Sequence, source: Type) -> list[Type]:
    if isinstance(source, TupleType):
        return list(source.elements)
    return [source.element if isinstance(source, COLLECTIONS) else DYNAMIC] * len(value.items)


def _empty_element(source: Type, wanted: Type) -> Type:
    """The element type of an empty collection."""
    return (
        source.element if isinstance(wanted, Dynamic) and isinstance(source, COLLECTIONS) else without_optional(wanted)
    )


def _alike(items: list[Value], *, safe: bool = False) -> list[Value]:
    """Elements that were converted one by one, in the one type that the results have in common."""
    types = list(map(type_of, items))
    if not items or len(set(types)) == 1:
        return items
    common = unify(types, safe=safe)
    if common is None or not all(convertible(of, common, safe=safe) for of in types):
        raise ConversionError("cannot find a common base type for all elements")
    return [_converted(item, of, common) for item, of in zip(items, types, strict=True)]


def collected(items: list[Value], empty: Type) -> tuple[Type, list[Value]]:
    """The element type of a collection of these elements, and the elements in it.

    Nulls and unknowns of no type take that of the others; what has one must have the same.

    Args:
        items: the elements.
        empty: the element type where there are none.

    Raises:
        ConversionError: they differ in type.
    """
    types = dict.fromkeys(map(type_of, items))
    if len(types) > 1:
        types.pop(DYNAMIC, None)
    if len(types) > 1:
        raise ConversionError("all elements must have the same type")
    element = next(iter(types), empty)
    return element, [item if type_of(item) == element else replace(item, type=element) for item in items]


def _convert_map(value: Mapping, source: Type, target: MapType) -> Value:
    wanted = target.element
    if isinstance(source, ObjectType) and isinstance(wanted, Dynamic):
        wanted = unify(attribute_types(source)) or wanted
    names = list(value.fields)
    items = [_element(f'element "{name}"', value.fields[name], _attribute_type(source, name), wanted) for name in names]
    if isinstance(wanted, ListType | SetType | MapType | ObjectType):
        items = _alike(items, safe=isinstance(source, MapType))
    element, items = collected(items, _empty_element(source, target.element))
    return replace(value, fields=dict(zip(names, items, strict=True)), type=MapType(element))


def _convert_object(value: Mapping, source: Type, target: Type) -> Value:
    if not isinstance(target, ObjectType):
        raise ConversionError(mismatch(type_of(value), target))
    fields: dict[str, Value] = {}
    for name, wanted in target.attributes.items():
        given = value.fields.get(name)
        of = _attribute_type(source, name)
        if given is not None:
            if isinstance(source, MapType) and not convertible(of, wanted):
                raise ConversionError(
                    f'map element type is incompatible with attribute "{name}": {mismatch(of, wanted)}'
                )
            fields[name] = _element(f'attribute "{name}"', given, of, wanted)
        elif name in target.optional:
            fields[name] = Scalar(None, value.origin, type=without_optional(wanted))
        else:
            raise ConversionError(f'attribute "{name}" is required')
    keys = {name: key for name, key in value.keys.items() if name in fields}
    type_ = ObjectType({name: type_of(element) for name, element in fields.items()})
    return replace(value, fields=fields, keys=keys, type=type_)


def _element(place: str, value: Value, source: Type, wanted: Type) -> Value:
    try:
        return _converted(value, source, wanted)
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
