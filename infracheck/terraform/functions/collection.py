"""Functions that look into collections. Elements keep their own origins: `merge` gives the very values it was given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.source.values import Mapping, Scalar, Sequence, Unknown
from infracheck.terraform import construct
from infracheck.terraform.construct import first_unknown, is_null, marked, text_in
from infracheck.terraform.conversion import ConversionError, convert
from infracheck.terraform.equality import equals
from infracheck.terraform.functions.graphemes import clusters
from infracheck.terraform.functions.signature import FunctionError, function, whole
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
    type_of,
)
from infracheck.terraform.unification import unify

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

TEXTS = ListType(STRING)


def items_of(value: Value, *, sets: bool = True) -> tuple[Value, ...]:
    """The elements of a list, tuple or set.

    Raises:
        FunctionError: it is none of these.
    """
    if not isinstance(value, Sequence) or (not sets and isinstance(value.type, SetType)):
        raise FunctionError(f"argument must be a list{', set,' if sets else ''} or tuple")
    return value.items


def fields_of(value: Value) -> dict[str, Value]:
    """The elements of a map or object.

    Raises:
        FunctionError: it is neither.
    """
    if isinstance(value, Mapping):
        return value.fields
    raise FunctionError("argument must be a map or object")


@function(DYNAMIC, returns=NUMBER, takes_unknown=True, keeps_marks=True)
def length(arguments: list[Value], origin: Origin) -> Value:
    """`length(collection or string)`; how many elements there are can be known although they are not."""
    value = arguments[0]
    kind = type_of(value)
    if isinstance(value, Unknown) and isinstance(kind, TupleType | ObjectType):
        parts = kind.elements if isinstance(kind, TupleType) else kind.attributes
        return marked(construct.number(len(parts), origin), value.sensitive)
    open_set = isinstance(kind, SetType) and isinstance(value, Sequence) and not value.is_wholly_known
    if isinstance(value, Unknown) or (open_set and isinstance(value, Sequence) and len(value.items) > 1):
        if not isinstance(kind, Dynamic | ListType | SetType | MapType) and kind != STRING:
            raise FunctionError("argument must be a string, a collection type, or a structural type")
        return construct.unknown("how many elements there are is not known", origin, first_unknown(value), NUMBER)
    if isinstance(value, Sequence):
        count = len(value.items)
    elif isinstance(value, Mapping):
        count = len(value.fields)
    elif isinstance(value.value, str):
        count = len(clusters(value.value)) if value.value else 0
    else:
        raise FunctionError("argument must be a string, a collection type, or a structural type")
    return marked(construct.number(count, origin), value.sensitive)


@function(DYNAMIC, NUMBER, keeps_marks=True)
def element(arguments: list[Value], origin: Origin) -> Value:
    """`element(list, index)`; the index wraps around."""
    del origin
    items, at = items_of(arguments[0], sets=False), whole(arguments[1])
    if not items:
        raise FunctionError("cannot use element function with an empty list")
    if at < 0 and at % len(items) and isinstance(type_of(arguments[0]), TupleType):
        # Lists count from their end; tuples stumble over Go's remainder, which is negative.
        raise FunctionError("cannot use element function with a negative index")
    return marked(items[at % len(items)], arguments[0].sensitive or arguments[1].sensitive)


@function(DYNAMIC, STRING, DYNAMIC, optional=1, takes_null=True, takes_unknown=True, keeps_marks=True)
def lookup(arguments: list[Value], origin: Origin) -> Value:
    """`lookup(map, key, default)`."""
    mapping, key = arguments[0], arguments[1]
    default = arguments[2] if len(arguments) == 3 else None
    kind = type_of(mapping)
    sensitive = mapping.sensitive or key.sensitive
    if not isinstance(kind, MapType | ObjectType | Dynamic):
        raise FunctionError("lookup() requires a map as the first argument")
    if default is not None and isinstance(kind, MapType):
        default = convert(default, kind.element)
    if isinstance(mapping, Unknown) or isinstance(key, Unknown):
        unknown = mapping if isinstance(mapping, Unknown) else key if isinstance(key, Unknown) else None
        element_type = kind.element if isinstance(kind, MapType) else DYNAMIC
        reason = f"the {'map' if unknown is mapping else 'key'} of `lookup()` is not known"
        return marked(construct.unknown(reason, origin, unknown, element_type), sensitive)
    found = fields_of(mapping).get(text_in(key))
    if found is None:
        found = default
    if found is None:
        raise FunctionError(f'the given object has no attribute "{text_in(key)}"')
    return marked(found, sensitive)


@function(DYNAMIC, keeps_marks=True)
def keys(arguments: list[Value], origin: Origin) -> Value:
    """`keys(map)`, sorted."""
    mapping = arguments[0]
    fields = fields_of(mapping)
    found: list[Value] = [
        construct.string(name, mapping.key_origin(name) if isinstance(mapping, Mapping) else origin)
        for name in sorted(fields)
    ]
    if isinstance(type_of(mapping), ObjectType):
        return marked(construct.tuple_of(found, origin), mapping.sensitive)
    return marked(construct.sequence_of(found, TEXTS, origin), mapping.sensitive)


@function(DYNAMIC, keeps_marks=True)
def values(arguments: list[Value], origin: Origin) -> Value:
    """`values(map)`, in the order of the sorted keys."""
    mapping = arguments[0]
    fields = fields_of(mapping)
    found = [fields[name] for name in sorted(fields)]
    kind = type_of(mapping)
    if isinstance(kind, MapType):
        return marked(construct.sequence_of(found, ListType(kind.element), origin), mapping.sensitive)
    return marked(construct.tuple_of(found, origin), mapping.sensitive)


@function(DYNAMIC, DYNAMIC, returns=BOOL, takes_unknown=True)
def contains(arguments: list[Value], origin: Origin) -> Value:
    """`contains(list, value)`; one that is equal decides, whatever else is not known."""
    if isinstance(arguments[0], Unknown):
        return construct.unknown("the list is not known", origin, arguments[0], BOOL)
    verdicts = [equals(item, arguments[1]) for item in items_of(arguments[0])]
    if True in verdicts:
        return construct.boolean(True, origin)
    if None in verdicts:
        cause = first_unknown(arguments[1]) or first_unknown(arguments[0])
        return construct.unknown("an element is not known", origin, cause, BOOL)
    return construct.boolean(False, origin)


@function(rest=DYNAMIC, takes_null=True, takes_unknown=True)
def coalesce(arguments: list[Value], origin: Origin) -> Value:
    """`coalesce(values...)`: the first that is neither null nor an empty string, in the type of them all."""
    common = unify([type_of(argument) for argument in arguments])
    if common is None:
        raise FunctionError("all arguments must have the same type")
    for argument in arguments:
        if isinstance(argument, Unknown):
            return construct.unknown("whether it is null is not known", origin, argument, common)
        try:
            converted = convert(argument, common)
        except ConversionError:
            # Terraform takes what does not fit the common type for null.
            continue
        if is_null(converted) or (isinstance(converted, Scalar) and converted.value == ""):
            continue
        return converted
    raise FunctionError("no non-null, non-empty-string arguments")


@function(rest=DYNAMIC, takes_null=True, takes_unknown=True)
def coalescelist(arguments: list[Value], origin: Origin) -> Value:
    """`coalescelist(lists...)`: the first that is not empty."""
    for argument in arguments:
        kind = type_of(argument)
        if not isinstance(kind, ListType | TupleType | Dynamic):
            raise FunctionError("coalescelist arguments must be lists or tuples")
        if isinstance(kind, Dynamic) and is_null(argument):
            raise FunctionError("coalescelist arguments must be lists or tuples")
    for argument in arguments:
        if isinstance(argument, Unknown):
            return construct.unknown("whether the list is empty is not known", origin, argument)
        if not is_null(argument) and items_of(argument):
            return argument
    raise FunctionError("no non-null arguments")


@function(DYNAMIC, DYNAMIC, returns=NUMBER)
def index(arguments: list[Value], origin: Origin) -> Value:
    """`index(list, value)`: the first that is equal."""
    for position, item in enumerate(items_of(arguments[0], sets=False)):
        verdict = equals(item, arguments[1])
        if verdict is None:
            cause = first_unknown(item) or first_unknown(arguments[1])
            return construct.unknown("an element is not known", origin, cause, NUMBER)
        if verdict:
            return construct.number(position, origin)
    raise FunctionError("item not found")


@function(DYNAMIC, keeps_marks=True)
def one(arguments: list[Value], origin: Origin) -> Value:
    """`one(list of at most one element)`."""
    items = items_of(arguments[0])
    if len(items) > 1:
        raise FunctionError("must be a list, set, or tuple value with either zero or one elements")
    kind = type_of(arguments[0])
    empty = kind.element if isinstance(kind, ListType | SetType) else DYNAMIC
    return marked(items[0] if items else construct.null(empty, origin), arguments[0].sensitive)


@function(ListType(BOOL), returns=BOOL)
def alltrue(arguments: list[Value], origin: Origin) -> Value:
    """`alltrue(list)`: whether no element is false or null. One that is decides, whatever else is not known."""
    return _quantified(items_of(arguments[0]), origin, every=True)


@function(ListType(BOOL), returns=BOOL)
def anytrue(arguments: list[Value], origin: Origin) -> Value:
    """`anytrue(list)`: whether some element is true. One that is decides, whatever else is not known."""
    return _quantified(items_of(arguments[0]), origin, every=False)


def _quantified(items: tuple[Value, ...], origin: Origin, *, every: bool) -> Value:
    unknown: Unknown | None = None
    for item in items:
        if isinstance(item, Unknown):
            unknown = unknown or item
        elif (isinstance(item, Scalar) and item.value is True) is not every:
            return construct.boolean(not every, origin)
    if unknown is not None:
        return construct.unknown("an element is not known", origin, unknown, BOOL)
    return construct.boolean(every, origin)
