"""Equality and order of values, and sets, which rest on both."""

from __future__ import annotations

from functools import cmp_to_key
from itertools import starmap
from typing import TYPE_CHECKING

from infracheck.source.values import Mapping, Scalar, Sequence, Unknown
from infracheck.terraform import numbers
from infracheck.terraform.construct import is_null, number_in, sequence_of, text_in
from infracheck.terraform.types import BOOL, DYNAMIC, NUMBER, STRING, MapType, ObjectType, SetType, TupleType, type_of

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from infracheck.source.origin import Origin
    from infracheck.source.values import Value
    from infracheck.terraform.types import Type


def equals(left: Value, right: Value) -> bool | None:
    """Whether two values are equal as `==` has it, or None where an unknown decides.

    Values of different types are unequal, except that any null equals any null.
    """
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return None
    if is_null(left) or is_null(right):
        return is_null(left) and is_null(right)
    if type_of(left) != type_of(right):
        return _undecided(type_of(left), type_of(right))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        if left.fields.keys() != right.fields.keys():
            return False
        return _all(equals(value, right.fields[name]) for name, value in left.fields.items())
    if isinstance(left, Sequence) and isinstance(right, Sequence):
        if isinstance(type_of(left), SetType):
            return _equal_sets(left, right)
        if len(left.items) != len(right.items):
            return False
        return _all(starmap(equals, zip(left.items, right.items, strict=True)))
    return identity(left) == identity(right)


def _undecided(left: Type, right: Type) -> bool | None:
    """None where types differ only in parts that are not known yet, else False."""
    if DYNAMIC in (left, right):
        return None
    if (
        isinstance(left, ObjectType)
        and isinstance(right, ObjectType)
        and left.attributes.keys() == right.attributes.keys()
    ):
        pairs = [(left.attributes[name], right.attributes[name]) for name in left.attributes]
    elif isinstance(left, TupleType) and isinstance(right, TupleType) and len(left.elements) == len(right.elements):
        pairs = list(zip(left.elements, right.elements, strict=True))
    else:
        return False
    return None if all(a == b or _undecided(a, b) is None for a, b in pairs) else False


def _all(verdicts: Iterable[bool | None]) -> bool | None:
    result: bool | None = True
    for verdict in verdicts:
        if verdict is False:
            return False
        if verdict is None:
            result = None
    return result


def _equal_sets(left: Sequence, right: Sequence) -> bool | None:
    if not (left.is_wholly_known and right.is_wholly_known):
        return None
    first, second = ({identity(item, signed_zero=True) for item in each.items} for each in (left, right))
    return first == second


def identity(value: Value, *, signed_zero: bool = False) -> Hashable:
    """A key that two values of one type share exactly when they are the same; an unknown is only itself.

    Args:
        value: the value.
        signed_zero: whether -0 is another number than 0, as it is to a set, though the two are equal.
    """
    if isinstance(value, Mapping):
        fields = value.fields.items()
        return ("{", frozenset((name, identity(element, signed_zero=signed_zero)) for name, element in fields))
    if isinstance(value, Sequence):
        items = tuple(identity(item, signed_zero=signed_zero) for item in value.items)
        return ("set", frozenset(items)) if isinstance(value.type, SetType) else ("[", items)
    if isinstance(value, Unknown):
        return ("?", id(value))
    plain = value.value
    if plain is None or isinstance(plain, str | bool):
        return (type(plain).__name__, plain)
    exact = numbers.of(plain)
    negative_zero = signed_zero and not exact.mantissa and exact.is_signed()
    return ("#", exact.mantissa, exact.exponent, exact.is_infinite(), negative_zero)


def set_of(items: Iterable[Value], element: Type, origin: Origin) -> Sequence:
    """A set: without duplicates, in Terraform's order.

    Raises:
        LimitError: it has too many elements.
    """
    distinct: dict[Hashable, Value] = {}
    for item in items:
        distinct.setdefault(identity(item, signed_zero=True), item)
    return sequence_of(in_set_order(distinct.values(), element), SetType(element), origin)


def by_number(left: Value, right: Value) -> int:
    """How two numbers compare: negative, zero or positive."""
    return numbers.compare(number_in(left), number_in(right))


def in_set_order(items: Iterable[Value], element: Type) -> list[Value]:
    """Elements in the order in which Terraform walks a set: by value, nulls after it, unknowns last."""
    known: list[Value] = []
    nulls: list[Value] = []
    unknowns: list[Value] = []
    for item in items:
        (unknowns if isinstance(item, Unknown) else nulls if is_null(item) else known).append(item)
    if element == STRING:
        known.sort(key=text_in)
    elif element == NUMBER:
        known.sort(key=lambda item: not number_in(item).is_signed())  # -0 before 0, which compare as equal
        known.sort(key=cmp_to_key(by_number))
    elif element == BOOL:
        known.sort(key=lambda item: bool(isinstance(item, Scalar) and item.value))
    else:
        known.sort(key=lambda item: _ordering(item).encode())
    return [*known, *nulls, *unknowns]


def _ordering(value: Value) -> str:
    """The text by which Terraform orders set elements that are not primitive (go-cty's `makeSetHashBytes`)."""
    if isinstance(value, Unknown):
        return "?"
    if isinstance(value, Mapping):
        if isinstance(value.type, MapType):
            inner = "".join(f"{_quoted(name)}:{_ordering(value.fields[name])};" for name in sorted(value.fields))
            return f"{{{inner}}}"
        return f"<{''.join(f'{_ordering(value.fields[name])};' for name in sorted(value.fields))}>"
    if isinstance(value, Sequence):
        inner = "".join(f"{_ordering(item)};" for item in value.items)
        return f"<{inner}>" if isinstance(type_of(value), TupleType) else f"[{inner}]"
    plain = value.value
    if plain is None:
        return "~"
    if isinstance(plain, str):
        return _quoted(plain)
    if isinstance(plain, bool):
        return "T" if plain else "F"
    return _ten_digits(numbers.of(plain))


_ESCAPES = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    '"': '\\"',
    "\\": "\\\\",
}


def _quoted(text: str) -> str:
    """A string as Go's `%q` writes it."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return f'"{"".join(map(_quoted_character, text))}"'


def _quoted_character(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _ten_digits(number: numbers.Number) -> str:
    """A number as Go's `Float.Text('g', 10)` writes it."""
    if number.is_infinite():
        return numbers.text_of(number)
    text = f"{number:.10g}" if number.adjusted() >= -4 else f"{number:.9e}"
    mantissa, _, exponent = text.partition("e")
    if "." in mantissa:
        mantissa = mantissa.rstrip("0").rstrip(".")
    if not exponent:
        return mantissa
    return f"{mantissa}e{exponent[0]}{exponent[1:].rjust(2, '0')}"
