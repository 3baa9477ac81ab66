"""Terraform's types. A value of the tree carries one in its `type`; where it has none, `type_of` infers it.

Lists, sets and maps hold elements of one type; tuples and objects have a type for every element. `DYNAMIC` is the type
of what could still be anything: an untyped null, an unknown of which nothing is known.
See https://developer.hashicorp.com/terraform/language/expressions/types.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from infracheck.source.values import Mapping, Sequence, Unknown

if TYPE_CHECKING:
    from infracheck.source.values import Value


@dataclass(frozen=True, slots=True)
class Primitive:
    """`string`, `number` or `bool`."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True)
class Dynamic:
    """The type of a value whose type is not known."""

    def __str__(self) -> str:
        return "dynamic"


@dataclass(frozen=True, slots=True)
class ListType:
    """`list(element)`."""

    element: Type

    def __str__(self) -> str:
        return f"list of {self.element}"


@dataclass(frozen=True, slots=True)
class SetType:
    """`set(element)`."""

    element: Type

    def __str__(self) -> str:
        return f"set of {self.element}"


@dataclass(frozen=True, slots=True)
class MapType:
    """`map(element)`."""

    element: Type

    def __str__(self) -> str:
        return f"map of {self.element}"


@dataclass(frozen=True, slots=True)
class ObjectType:
    """`object({name = type, …})`.

    Attributes:
        attributes: the type of each attribute.
        optional: names that may be missing; only type constraints have them.
    """

    attributes: dict[str, Type]
    optional: frozenset[str] = field(default=frozenset())

    def __str__(self) -> str:
        return "object"

    def __hash__(self) -> int:
        return hash((frozenset(self.attributes), self.optional))


@dataclass(frozen=True, slots=True)
class TupleType:
    """`tuple([type, …])`."""

    elements: tuple[Type, ...]

    def __str__(self) -> str:
        return "tuple"


Type: TypeAlias = Primitive | Dynamic | ListType | SetType | MapType | ObjectType | TupleType

STRING = Primitive("string")
NUMBER = Primitive("number")
BOOL = Primitive("bool")
DYNAMIC = Dynamic()
EMPTY_TUPLE = TupleType(())
EMPTY_OBJECT = ObjectType({})

COLLECTIONS = (ListType, SetType, MapType)
"""The types whose elements share one type."""

SEQUENCES = (ListType, SetType, TupleType)
"""The types whose values are a `Sequence`."""


def type_of(value: Value) -> Type:
    """The type of a value: the one it carries, else the one its shape says."""
    if value.type is not None:
        known: Type = value.type
        return known
    if isinstance(value, Mapping):
        return ObjectType({name: type_of(element) for name, element in value.fields.items()})
    if isinstance(value, Sequence):
        return TupleType(tuple(type_of(element) for element in value.items))
    if isinstance(value, Unknown) or value.value is None:
        return DYNAMIC
    if isinstance(value.value, str):
        return STRING
    return BOOL if isinstance(value.value, bool) else NUMBER


def has_dynamic(type_: Type) -> bool:
    """Whether some part of a type is still unknown."""
    match type_:
        case Dynamic():
            return True
        case ListType(element) | SetType(element) | MapType(element):
            return has_dynamic(element)
        case ObjectType(attributes):
            return any(map(has_dynamic, attributes.values()))
        case TupleType(elements):
            return any(map(has_dynamic, elements))
        case Primitive():
            return False


def constraint_text(type_: Type) -> str:
    """A type as one would write it: `map(list(string))`, with `any` for what is not known."""
    match type_:
        case Primitive(name):
            return name
        case Dynamic():
            return "any"
        case ListType(element):
            return f"list({constraint_text(element)})"
        case SetType(element):
            return f"set({constraint_text(element)})"
        case MapType(element):
            return f"map({constraint_text(element)})"
        case TupleType(elements):
            return f"tuple([{', '.join(map(constraint_text, elements))}])"
        case ObjectType(attributes, optional):
            inner = ", ".join(
                f"{name} = optional({constraint_text(of)})" if name in optional else f"{name} = {constraint_text(of)}"
                for name, of in attributes.items()
            )
            return f"object({{{inner}}})"


def console_text(type_: Type, indent: int = 0) -> str:
    """A type as `terraform console` prints it for `type(…)`."""
    pad, inner = " " * indent, " " * (indent + 4)
    match type_:
        case Primitive() | Dynamic():
            return str(type_)
        case ListType(element) | SetType(element) | MapType(element):
            kind = str(type_).split(" ", 1)[0]
            if isinstance(element, Primitive | Dynamic | ListType | SetType | MapType):
                return f"{kind}({console_text(element, indent)})"
            return f"{kind}(\n{inner}{console_text(element, indent + 4)},\n{pad})"
        case TupleType(elements):
            if not elements:
                return "tuple([])"
            lines = "".join(f"{inner}{console_text(element, indent + 4)},\n" for element in elements)
            return f"tuple([\n{lines}{pad}])"
        case ObjectType(attributes):
            if not attributes:
                return "object({})"
            lines = "".join(
                f"{inner}{name}: {console_text(of, indent + 4)},\n" for name, of in sorted(attributes.items())
            )
            return f"object({{\n{lines}{pad}}})"
