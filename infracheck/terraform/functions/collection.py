"""Functions of collections. Elements keep their own origins: `merge` gives the very values it was given."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING

from infracheck.source.values import Mapping, Scalar, Sequence, Unknown
from infracheck.terraform import construct, numbers
from infracheck.terraform.construct import first_unknown, is_null, number_in, text_in
from infracheck.terraform.conversion import convert
from infracheck.terraform.equality import equals, set_of
from infracheck.terraform.functions.graphemes import width
from infracheck.terraform.functions.number import whole
from infracheck.terraform.functions.signature import FunctionError, function
from infracheck.terraform.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    Dynamic,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    has_dynamic,
    type_of,
)
from infracheck.terraform.unification import unify

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value
    from infracheck.terraform.types import Type

TEXTS = ListType(STRING)
MAX_RANGE = 1024
"""Elements of a `range`, as in Terraform."""
MAX_PRODUCT = 10_000
"""Elements of a `setproduct`."""


def _items(value: Value) -> tuple[Value, ...]:
    if isinstance(value, Sequence):
        return value.items
    raise FunctionError("argument must be a list, tuple, or set")


def _fields(value: Value) -> dict[str, Value]:
    if isinstance(value, Mapping):
        return value.fields
    raise FunctionError("argument must be a map or object")


def _list(items: list[Value], origin: Origin) -> Value:
    """A list if the elements agree on a type, else a tuple."""
    common = unify([type_of(item) for item in items]) if items else DYNAMIC
    if common is None:
        return construct.tuple_of(items, origin)
    return construct.sequence_of([convert(item, common) for item in items], ListType(common), origin)


@function(DYNAMIC, returns=NUMBER)
def length(arguments: list[Value], origin: Origin) -> Value:
    """`length(collection or string)`."""
    value = arguments[0]
    if isinstance(value, Sequence):
        return construct.number(numbers.of(len(value.items)), origin)
    if isinstance(value, Mapping):
        return construct.number(numbers.of(len(value.fields)), origin)
    if isinstance(value, Scalar) and isinstance(value.value, str):
        return construct.number(numbers.of(width(value.value)), origin)
    raise FunctionError("argument must be a string, a collection type, or a structural type")


@function(DYNAMIC, NUMBER)
def element(arguments: list[Value], origin: Origin) -> Value:
    """`element(list, index)`; the index wraps around."""
    del origin
    items, at = _items(arguments[0]), whole(arguments[1])
    kind = type_of(arguments[0])
    if isinstance(kind, SetType):
        raise FunctionError(f"cannot read elements from {kind}")
    if not items:
        raise FunctionError("cannot use element function with an empty list")
    # Terraform takes the remainder as Go does, and counts from the end of a list but not of a tuple.
    if at < 0 and at % len(items) and isinstance(kind, TupleType):
        raise FunctionError("cannot use element function with a negative index")
    return items[at % len(items)]


@function(rest=DYNAMIC)
def concat(arguments: list[Value], origin: Origin) -> Value:
    """`concat(lists...)`."""
    if not arguments:
        raise FunctionError("at least one argument is required")
    if any(isinstance(type_of(argument), SetType) for argument in arguments):
        raise FunctionError("all arguments must be lists or tuples; got set")
    items = [item for argument in arguments for item in _items(argument)]
    if all(isinstance(type_of(argument), ListType) for argument in arguments):
        return _list(items, origin)
    return construct.tuple_of(items, origin)


@function(rest=DYNAMIC, takes_null=True)
def merge(arguments: list[Value], origin: Origin) -> Value:
    """`merge(maps...)`: later ones win; nulls are passed over."""
    fields: dict[str, Value] = {}
    keys: dict[str, Scalar] = {}
    given = [argument for argument in arguments if not is_null(argument)]
    for argument in given:
        fields |= _fields(argument)
        if isinstance(argument, Mapping):
            keys |= argument.keys
    fields = dict(sorted(fields.items()))
    types = {type_of(argument) for argument in arguments}
    kind = types.pop() if len(types) == 1 else None
    if isinstance(kind, MapType):
        return construct.map_of(fields, kind.element, origin, keys)
    return construct.object_of(fields, origin, keys)


@function(DYNAMIC, STRING, DYNAMIC, optional=1, takes_null=True)
def lookup(arguments: list[Value], origin: Origin) -> Value:
    """`lookup(map, key, default)`."""
    del origin
    if is_null(arguments[0]) or is_null(arguments[1]):
        raise FunctionError("argument must not be null")
    found = _fields(arguments[0]).get(text_in(arguments[1]))
    if found is not None:
        return found
    if len(arguments) == 3:
        kind = type_of(arguments[0])
        return convert(arguments[2], kind.element) if isinstance(kind, MapType) else arguments[2]
    raise FunctionError(f'the given object has no attribute "{text_in(arguments[1])}"')


@function(DYNAMIC)
def keys(arguments: list[Value], origin: Origin) -> Value:
    """`keys(map)`, sorted."""
    mapping = arguments[0]
    fields = _fields(mapping)
    found: list[Value] = [
        construct.string(name, mapping.key_origin(name) if isinstance(mapping, Mapping) else origin)
        for name in sorted(fields)
    ]
    if isinstance(type_of(mapping), ObjectType):
        return construct.tuple_of(found, origin)
    return construct.sequence_of(found, TEXTS, origin)


@function(DYNAMIC)
def values(arguments: list[Value], origin: Origin) -> Value:
    """`values(map)`, in the order of the sorted keys."""
    fields = _fields(arguments[0])
    found = [fields[name] for name in sorted(fields)]
    kind = type_of(arguments[0])
    if isinstance(kind, MapType):
        return construct.sequence_of(found, ListType(kind.element), origin)
    return construct.tuple_of(found, origin)


@function(DYNAMIC, DYNAMIC, returns=BOOL, takes_unknown=True)
def contains(arguments: list[Value], origin: Origin) -> Value:
    """`contains(list, value)`; one that is equal decides, whatever else is not known."""
    if isinstance(arguments[0], Unknown):
        return construct.unknown("the list is not known", origin, arguments[0], BOOL)
    verdicts = [equals(item, arguments[1]) for item in _items(arguments[0])]
    if True in verdicts:
        return construct.boolean(True, origin)
    if None in verdicts:
        cause = first_unknown(arguments[1]) or first_unknown(arguments[0])
        return construct.unknown("an element is not known", origin, cause, BOOL)
    return construct.boolean(False, origin)


@function(ListType(DYNAMIC), looks_inside=True)
def distinct(arguments: list[Value], origin: Origin) -> Value:
    """`distinct(list)`: first occurrences."""
    found: list[Value] = []
    for item in _items(arguments[0]):
        if not any(equals(item, other) for other in found):
            found.append(item)
    return construct.sequence_of(found, _list_type(arguments[0]), origin)


def _list_type(value: Value) -> ListType:
    kind = type_of(value)
    return kind if isinstance(kind, ListType) else ListType(DYNAMIC)


@function(DYNAMIC)
def flatten(arguments: list[Value], origin: Origin) -> Value:
    """`flatten(lists of lists)`, all levels."""
    found: list[Value] = []
    waiting = list(reversed(_items(arguments[0])))
    while waiting:
        item = waiting.pop()
        if isinstance(item, Unknown):
            return construct.unknown("an element that may be a list is not known", origin, item)
        if isinstance(item, Sequence):
            waiting.extend(reversed(item.items))
        else:
            found.append(item)
    return construct.tuple_of(found, origin)


@function(TEXTS, returns=TEXTS)
def compact(arguments: list[Value], origin: Origin) -> Value:
    """`compact(list)`: without empty strings and nulls."""
    unknown = first_unknown(arguments[0])
    if unknown is not None:
        return construct.unknown("an element is not known", origin, unknown, TEXTS)
    kept = [item for item in _items(arguments[0]) if not is_null(item) and text_in(item)]
    return construct.sequence_of(kept, TEXTS, origin)


@function(rest=DYNAMIC, takes_null=True, takes_unknown=True)
def coalesce(arguments: list[Value], origin: Origin) -> Value:
    """`coalesce(values...)`: the first that is neither null nor an empty string."""
    common = unify([type_of(argument) for argument in arguments])
    if common is None:
        raise FunctionError("all arguments must have the same type")
    for argument in arguments:
        if isinstance(argument, Unknown):
            return construct.unknown("whether it is null is not known", origin, argument, common)
        if not is_null(argument) and not (isinstance(argument, Scalar) and argument.value == ""):
            return convert(argument, common)
    raise FunctionError("no non-null, non-empty-string arguments")


@function(rest=DYNAMIC)
def coalescelist(arguments: list[Value], origin: Origin) -> Value:
    """`coalescelist(lists...)`: the first that is not empty."""
    del origin
    for argument in arguments:
        if not isinstance(type_of(argument), ListType | TupleType | Dynamic):
            raise FunctionError("coalescelist arguments must be lists or tuples")
    for argument in arguments:
        if _items(argument):
            return argument
    raise FunctionError("no non-null arguments")


def _conversion(name: str, target: Type) -> None:
    def run(arguments: list[Value], origin: Origin) -> Value:
        del origin
        return convert(arguments[0], target)

    function(DYNAMIC, returns=target, takes_null=True, takes_unknown=True, name=name)(run)


for _name, _target in (
    ("tostring", STRING),
    ("tonumber", NUMBER),
    ("tobool", BOOL),
    ("tolist", ListType(DYNAMIC)),
    ("toset", SetType(DYNAMIC)),
    ("tomap", MapType(DYNAMIC)),
):
    _conversion(_name, _target)


@function(TEXTS, DYNAMIC, looks_inside=False)
def zipmap(arguments: list[Value], origin: Origin) -> Value:
    """`zipmap(keys, values)`."""
    names, found = _items(arguments[0]), _items(arguments[1])
    if isinstance(type_of(arguments[1]), SetType):
        raise FunctionError("values argument must be a list or tuple value")
    if len(names) != len(found):
        raise FunctionError(f"number of keys ({len(names)}) does not match number of values ({len(found)})")
    unknown = first_unknown(arguments[0])
    if unknown is not None:
        return construct.unknown("a key is not known", origin, unknown)
    pairs = dict(zip(map(text_in, names), found, strict=True))
    fields = {name: pairs[name] for name in sorted(pairs)}
    kind = type_of(arguments[1])
    if isinstance(kind, ListType):
        return construct.map_of(fields, kind.element, origin)
    return construct.object_of(fields, origin)


@function(rest=NUMBER, returns=ListType(NUMBER), name="range")
def range_(arguments: list[Value], origin: Origin) -> Value:
    """`range(end)`, `range(start, end)`, `range(start, end, step)`."""
    given = [number_in(argument) for argument in arguments]
    if not 1 <= len(given) <= 3:
        raise FunctionError("must have one, two, or three arguments")
    start, end = (numbers.of(0), given[0]) if len(given) == 1 else (given[0], given[1])
    rising = numbers.compare(start, end) <= 0
    step = given[2] if len(given) == 3 else numbers.of(1 if rising else -1)
    if numbers.compare(start, end) == 0:
        return construct.sequence_of([], ListType(NUMBER), origin)
    if numbers.compare(step, numbers.of(0)) == 0:
        raise FunctionError("step must not be zero")
    if (numbers.compare(step, numbers.of(0)) > 0) is not rising:
        raise FunctionError(f"end must be {'greater' if rising else 'less'} than start when step is of this sign")
    up = numbers.compare(step, numbers.of(0)) > 0
    found: list[Value] = []
    at = start
    while numbers.compare(at, end) < 0 if up else numbers.compare(at, end) > 0:
        if len(found) >= MAX_RANGE:
            raise FunctionError(f"more than {MAX_RANGE} values were generated; either decrease the difference")
        found.append(construct.number(at, origin))
        at = numbers.add(at, step)
    return construct.sequence_of(found, ListType(NUMBER), origin)


@function(DYNAMIC)
def reverse(arguments: list[Value], origin: Origin) -> Value:
    """`reverse(list)`."""
    items = list(reversed(_items(arguments[0])))
    kind = type_of(arguments[0])
    return construct.tuple_of(items, origin) if isinstance(kind, TupleType) else _list(items, origin)


@function(DYNAMIC, NUMBER, NUMBER, name="slice")
def slice_(arguments: list[Value], origin: Origin) -> Value:
    """`slice(list, start, end)`."""
    items = _items(arguments[0])
    if isinstance(type_of(arguments[0]), SetType):
        raise FunctionError("cannot slice a set, because its elements do not have indices")
    start, end = map(whole, arguments[1:])
    if not 0 <= start <= end <= len(items):
        raise FunctionError("start and end index must lie in the list, start first")
    part = list(items[start:end])
    kind = type_of(arguments[0])
    if isinstance(kind, ListType):
        return construct.sequence_of(part, kind, origin)
    return construct.tuple_of(part, origin)


@function(TEXTS, returns=TEXTS, looks_inside=True)
def sort(arguments: list[Value], origin: Origin) -> Value:
    """`sort(list of strings)`."""
    items = _items(arguments[0])
    if any(map(is_null, items)):
        raise FunctionError("given list element is null; a null string cannot be sorted")
    return construct.sequence_of(sorted(items, key=text_in), TEXTS, origin)


@function(DYNAMIC, DYNAMIC, returns=NUMBER, looks_inside=True)
def index(arguments: list[Value], origin: Origin) -> Value:
    """`index(list, value)`."""
    for position, item in enumerate(_items(arguments[0])):
        if equals(item, arguments[1]):
            return construct.number(numbers.of(position), origin)
    raise FunctionError("item not found")


@function(DYNAMIC, takes_null=True)
def one(arguments: list[Value], origin: Origin) -> Value:
    """`one(list of at most one element)`."""
    if is_null(arguments[0]):
        raise FunctionError("argument must not be null")
    items = _items(arguments[0])
    if len(items) > 1:
        raise FunctionError("must be a list, set, or tuple value with either zero or one elements")
    return items[0] if items else construct.null(DYNAMIC, origin)


@function(ListType(NUMBER), returns=NUMBER, looks_inside=True, name="sum")
def total(arguments: list[Value], origin: Origin) -> Value:
    """`sum(numbers)`."""
    items = _items(arguments[0])
    if not items:
        raise FunctionError("cannot sum an empty list")
    if any(map(is_null, items)):
        raise FunctionError("argument must be list, set, or tuple of number values")
    result = number_in(items[0])
    for item in items[1:]:
        result = numbers.add(result, number_in(item))
    return construct.number(result, origin)


def _quantifier(name: str, *, every: bool) -> None:
    def run(arguments: list[Value], origin: Origin) -> Value:
        unknown: Unknown | None = None
        for item in _items(arguments[0]):
            if isinstance(item, Unknown):
                unknown = unknown or item
            elif (isinstance(item, Scalar) and item.value is True) is not every:
                return construct.boolean(not every, origin)
        if unknown is not None:
            return construct.unknown("an element is not known", origin, unknown, BOOL)
        return construct.boolean(every, origin)

    function(ListType(BOOL), returns=BOOL, name=name)(run)


_quantifier("alltrue", every=True)
_quantifier("anytrue", every=False)


def _sets(arguments: list[Value]) -> tuple[Type, list[tuple[Value, ...]]]:
    # An empty set of nothing in particular can become any set.
    types = {
        type_of(argument): None for argument in arguments if _items(argument) or not has_dynamic(type_of(argument))
    }
    common = unify(list(types)) if types else SetType(DYNAMIC)
    if not isinstance(common, SetType) or (has_dynamic(common) and len(types) > 1):
        raise FunctionError("given sets must all have compatible element types")
    return common.element, [_items(convert(argument, common)) for argument in arguments]


def _set_function(name: str, keep: object) -> None:
    def run(arguments: list[Value], origin: Origin) -> Value:
        kind, groups = _sets(arguments)
        first, rest = groups[0], groups[1:]
        if keep == "any":
            found = [item for group in groups for item in group]
        elif keep == "all":
            found = [item for item in first if all(any(equals(item, one) for one in group) for group in rest)]
        else:
            found = [item for item in first if not any(equals(item, one) for group in rest for one in group)]
        return set_of(found, kind, origin)

    any_number = None if keep == "none" else SetType(DYNAMIC)
    fixed = (SetType(DYNAMIC),) if any_number else (SetType(DYNAMIC), SetType(DYNAMIC))
    function(*fixed, rest=any_number, looks_inside=True, name=name)(run)


_set_function("setunion", "any")
_set_function("setintersection", "all")
_set_function("setsubtract", "none")


@function(rest=DYNAMIC)
def setproduct(arguments: list[Value], origin: Origin) -> Value:
    """`setproduct(sets...)`: every combination, as a list of tuples."""
    if len(arguments) < 2:
        raise FunctionError("at least two arguments are required")
    kinds = [_element_type(argument) for argument in arguments]
    groups = [[convert(item, kind) for item in _items(one)] for one, kind in zip(arguments, kinds, strict=True)]
    of = TupleType(tuple(kinds))
    size = 1
    for group in groups:
        size *= len(group)
    if size > MAX_PRODUCT:
        return construct.unknown(f"`setproduct()` of {size:,} elements is not worked out", origin)
    rows: list[Value] = [replace(construct.tuple_of(row, origin), type=of) for row in product(*groups)]
    if any(isinstance(type_of(argument), SetType) for argument in arguments):
        return set_of(rows, of, origin)
    return construct.sequence_of(rows, ListType(of), origin)


def _element_type(value: Value) -> Type:
    """The one type of the elements of a list, set, or tuple of like elements."""
    kind = type_of(value)
    if isinstance(kind, ListType | SetType):
        return kind.element
    if not isinstance(kind, TupleType):
        raise FunctionError("argument must be a list or set, or a tuple of elements of one type")
    found = unify(kind.elements) if kind.elements else DYNAMIC
    if found is None:
        raise FunctionError("all elements must be of the same type")
    return found


@function(ListType(DYNAMIC), NUMBER)
def chunklist(arguments: list[Value], origin: Origin) -> Value:
    """`chunklist(list, size)`."""
    items, size = _items(arguments[0]), whole(arguments[1])
    if size < 0:
        raise FunctionError("the size argument must be positive")
    size = size or max(len(items), 1)
    kind = _list_type(arguments[0])
    rows = [construct.sequence_of(items[at : at + size], kind, origin) for at in range(0, len(items), size)]
    return construct.sequence_of(rows, ListType(kind), origin)


@function(MapType(TEXTS), returns=MapType(TEXTS), looks_inside=True)
def transpose(arguments: list[Value], origin: Origin) -> Value:
    """`transpose(map of lists)`."""
    found: dict[str, list[Value]] = {}
    for name, group in sorted(_fields(arguments[0]).items()):
        for item in _items(group):
            found.setdefault(text_in(item), []).append(construct.string(name, item.origin))
    fields = {name: construct.sequence_of(found[name], TEXTS, origin) for name in sorted(found)}
    return construct.map_of(dict(fields), TEXTS, origin)


@function(ListType(DYNAMIC), ListType(DYNAMIC), ListType(DYNAMIC), looks_inside=True)
def matchkeys(arguments: list[Value], origin: Origin) -> Value:
    """`matchkeys(values, keys, wanted)`."""
    common = unify([type_of(arguments[1]), type_of(arguments[2])])
    if common is None:
        raise FunctionError("keys and searchset must be of the same type")
    found, names, wanted = (_items(arguments[0]), *(_items(convert(one, common)) for one in arguments[1:]))
    if len(found) != len(names):
        raise FunctionError("length of keys and values should be equal")
    kept = [value for value, name in zip(found, names, strict=True) if any(equals(name, one) for one in wanted)]
    return construct.sequence_of(kept, _list_type(arguments[0]), origin)


@function(DYNAMIC, takes_null=True, takes_unknown=True)
def sensitive(arguments: list[Value], origin: Origin) -> Value:
    """`sensitive(value)`."""
    del origin
    return replace(arguments[0], sensitive=True)


@function(DYNAMIC, takes_null=True, takes_unknown=True)
def nonsensitive(arguments: list[Value], origin: Origin) -> Value:
    """`nonsensitive(value)`."""
    del origin
    return replace(arguments[0], sensitive=False)


@function(DYNAMIC, takes_null=True, takes_unknown=True)
def ephemeralasnull(arguments: list[Value], origin: Origin) -> Value:
    """`ephemeralasnull(value)`: nothing in files is ephemeral but what a variable declares so, which is unknown."""
    del origin
    return arguments[0]


@function(DYNAMIC, returns=BOOL, takes_null=True, takes_unknown=True)
def issensitive(arguments: list[Value], origin: Origin) -> Value:
    """`issensitive(value)`."""
    if isinstance(arguments[0], Unknown) and not arguments[0].sensitive:
        return construct.unknown("whether it is sensitive is not known", origin, arguments[0], BOOL)
    return construct.boolean(arguments[0].sensitive, origin)
