"""Finding the one type that several types can all be converted to.

Conditionals, `tolist([...])`, `concat` and others need it. The rules and the order of preference are those of go-cty's
`convert.UnifyUnsafe` (https://github.com/zclconf/go-cty/blob/main/docs/convert.md).
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


def convertible(source: Type, target: Type) -> bool:
    """Whether some value of one type can be converted to another. A value may still fail: "x" is no number."""
    if source == target or isinstance(source, Dynamic) or isinstance(target, Dynamic):
        return True
    match target:
        case Primitive():
            return (source, target) in {(NUMBER, STRING), (BOOL, STRING), (STRING, NUMBER), (STRING, BOOL)}
        case ListType(element) | SetType(element):
            if isinstance(source, ListType | SetType):
                return convertible(source.element, element)
            return isinstance(source, TupleType) and _all_convertible(source.elements, element)
        case MapType(element):
            if isinstance(source, MapType):
                return convertible(source.element, element)
            return isinstance(source, ObjectType) and _all_convertible(tuple(source.attributes.values()), element)
        case TupleType(elements):
            return (
                isinstance(source, TupleType)
                and len(source.elements) == len(elements)
                and all(map(convertible, source.elements, elements))
            )
        case ObjectType(attributes, optional):
            if isinstance(source, MapType):
                return all(convertible(source.element, wanted) for wanted in attributes.values())
            return isinstance(source, ObjectType) and all(
                convertible(source.attributes[name], wanted) if name in source.attributes else name in optional
                for name, wanted in attributes.items()
            )


def _all_convertible(sources: tuple[Type, ...], element: Type) -> bool:
    if element == DYNAMIC:
        return not sources or unify(sources) is not None
    return all(convertible(source, element) for source in sources)


def unify(types: Sequence[Type]) -> Type | None:
    """The preferred type that all of the types convert to, or None where there is none.

    None too for no types at all.
    """
    if not types:
        return None
    kinds = {type(each) for each in types}
    dynamic = Dynamic in kinds
    kinds.discard(Dynamic)
    if len(kinds) == 1:
        kind = kinds.pop()
        if kind in (MapType, ListType, SetType):
            return _unify_collections(kind, types, dynamic=dynamic)
        if kind is ObjectType:
            return DYNAMIC if dynamic else _unify_objects([each for each in types if isinstance(each, ObjectType)])
        if kind is TupleType:
            return DYNAMIC if dynamic else _unify_tuples([each for each in types if isinstance(each, TupleType)])
    elif kinds == {MapType, ObjectType}:
        unified = _unify_with(MapType, ObjectType, types)
        if isinstance(unified, MapType) and all(convertible(each, unified) for each in types):
            return unified
    elif kinds == {ListType, TupleType}:
        unified = _unify_with(ListType, TupleType, types)
        if isinstance(unified, ListType) and all(convertible(each, unified) for each in types):
            return unified
    elif ObjectType in kinds and TupleType in kinds:
        return None
    for wanted in _by_preference(types):
        if all(convertible(each, wanted) for each in types):
            return wanted
    return None


def _unify_collections(kind: type, types: Sequence[Type], *, dynamic: bool) -> Type | None:
    if dynamic:
        return DYNAMIC
    element = unify([each.element for each in types if isinstance(each, MapType | ListType | SetType)])
    if element is None:
        return None
    result: Type = kind(element)
    return result


def _unify_with(collection: type, structure: type, types: Sequence[Type]) -> Type | None:
    """Tuples among lists count as lists if their elements agree, and objects among maps as maps."""
    structures = [each for each in types if isinstance(each, structure)]
    as_collection = (
        _tuples_as_list([each for each in structures if isinstance(each, TupleType)])
        if structure is TupleType
        else _objects_as_map([each for each in structures if isinstance(each, ObjectType)])
    )
    if not isinstance(as_collection, collection):
        return None
    return _unify_replacing(structure, as_collection, types)


def _unify_replacing(structure: type, replacement: Type | None, types: Sequence[Type]) -> Type | None:
    if replacement is None:
        return None
    return unify([replacement if isinstance(each, structure) else each for each in types])


def _unify_objects(types: list[ObjectType]) -> Type | None:
    names = types[0].attributes.keys()
    if any(each.attributes.keys() != names for each in types):
        return _objects_as_map(types)
    attributes: dict[str, Type] = {}
    for name in names:
        unified = unify([each.attributes[name] for each in types])
        if unified is None:
            return None
        attributes[name] = unified
    return ObjectType(attributes)


def _objects_as_map(types: list[ObjectType]) -> Type | None:
    element = unify([of for each in types for _, of in sorted(each.attributes.items())])
    if element is None:
        return None if any(each.attributes for each in types) else MapType(DYNAMIC)
    return MapType(element)


def _unify_tuples(types: list[TupleType]) -> Type | None:
    if len({len(each.elements) for each in types}) != 1:
        return _tuples_as_list(types)
    elements: list[Type] = []
    for position in range(len(types[0].elements)):
        unified = unify([each.elements[position] for each in types])
        if unified is None:
            return None
        elements.append(unified)
    return TupleType(tuple(elements))


def _tuples_as_list(types: list[TupleType]) -> Type | None:
    element = unify([of for each in types for of in each.elements])
    if element is None:
        return None if any(each.elements for each in types) else ListType(DYNAMIC)
    return ListType(element)


def _by_preference(types: Sequence[Type]) -> list[Type]:
    """The types, each after those that are preferred to it, else in the order given."""
    waiting = list(dict.fromkeys(types))
    ordered: list[Type] = []
    while waiting:
        best = next((each for each in waiting if not any(_prefers(other, each) for other in waiting)), waiting[0])
        ordered.append(best)
        waiting.remove(best)
    return ordered


def _prefers(first: Type, second: Type) -> bool:
    """Whether the first type is the better choice: the one that can hold what the other holds."""
    if isinstance(second, Dynamic):
        return not isinstance(first, Dynamic)
    match first, second:
        case Primitive(), Primitive():
            return first == STRING and second != STRING
        case (ListType(a), ListType(b)) | (SetType(a), SetType(b)) | (MapType(a), MapType(b)):
            return _prefers(a, b)
        case (ListType() | TupleType(), SetType()) | (ListType(), TupleType()) | (MapType(), ObjectType()):
            return True
        case _:
            return False
