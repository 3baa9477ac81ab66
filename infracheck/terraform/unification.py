"""Which types convert to which, and the one type that several types can all be converted to.

Conditionals, `tolist([...])`, `concat` and others need it. The rules and the order of preference are those of go-cty's
`convert.UnifyUnsafe` (https://github.com/zclconf/go-cty/blob/main/docs/convert.md). A safe conversion succeeds whatever
the value; an unsafe one, which is what the language nearly always means, may fail for some: "x" is no number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.terraform.types import (
    BOOL,
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
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infracheck.terraform.types import Type

SAFE = frozenset({(NUMBER, STRING), (BOOL, STRING)})
UNSAFE = SAFE | {(STRING, NUMBER), (STRING, BOOL)}
"""The conversions between primitive types, from and to."""


def convertible(source: Type, target: Type, *, safe: bool = False) -> bool:
    """Whether some value of one type can be converted to another; with `safe`, whether every one can."""
    if source == target or isinstance(target, Dynamic):
        return True
    if isinstance(source, Dynamic):
        return not safe
    match target:
        case Primitive():
            return (source, target) in (SAFE if safe else UNSAFE)
        case ListType(element) | SetType(element):
            if isinstance(source, ListType | SetType):
                loses_order = isinstance(source, ListType) and isinstance(target, SetType)
                return not (safe and loses_order) and convertible(source.element, element, safe=safe)
            return isinstance(source, TupleType) and _elements_convertible(source.elements, element, safe=safe)
        case MapType(element):
            if isinstance(source, MapType):
                return convertible(source.element, element, safe=safe)
            return isinstance(source, ObjectType) and _attributes_convertible(source, element, safe=safe)
        case TupleType(elements):
            return (
                isinstance(source, TupleType)
                and len(source.elements) == len(elements)
                and all(convertible(a, b, safe=safe) for a, b in zip(source.elements, elements, strict=True))
            )
        case ObjectType():
            return _convertible_to_object(source, target, safe=safe)


def _elements_convertible(sources: tuple[Type, ...], element: Type, *, safe: bool) -> bool:
    if isinstance(element, Dynamic) and sources:
        unified = unify(sources, safe=safe)
        if unified is None or (isinstance(unified, Dynamic) and set(sources) != {DYNAMIC}):
            return False
        element = unified
    return all(convertible(source, element, safe=safe) for source in sources)


def _attributes_convertible(source: ObjectType, element: Type, *, safe: bool) -> bool:
    sources = attribute_types(source)
    if isinstance(element, Dynamic) and sources:
        unified = unify(sources, safe=safe)
        if unified is None:
            return False
        element = unified
    return all(convertible(each, element, safe=safe) for each in sources)


def _convertible_to_object(source: Type, target: ObjectType, *, safe: bool) -> bool:
    if isinstance(source, MapType):
        return not safe and all(
            name in target.optional or convertible(source.element, wanted) for name, wanted in target.attributes.items()
        )
    return isinstance(source, ObjectType) and all(
        convertible(source.attributes[name], wanted, safe=safe)
        if name in source.attributes
        else name in target.optional
        for name, wanted in target.attributes.items()
    )


def attribute_types(of: ObjectType) -> tuple[Type, ...]:
    """The types of an object's attributes, in the order of their names."""
    return tuple(kind for _, kind in sorted(of.attributes.items()))


def unify(types: Sequence[Type], *, safe: bool = False) -> Type | None:
    """The preferred type that all of the types convert to, or None where there is none.

    None too for no types at all.
    """
    if not types:
        return None
    kinds = {type(each) for each in types}
    dynamic = Dynamic in kinds
    kinds.discard(Dynamic)
    if len(kinds) == 1:
        (kind,) = kinds
        if kind is not Primitive:
            # What is still open may yet turn out to be of another kind: so is the result.
            return DYNAMIC if dynamic else _unify_kind(kind, types, safe=safe)
    elif kinds in ({MapType, ObjectType}, {ListType, TupleType}):
        unified = _unify_mixed(types, safe=safe)
        if unified is not None:
            return unified
    elif ObjectType in kinds and TupleType in kinds:
        return None
    for wanted in _by_preference(types):
        if all(convertible(each, wanted, safe=safe) for each in types):
            return wanted
    return None


def _unify_kind(kind: type, types: Sequence[Type], *, safe: bool) -> Type | None:
    if kind is ObjectType:
        return _unify_objects([each for each in types if isinstance(each, ObjectType)], safe=safe)
    if kind is TupleType:
        return _unify_tuples([each for each in types if isinstance(each, TupleType)], safe=safe)
    element = unify([each.element for each in types if isinstance(each, MapType | ListType | SetType)], safe=safe)
    return None if element is None else _if_all_convert(types, kind(element), safe=safe)


def _if_all_convert(types: Sequence[Type], wanted: Type, *, safe: bool) -> Type | None:
    return wanted if all(convertible(each, wanted, safe=safe) for each in types) else None


def _unify_mixed(types: Sequence[Type], *, safe: bool) -> Type | None:
    """Tuples among lists count as the list that they alone make, and objects among maps as their map."""
    structures = [each for each in types if isinstance(each, ObjectType | TupleType)]
    collection = as_collection(structures, safe=safe)
    if collection is None:
        return None
    replaced: list[Type] = [collection if isinstance(each, ObjectType | TupleType) else each for each in types]
    unified = unify(replaced, safe=safe)
    return unified if type(unified) is type(collection) else None


def as_collection(types: Sequence[ObjectType | TupleType], *, safe: bool = False) -> ListType | MapType | None:
    """The list that tuples, or the map that objects, can all be converted to; None where there is none."""
    elements: list[Type] = []
    for each in types:
        elements.extend(attribute_types(each) if isinstance(each, ObjectType) else each.elements)
    element = unify(elements, safe=safe)
    if element is None:
        return None
    collection = MapType(element) if isinstance(types[0], ObjectType) else ListType(element)
    return collection if all(convertible(each, collection, safe=safe) for each in types) else None


def _unify_objects(types: list[ObjectType], *, safe: bool) -> Type | None:
    names = types[0].attributes.keys()
    if any(each.attributes.keys() != names for each in types):
        return as_collection(types, safe=safe)
    attributes: dict[str, Type] = {}
    for name in names:
        unified = unify([each.attributes[name] for each in types], safe=safe)
        if unified is None:
            return None
        attributes[name] = unified
    return _if_all_convert(types, ObjectType(attributes), safe=safe) or as_collection(types, safe=safe)


def _unify_tuples(types: list[TupleType], *, safe: bool) -> Type | None:
    if len({len(each.elements) for each in types}) != 1:
        return as_collection(types, safe=safe)
    elements: list[Type] = []
    for position in range(len(types[0].elements)):
        unified = unify([each.elements[position] for each in types], safe=safe)
        if unified is None:
            return None
        elements.append(unified)
    return _if_all_convert(types, TupleType(tuple(elements)), safe=safe) or as_collection(types, safe=safe)


def _by_preference(types: Sequence[Type]) -> list[Type]:
    """The types, each after those that are preferred to it: first those that none is preferred to, in their order."""
    distinct = list(dict.fromkeys(types))
    preferred_to = {each: [other for other in distinct if _preference(each, other) < 0] for each in distinct}
    waiting_for = {each: sum(each in lesser for lesser in preferred_to.values()) for each in distinct}
    ordered = [each for each in distinct if not waiting_for[each]]
    for each in ordered:  # which grows on the way
        for lesser in preferred_to[each]:
            waiting_for[lesser] -= 1
            if not waiting_for[lesser]:
                ordered.append(lesser)
    return ordered


def _preference(first: Type, second: Type) -> int:
    """Negative where the first type is the better choice, the one that can hold what the other holds; 0 for neither."""
    if isinstance(first, Dynamic) or isinstance(second, Dynamic):
        return isinstance(first, Dynamic) - isinstance(second, Dynamic)
    match first, second:
        case Primitive(), Primitive():
            return (second == STRING) - (first == STRING)
        case (ListType(a), ListType(b)) | (SetType(a), SetType(b)) | (MapType(a), MapType(b)):
            return _preference(a, b)
        case (ListType() | TupleType(), SetType()) | (ListType(), TupleType()) | (MapType(), ObjectType()):
            return -1
        case (SetType(), ListType() | TupleType()) | (TupleType(), ListType()) | (ObjectType(), MapType()):
            return 1
        case TupleType(a), TupleType(b) if len(a) == len(b):
            return _agreed(list(map(_preference, a, b)))
        case ObjectType(a), ObjectType(b) if a.keys() == b.keys():
            return _agreed([_preference(a[name], b[name]) for name in a])
        case _:
            return 0


def _agreed(preferences: list[int]) -> int:
    """What the parts of two types agree on: 0 where some prefer the one, and some the other."""
    return max(preferences, default=0) + min(preferences, default=0)
