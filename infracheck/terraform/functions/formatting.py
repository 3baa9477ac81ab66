"""`format` and `formatlist`, whose verbs are those of Go's `fmt`, as go-cty has them.

See https://developer.hashicorp.com/terraform/language/functions/format. Numbers are formatted as Go's `big.Int` and
`big.Float` are.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, Context, Decimal
from typing import TYPE_CHECKING, Final

from infracheck.source.values import Scalar, Sequence
from infracheck.terraform import construct, numbers
from infracheck.terraform.construct import first_unknown, is_null, number_in, text_in
from infracheck.terraform.conversion import ConversionError, convert
from infracheck.terraform.functions.encoding import json_string, json_text
from infracheck.terraform.functions.graphemes import clusters
from infracheck.terraform.functions.signature import FunctionError, function
from infracheck.terraform.types import BOOL, DYNAMIC, NUMBER, STRING, Dynamic, ListType, Primitive, type_of

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

VERB: Final = re.compile(
    r"%(?P<flags>[-+ #0]*)(?P<width>[1-9]\d*)?(?:\.(?P<precision>\d*))?(?:\[(?P<index>\d+)\])?(?P<letter>[A-Za-z])",
    re.ASCII,
)
BASES: Final = {"b": ("b", "0b"), "d": ("d", ""), "o": ("o", "0"), "x": ("x", "0x"), "X": ("X", "0X")}
"""For each verb of whole numbers: Python's, and the prefix that `#` puts before it."""

FLOATS: Final = frozenset("eEfgG")
EXPONENT_DIGITS: Final = 2
SHORTEST_EXPONENT: Final = 6
"""Without a precision, `%g` writes an exponent from this power of ten on."""

LEAST_EXPONENT: Final = -4
"""Below this power of ten, `%g` writes an exponent."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One `%…` of a format.

    Attributes:
        raw: as written.
        letter: what to do.
        flags: of `-+ #0`.
        width: the least number of characters, or 0.
        precision: digits, or characters of a string; None where it is not given.
    """

    raw: str
    letter: str
    flags: str
    width: int
    precision: int | None


@function(STRING, rest=DYNAMIC, returns=STRING, takes_null=True, looks_inside=True, name="format")
def formatted(arguments: list[Value], origin: Origin) -> Value:
    """`format(spec, values...)`."""
    _refuse_untyped(arguments)
    return construct.string(fill(text_in(arguments[0]), arguments[1:]), origin)


@function(STRING, rest=DYNAMIC, returns=ListType(STRING), takes_null=True)
def formatlist(arguments: list[Value], origin: Origin) -> Value:
    """`formatlist(spec, values...)`: once for each element of the lists among the values."""
    _refuse_untyped(arguments)
    spec, values = text_in(arguments[0]), arguments[1:]
    if any(is_null(value) and not isinstance(type_of(value), Primitive) for value in values):
        raise FunctionError("cannot iterate over null")
    lengths = {len(value.items) for value in values if isinstance(value, Sequence)}
    if len(lengths) > 1:
        raise FunctionError("all lists must have the same length")
    rows: list[Value] = []
    left = construct.MAX_STRING
    for row in range(lengths.pop() if lengths else 1):
        used = [value.items[row] if isinstance(value, Sequence) else value for value in values]
        unknown = next(filter(None, map(first_unknown, used)), None)
        if unknown is not None:
            rows.append(construct.unknown("a value of the row is not known", origin, unknown, STRING))
            continue
        text = fill(spec, used)
        left -= len(text)
        if left < 0:
            construct.check_length(construct.MAX_STRING - left, origin)
        rows.append(construct.string(text, origin))
    return construct.sequence_of(rows, ListType(STRING), origin)


def _refuse_untyped(arguments: list[Value]) -> None:
    """Terraform never learns the result where an argument is `null` itself, which has no type."""
    if any(is_null(argument) and isinstance(type_of(argument), Dynamic) for argument in arguments[1:]):
        raise FunctionError("a null without a type cannot be formatted")


def fill(spec: str, values: list[Value]) -> str:
    """A format with its verbs filled in.

    Raises:
        FunctionError: it is malformed, or does not suit the values.
        LimitError: the result is too long.
    """
    out: list[str] = []
    at = position = highest = length = 0
    while True:
        percent = spec.find("%", at)
        out.append(spec[at : percent if percent >= 0 else len(spec)])
        if percent < 0:
            break
        if spec.startswith("%%", percent):
            out.append("%")
            at = percent + 2
            continue
        found = VERB.match(spec, percent)
        if found is None:
            raise FunctionError(f"unrecognized format character at offset {percent}")
        index = found["index"]
        position = int(index[:9]) if index else position + 1
        if not 1 <= position <= len(values):
            raise FunctionError(f"not enough arguments for {found[0]!r} at {percent}: need index {position}")
        highest = max(highest, position)
        width = int((found["width"] or "0")[:9])
        precision = None if found["precision"] is None else int((found["precision"] or "0")[:9])
        construct.check_length(max(width, precision or 0))
        out.append(_verb(Verb(found[0], found["letter"], found["flags"], width, precision), values[position - 1]))
        length += len(out[-1])
        construct.check_length(length)
        at = found.end()
    if highest < len(values):
        raise FunctionError(f"too many arguments; only {highest} used by format string")
    return "".join(out)


def _verb(verb: Verb, value: Value) -> str:
    letter = verb.letter
    if letter == "v":
        return _as_is(verb, value)
    if letter not in BASES and letter not in FLOATS and letter not in ("t", "s", "q"):
        raise FunctionError(f"unsupported format verb {letter!r} in {verb.raw!r}")
    if is_null(value):
        raise FunctionError(f"unsupported value for {verb.raw!r}: null value cannot be formatted")
    try:
        if letter == "t":
            converted = convert(value, BOOL)
            return "true" if isinstance(converted, Scalar) and converted.value else "false"
        if letter in ("s", "q"):
            return _text(verb, text_in(convert(value, STRING)))
        number = number_in(convert(value, NUMBER))
    except ConversionError as problem:
        raise FunctionError(f"unsupported value for {verb.raw!r}: {problem}") from None
    return _whole(verb, number) if letter in BASES else _float(verb, number)


def _as_is(verb: Verb, value: Value) -> str:
    """`%v`: strings as they are, numbers as `%g` has them, and JSON for everything else and for `%#v`."""
    plain = value.value if isinstance(value, Scalar) else None
    if "#" in verb.flags or plain is None:
        return _padded(verb, json_text(value))
    if isinstance(plain, bool):
        return _padded(verb, "true" if plain else "false")
    return _padded(verb, plain if isinstance(plain, str) else general(number_in(value)))


def _text(verb: Verb, text: str) -> str:
    if verb.precision:
        text = "".join(clusters(text)[: verb.precision]) if text else ""
    return _padded(verb, json_string(text) if verb.letter == "q" else text)


def _padded(verb: Verb, text: str) -> str:
    missing = verb.width - (len(clusters(text)) if text else 0)
    if missing <= 0:
        return text
    if "-" in verb.flags:
        return text + " " * missing
    return ("0" if "0" in verb.flags else " ") * missing + text


def _whole(verb: Verb, number: numbers.Number) -> str:
    """As Go's `big.Int.Format`."""
    if not number.is_whole:
        raise FunctionError(f"unsupported value for {verb.raw!r}: an integer is required")
    amount = number.truncated()
    letter, prefix = BASES[verb.letter]
    digits = str(Decimal(abs(amount))) if letter == "d" else format(abs(amount), letter)
    if verb.precision is not None:
        if amount == 0 and verb.precision == 0:
            return ""
        digits = digits.rjust(verb.precision, "0")
    sign = "-" if amount < 0 else "+" if "+" in verb.flags else " " if " " in verb.flags else ""
    sign += prefix if "#" in verb.flags else ""
    if "-" in verb.flags:
        return (sign + digits).ljust(verb.width)
    if "0" in verb.flags and verb.precision is None:
        digits = digits.rjust(verb.width - len(sign), "0")
    return (sign + digits).rjust(verb.width)


def _float(verb: Verb, number: numbers.Number) -> str:
    """As Go's `big.Float.Format`."""
    if number.is_infinite():
        digits = "Inf"
    elif verb.letter in "gG":
        digits = general(numbers.absolute(number), verb.precision)
    else:
        places = SHORTEST_EXPONENT if verb.precision is None else verb.precision
        digits = _fixed(number, places) if verb.letter == "f" else _scientific(number, places)
    if verb.letter in "EG":
        digits = digits.replace("e", "E")
    positive_sign = "+" if "+" in verb.flags or number.is_infinite() else " " if " " in verb.flags else ""
    sign = "-" if number.is_signed() else positive_sign
    if "-" in verb.flags:
        return (sign + digits).ljust(verb.width)
    if "0" in verb.flags and not number.is_infinite():
        return sign + digits.rjust(verb.width - len(sign), "0")
    return (sign + digits).rjust(verb.width)


def general(number: numbers.Number, precision: int | None = None) -> str:
    """A number as `%g` has it: with an exponent where it is very small or large."""
    if number.is_infinite():
        return "-Inf" if number.is_signed() else "+Inf"
    sign = "-" if number.is_signed() else ""
    if precision is None:
        shown = Decimal(number)
        limit = SHORTEST_EXPONENT
    else:
        precision = max(precision, 1)
        shown = Context(precision, ROUND_HALF_EVEN, MIN_EMIN, MAX_EMAX).plus(numbers.exactly(number))
        limit = precision
    digits, point = _significant(shown)
    if precision is not None and limit > len(digits) >= point:
        limit = len(digits)
    if not LEAST_EXPONENT <= point - 1 < limit:
        mantissa = digits[0] + (f".{digits[1:]}" if len(digits) > 1 else "")
        return f"{sign}{mantissa}{_exponent(point - 1)}"
    if point <= 0:
        return f"{sign}0.{'0' * -point}{digits}" if digits != "0" else f"{sign}0"
    whole, fraction = digits[:point].ljust(point, "0"), digits[point:]
    return f"{sign}{whole}.{fraction}" if fraction else f"{sign}{whole}"


def _significant(shown: Decimal) -> tuple[str, int]:
    """The digits that are not padding, and how many of them stand before the point."""
    _, digits, exponent = shown.as_tuple()
    text = "".join(map(str, digits))
    trimmed = text.rstrip("0")
    return (trimmed, len(text) + int(exponent)) if trimmed else ("0", 1)


def _exponent(power: int) -> str:
    return f"e{'-' if power < 0 else '+'}{abs(power):0{EXPONENT_DIGITS}d}"


def _fixed(number: numbers.Number, places: int) -> str:
    exact = numbers.exactly(numbers.absolute(number))
    context = Context(max(exact.adjusted(), 0) + places + 2, ROUND_HALF_EVEN, MIN_EMIN, MAX_EMAX)
    return format(exact.quantize(Decimal((0, (1,), -places)), context=context), "f")


def _scientific(number: numbers.Number, places: int) -> str:
    exact = numbers.exactly(numbers.absolute(number))
    rounded = Context(places + 1, ROUND_HALF_EVEN, MIN_EMIN, MAX_EMAX).plus(exact)
    digits, point = _significant(rounded)
    digits = digits.ljust(places + 1, "0")
    return f"{digits[0]}{'.' if places else ''}{digits[1:]}{_exponent(point - 1)}"
