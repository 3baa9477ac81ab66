"""Functions that build collections from others."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Final

from infracheck.source.errors import LimitError
from infracheck.source.values import Mapping, Scalar, Sequence, Unknown
from infracheck.terraform import construct
from infracheck.terraform.construct import first_unknown, is_null, marked, text_in
from infracheck.terraform.conversion import convert
from infracheck.terraform.equality import equals, identity, set_of
from infracheck.terraform.functions.collection import TEXTS, fields_of, items_of
from infracheck.terraform.functions.signature import FunctionError, function, whole
from infracheck.terraform.types import (
    DYNAMIC,
    NUMBER,
    Dynamic,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    type_of,
)
from infracheck.terraform.unification import unify

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from infracheck.source.origin import Origin
    from infracheck.source.values import Value
    from infracheck.terraform.types import Type

MAX_PRODUCT: Final = 10_000
"""Elements of a `setproduct`."""

MAX_COMPARISONS: Final = 1_000_000
"""Pairs that `matchkeys` compares."""


def _any_sensitive(values: Iterable[Value]) -> bool:
    return any(value.sensitive for value in values)


@function(rest=DYNAMIC, keeps_marks=True)
def concat(arguments: list[Value], origin: Origin) -> Value:
    """`concat(lists...)`: a list if all are lists that agree on a type, else a tuple."""
    if not arguments:
        raise FunctionError("at least one argument is required")
    items = [item for argument in arguments for item in items_of(argument, sets=False)]
    kinds = [type_of(argument) for argument in arguments]
    common = unify(kinds) if all(isinstance(kind, ListType) for kind in kinds) else None
    if isinstance(common, ListType):
        element = common.element
        result = construct.sequence_of([convert(item, element) for item in items], common, origin)
    else:
        result = construct.tuple_of(items, origin)
    return marked(result, _any_sensitive(arguments))


@function(rest=DYNAMIC, takes_null=True, keeps_marks=True)
def merge(arguments: list[Value], origin: Origin) -> Value:
    """`merge(maps...)`: later ones win; nulls are passed over. Maps of one type give a map, all else an object."""
    fields: dict[str, Value] = {}
    keys: dict[str, Scalar] = {}
    for argument in arguments:
        if not isinstance(type_of(argument), MapType | ObjectType | Dynamic):
            raise FunctionError(f"arguments must be maps or objects, got {type_of(argument)}")
        if is_null(argument):
            continue
        fields |= fields_of(argument)
        if isinstance(argument, Mapping):
            keys |= argument.keys
    fields = dict(sorted(fields.items()))
    types = list(map(type_of, arguments))
    if types and isinstance(types[0], MapType) and all(kind == types[0] for kind in types):
        result = construct.map_of(fields, types[0].element, origin, keys)
    else:
        result = construct.object_of(fields, origin, keys)
    return marked(result, _any_sensitive(arguments))


@function(TEXTS, DYNAMIC, keeps_marks=True)
def zipmap(arguments: list[Value], origin: Origin) -> Value:
    """`zipmap(keys, values)`; the last of equal keys wins."""
    names, found = items_of(arguments[0]), items_of(arguments[1], sets=False)
    if len(names) != len(found):
        raise FunctionError(f"number of keys ({len(names)}) does not match number of values ({len(found)})")
    unknown = first_unknown(arguments[0])
    if unknown is not None:
        return construct.unknown("a key is not known", origin, unknown)
    if any(map(is_null, names)):
        raise FunctionError("keys cannot be null")
    by_name = dict(zip(map(text_in, names), found, strict=True))
    fields = {name: by_name[name] for name in sorted(by_name)}
    sensitive = _any_sensitive((*arguments, *names))
    kind = type_of(arguments[1])
    if isinstance(kind, ListType):
        return marked(construct.map_of(fields, kind.element, origin), sensitive)
    return marked(construct.object_of(fields, origin), sensitive)


@function(ListType(DYNAMIC), looks_inside=True)
def distinct(arguments: list[Value], origin: Origin) -> Value:
    """`distinct(list)`: first occurrences."""
    found: dict[object, Value] = {}
    for item in items_of(arguments[0]):
        found.setdefault(identity(item), item)
    return construct.sequence_of(found.values(), _list_type(arguments[0]), origin)


def _list_type(value: Value) -> ListType:
    kind = type_of(value)
    return kind if isinstance(kind, ListType) else ListType(DYNAMIC)


@function(DYNAMIC, keeps_marks=True)
def flatten(arguments: list[Value], origin: Origin) -> Value:
    """`flatten(lists of lists)`, all levels."""
    found: list[Value] = []
    sensitive = arguments[0].sensitive
    waiting = list(reversed(items_of(arguments[0])))
    while waiting:
        item = waiting.pop()
        if isinstance(item, Unknown) and isinstance(type_of(item), Dynamic | ListType | SetType | TupleType):
            reason = "an element that may be a list is not known"
            return marked(construct.unknown(reason, origin, item), sensitive)
        if isinstance(item, Sequence):
            sensitive = sensitive or item.sensitive
            waiting.extend(reversed(item.items))
        else:
            found.append(item)
        if len(found) > construct.MAX_ELEMENTS:
            raise LimitError(f"a collection of more than {construct.MAX_ELEMENTS:,} elements", origin)
    return marked(construct.tuple_of(found, origin), sensitive)


@function(TEXTS, returns=TEXTS, looks_inside=True)
def compact(arguments: list[Value], origin: Origin) -> Value:
    """`compact(list)`: without empty strings and nulls."""
    kept = [item for item in items_of(arguments[0]) if not is_null(item) and text_in(item)]
    return construct.sequence_of(kept, TEXTS, origin)


@function(DYNAMIC, keeps_marks=True)
def reverse(arguments: list[Value], origin: Origin) -> Value:
    """`reverse(list)`."""
    items = list(reversed(items_of(arguments[0])))
    kind = type_of(arguments[0])
    if isinstance(kind, ListType | SetType):
        result = construct.sequence_of(items, ListType(kind.element), origin)
    else:
        result = construct.tuple_of(items, origin)
    return marked(result, arguments[0].sensitive)


@function(DYNAMIC, NUMBER, NUMBER, name="slice", keeps_marks=True)
def slice_(arguments: list[Value], origin: Origin) -> Value:
    """`slice(list, start, end)`."""
    items = items_of(arguments[0], sets=False)
    start, end = map(whole, arguments[1:])
    if not 0 <= start <= end <= len(items):
        raise FunctionError("start and end index must lie in the list, start first")
    part = list(items[start:end])
    kind = type_of(arguments[0])
    if isinstance(kind, ListType):
        result = construct.sequence_of(part, kind, origin)
    else:
        result = construct.tuple_of(part, origin)
    return marked(result, _any_sensitive(arguments))


@function(TEXTS, returns=TEXTS, looks_inside=True)
def sort(arguments: list[Value], origin: Origin) -> Value:
    """`sort(list of strings)`."""
    items = items_of(arguments[0])
    if any(map(is_null, items)):
        raise FunctionError("given list element is null; a null string cannot be sorted")
    return construct.sequence_of(sorted(items, key=text_in), TEXTS, origin)


def _set_function(
    name: str, keep: Callable[[list[dict[object, Value]]], list[Value]], *, rest: bool, looks_inside: bool
) -> None:
    def run(arguments: list[Value], origin: Origin) -> Value:
        typed = [kind.element for kind in map(type_of, arguments) if isinstance(kind, SetType)]
        types = [
            element
            for element, argument in zip(typed, arguments, strict=True)
            if not (element == DYNAMIC and not items_of(argument))
        ]
        common = unify(types) if types else DYNAMIC
        if common is None:
            raise FunctionError("given sets must all have compatible element types")
        sets = [convert(argument, SetType(common)) for argument in arguments]
        if len(set(map(type_of, sets))) > 1:
            # Where the type in common is open, sets keep their own, and Terraform compares none but sets of one type.
            raise FunctionError("given sets must all have compatible element types")
        groups = [{identity(item, signed_zero=True): item for item in items_of(each)} for each in sets]
        kind = type_of(sets[0])
        return set_of(keep(groups), kind.element if isinstance(kind, SetType) else common, origin)

    parameters = (SetType(DYNAMIC),) if rest else (SetType(DYNAMIC), SetType(DYNAMIC))
    function(*parameters, rest=SetType(DYNAMIC) if rest else None, looks_inside=looks_inside, name=name)(run)


_set_function(
    "setunion", lambda groups: [item for group in groups for item in group.values()], rest=True, looks_inside=False
)
_set_function(
    "setintersection",
    lambda groups: [item for key, item in groups[0].items() if all(key in group for group in groups[1:])],
    rest=True,
    looks_inside=True,
)
_set_function(
    "setsubtract",
    lambda groups: [item for key, item in groups[0].items() if key not in groups[1]],
    rest=False,
    looks_inside=True,
)


@function(rest=DYNAMIC, keeps_marks=True)
def setproduct(arguments: list[Value], origin: Origin) -> Value:
    """`setproduct(sets...)`: every combination, as a list of tuples, or as a set of them if any is a set."""
    if len(arguments) < 2:
        raise FunctionError("at least two arguments are required")
    groups = [_alike(argument) for argument in arguments]
    size = 1
    for _, items in groups:
        size *= len(items)
    if size > MAX_PRODUCT:
        raise LimitError(f"`setproduct()` of {size:,} elements; the limit is {MAX_PRODUCT:,}", origin)
    rows: list[Value] = [construct.tuple_of(row, origin) for row in product(*(items for _, items in groups))]
    types = set(map(type_of, rows)) or {TupleType(tuple(element for element, _ in groups))}
    if len(types) > 1:
        raise FunctionError("the combinations differ in type")
    (row_type,) = types
    if any(isinstance(type_of(argument), SetType) for argument in arguments):
        result = set_of(rows, row_type, origin)
    else:
        result = construct.sequence_of(rows, ListType(row_type), origin)
    return marked(result, _any_sensitive(arguments))


def _alike(argument: Value) -> tuple[Type, list[Value]]:
    """The elements of a list, set or tuple in one type."""
    items = items_of(argument)
    kind = type_of(argument)
    if isinstance(kind, ListType | SetType):
        return kind.element, list(items)
    element = unify([type_of(item) for item in items]) if items else DYNAMIC
    if element is None:
        raise FunctionError("all elements must be of the same type")
    return element, [convert(item, element) for item in items]


@function(ListType(DYNAMIC), NUMBER, keeps_marks=True)
def chunklist(arguments: list[Value], origin: Origin) -> Value:
    """`chunklist(list, size)`; a size of zero gives one chunk."""
    items, size = items_of(arguments[0]), whole(arguments[1])
    if size < 0:
        raise FunctionError("the size argument must be positive")
    kind = _list_type(arguments[0])
    step = size or max(len(items), 1)
    rows = [construct.sequence_of(items[at : at + step], kind, origin) for at in range(0, len(items), step)]
    return marked(construct.sequence_of(rows, ListType(kind), origin), _any_sensitive(arguments))


@function(MapType(TEXTS), returns=MapType(TEXTS), looks_inside=True)
def transpose(arguments: list[Value], origin: Origin) -> Value:
    """`transpose(map of lists)`."""
    found: dict[str, list[Value]] = {}
    for name, group in sorted(fields_of(arguments[0]).items()):
        for item in items_of(group):
            if is_null(item):
                raise FunctionError("input must not contain null strings")
            found.setdefault(text_in(item), []).append(construct.string(name, item.origin))
    fields = {name: construct.sequence_of(found[name], TEXTS, origin) for name in sorted(found)}
    return construct.map_of(dict(fields), TEXTS, origin)


@function(ListType(DYNAMIC), ListType(DYNAMIC), ListType(DYNAMIC), looks_inside=True)
def matchkeys(arguments: list[Value], origin: Origin) -> Value:
    """`matchkeys(values, keys, wanted)`."""
    common = unify([type_of(arguments[1]), type_of(arguments[2])])
    if common is None:
        raise FunctionError("keys and searchset must be of the same type")
    found = items_of(arguments[0])
    names, wanted = (items_of(convert(argument, common)) for argument in arguments[1:])
    if len(found) != len(names):
        raise FunctionError("length of keys and values should be equal")
    if len(names) * len(wanted) > MAX_COMPARISONS:
        raise LimitError("`matchkeys()` of so many elements is not worked out", origin)
    kept = [value for value, name in zip(found, names, strict=True) if any(equals(name, one) for one in wanted)]
    return construct.sequence_of(kept, _list_type(arguments[0]), origin)
