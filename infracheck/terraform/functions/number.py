"""Functions of numbers."""

from __future__ import annotations

import math
import string
from fractions import Fraction
from functools import cmp_to_key
from typing import TYPE_CHECKING, Final

from infracheck.source.values import Sequence
from infracheck.terraform import construct, numbers
from infracheck.terraform.construct import is_null, number_in, text_in
from infracheck.terraform.conversion import convert
from infracheck.terraform.equality import by_number
from infracheck.terraform.functions.signature import FunctionError, function, whole
from infracheck.terraform.types import DYNAMIC, NUMBER, STRING, ListType, type_of

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

MAX_RANGE: Final = 1024
"""Elements of a `range`, as in Terraform."""

DIGITS: Final = string.digits + string.ascii_lowercase + string.ascii_uppercase
"""Digits of the bases up to 62; up to base 36, capitals are the same digits as small letters."""

MAX_DIGITS: Final = 10_000
"""Digits that `parseint` reads."""


@function(NUMBER, returns=NUMBER)
def abs_(arguments: list[Value], origin: Origin) -> Value:
    """`abs(number)`."""
    return construct.number(numbers.absolute(number_in(arguments[0])), origin)


@function(NUMBER, returns=NUMBER)
def ceil(arguments: list[Value], origin: Origin) -> Value:
    """`ceil(number)`."""
    return construct.number(_rounded(number_in(arguments[0]), up=True), origin)


@function(NUMBER, returns=NUMBER)
def floor(arguments: list[Value], origin: Origin) -> Value:
    """`floor(number)`."""
    return construct.number(_rounded(number_in(arguments[0]), up=False), origin)


def _rounded(number: numbers.Number, *, up: bool) -> numbers.Number:
    if number.is_infinite():
        return number
    towards_zero = number.truncated()
    if not number.is_whole and (number.sign > 0) is up:
        towards_zero += 1 if up else -1
    return numbers.counted(towards_zero)


@function(NUMBER, returns=NUMBER)
def signum(arguments: list[Value], origin: Origin) -> Value:
    """`signum(whole number)`."""
    number = whole(arguments[0])
    return construct.number((number > 0) - (number < 0), origin)


@function(rest=NUMBER, returns=NUMBER, name="max")
def greatest(arguments: list[Value], origin: Origin) -> Value:
    """`max(numbers...)`."""
    del origin
    if not arguments:
        raise FunctionError("must pass at least one number")
    return max(arguments, key=cmp_to_key(by_number))


@function(rest=NUMBER, returns=NUMBER, name="min")
def least(arguments: list[Value], origin: Origin) -> Value:
    """`min(numbers...)`."""
    del origin
    if not arguments:
        raise FunctionError("must pass at least one number")
    return min(arguments, key=cmp_to_key(by_number))


@function(DYNAMIC, returns=NUMBER, looks_inside=True, name="sum")
def total(arguments: list[Value], origin: Origin) -> Value:
    """`sum(numbers)`."""
    if not isinstance(arguments[0], Sequence):
        raise FunctionError("argument must be list, set, or tuple")
    items = arguments[0].items
    if not items:
        raise FunctionError("cannot sum an empty list")
    result: numbers.Number | None = None
    for item in items:
        if is_null(item):
            raise FunctionError("argument must be list, set, or tuple of number values")
        number = number_in(convert(item, NUMBER))
        try:
            result = number if result is None else numbers.add(result, number)
        except ArithmeticError as problem:
            raise FunctionError(str(problem)) from None
    return construct.number(numbers.zero() if result is None else result, origin)


@function(NUMBER, NUMBER, returns=NUMBER, name="pow")
def power(arguments: list[Value], origin: Origin) -> Value:
    """`pow(base, exponent)`, as Terraform computes it: in double precision."""
    base, exponent = map(_double, arguments)
    return _from_double(_power(base, exponent), origin)


@function(NUMBER, NUMBER, returns=NUMBER)
def log(arguments: list[Value], origin: Origin) -> Value:
    """`log(number, base)`, as Terraform computes it: in double precision."""
    number, base = map(_natural_log, map(_double, arguments))
    return _from_double(_quotient(number, base), origin)


def _double(value: Value) -> float:
    number = number_in(value)
    double = float(number)
    if math.isinf(double) and not number.is_infinite():
        raise FunctionError("value must be a number that fits double precision")
    return double


def _from_double(result: float, origin: Origin) -> Value:
    if math.isnan(result):
        raise FunctionError("the result is not a number")
    return construct.number(numbers.from_float(result), origin)


LOG_COEFFICIENTS: Final = (
    6.666666666666735130e-01,
    3.999999999940941908e-01,
    2.857142874366239149e-01,
    2.222219843214978396e-01,
    1.818357216161805012e-01,
    1.531383769920937332e-01,
    1.479819860511658591e-01,
)
"""Of the polynomial for the logarithm near 1; and ln 2 in two parts (fdlibm, https://www.netlib.org/fdlibm/e_log.c)."""

LN2_HIGH: Final = 6.93147180369123816490e-01
LN2_LOW: Final = 1.90821492927058770002e-10


def _natural_log(number: float) -> float:
    """As Go's `math.Log`, which is fdlibm's and now and then differs from the C library's in the last digit."""
    if number == 0:
        return -math.inf
    if not 0 < number < math.inf:
        return math.nan if number < 0 else number
    mantissa, power = math.frexp(number)
    if mantissa < math.sqrt(2) / 2:
        mantissa, power = mantissa * 2, power - 1
    f = mantissa - 1
    s = f / (2 + f)
    square = s * s
    fourth = square * square
    l1, l2, l3, l4, l5, l6, l7 = LOG_COEFFICIENTS
    odd = square * (l1 + fourth * (l3 + fourth * (l5 + fourth * l7)))
    even = fourth * (l2 + fourth * (l4 + fourth * l6))
    half = 0.5 * f * f
    return power * LN2_HIGH - ((half - (s * (half + (odd + even)) + power * LN2_LOW)) - f)


EXP_COEFFICIENTS: Final = (1 / 40320, 1 / 5040, 1 / 720, 1 / 120, 1 / 24, 1 / 6, 0.5, 1.0)
"""Of the Taylor series of (e**x - 1) / x, the highest first."""

LN2_UPPER: Final = 0.69314718055966295651160180568695068359375
LN2_LOWER: Final = 0.28235290563031577122588448175013436025525412068e-12
"""ln 2 in two parts (N. Shibata, https://doi.org/10.1007/s00450-010-0108-2)."""


def _exponential(number: float) -> float:
    """As Go's `math.Exp` on amd64, whose last digit is now and then another than the C library's.

    Shibata's method: the power of two is taken off, a sixteenth of the rest put into the series, and the result squared
    four times. Products are added without being rounded first, as processors since 2013 do it; Terraform's own last
    digit is another on older ones, and on arm64.
    """
    power = round(number * math.log2(math.e))
    rest = _fused(-power, LN2_LOWER, _fused(-power, LN2_UPPER, number)) / 16
    series = EXP_COEFFICIENTS[0]
    for coefficient in EXP_COEFFICIENTS[1:]:
        series = _fused(series, rest, coefficient)
    less_one = rest * series
    for _ in range(3):
        less_one *= less_one + 2
    return math.ldexp(_fused(less_one, less_one + 2, 1.0), power)


def _fused(left: float, right: float, added: float) -> float:
    """`left * right + added`, rounded once."""
    return float(Fraction(left) * Fraction(right) + Fraction(added))


def _quotient(number: float, by: float) -> float:
    if by != 0:
        return number / by
    return math.nan if number == 0 or math.isnan(number) else math.copysign(math.inf, number)


def _power(base: float, exponent: float) -> float:
    """As Go's `math.Pow` (https://pkg.go.dev/math#Pow): repeated squaring, whose last digit differs from C's."""
    if exponent == 0 or base == 1:
        return 1.0
    if base == 0 or math.isinf(base) or math.isinf(exponent):
        return _special_power(base, exponent)
    fraction, steps = math.modf(abs(exponent))
    if fraction and base < 0:
        return math.nan
    if abs(exponent) == 0.5:
        return math.sqrt(base) if exponent > 0 else 1 / math.sqrt(base)
    if steps >= 2.0**63:
        return 1.0 if base == -1 else 0.0 if (abs(base) < 1) == (exponent > 0) else math.inf
    result, binary = 1.0, 0
    if fraction > 0.5:
        fraction, steps = fraction - 1, steps + 1
    if fraction:
        result = _exponential(fraction * _natural_log(base))
    square, square_binary = math.frexp(base)
    left = int(steps)
    while left:
        if abs(square_binary) > 1 << 12:
            # Beyond every double: it overflows, or vanishes, whatever follows.
            binary += square_binary
            break
        if left & 1:
            result *= square
            binary += square_binary
        square *= square
        square_binary <<= 1
        if square < 0.5:
            square += square
            square_binary -= 1
        left >>= 1
    if exponent < 0:
        result, binary = 1 / result, -binary
    try:
        return math.ldexp(result, binary)
    except OverflowError:
        return math.copysign(math.inf, result)


def _special_power(base: float, exponent: float) -> float:
    if math.isinf(exponent):
        if abs(base) == 1:
            return 1.0
        return 0.0 if (abs(base) < 1) == (exponent > 0) else math.inf
    odd = exponent.is_integer() and exponent % 2 != 0
    size = math.inf if (base == 0) == (exponent < 0) else 0.0
    return math.copysign(size, base) if odd else size


@function(DYNAMIC, NUMBER, returns=NUMBER)
def parseint(arguments: list[Value], origin: Origin) -> Value:
    """`parseint(text, base)`."""
    if type_of(arguments[0]) != STRING:
        raise FunctionError(f"first argument must be a string, not {type_of(arguments[0])}")
    text, base = text_in(arguments[0]), whole(arguments[1])
    if not 2 <= base <= 62:
        raise FunctionError("base must be a whole number between 2 and 62 inclusive")
    if len(text) > MAX_DIGITS:
        construct.check_length(construct.MAX_STRING + len(text), origin)
    digits = text[1:] if text.startswith(("+", "-")) else text
    allowed = DIGITS[:base] if base > 36 else DIGITS[:base] + DIGITS[:base].upper()
    if not digits or not all(digit in allowed for digit in digits):
        raise FunctionError(f"cannot parse {text!r} as a base {base} integer")
    number = 0
    for digit in digits if base > 36 else digits.lower():
        number = number * base + DIGITS.index(digit)
    return construct.number(-number if text.startswith("-") else number, origin)


@function(rest=NUMBER, returns=ListType(NUMBER), name="range")
def range_(arguments: list[Value], origin: Origin) -> Value:
    """`range(end)`, `range(start, end)`, `range(start, end, step)`."""
    given = [number_in(argument) for argument in arguments]
    if not 1 <= len(given) <= 3:
        raise FunctionError("must have one, two, or three arguments")
    zero = numbers.of(0)
    start, end = (zero, given[0]) if len(given) == 1 else (given[0], given[1])
    rising = numbers.compare(start, end) <= 0
    if len(given) == 3:
        step = given[2]
        direction = numbers.compare(step, zero)
        if numbers.compare(start, end) != 0 and direction != (1 if rising else -1):
            raise FunctionError("step must lead from start to end and must not be zero")
    else:
        step = numbers.of(1 if rising else -1)
    found: list[Value] = []
    at = start
    while numbers.compare(at, end) < 0 if rising else numbers.compare(at, end) > 0:
        if len(found) >= MAX_RANGE:
            raise FunctionError(
                f"more than {MAX_RANGE} values were generated; either decrease the difference between start and end "
                "or use a smaller step"
            )
        found.append(construct.number(at, origin))
        at = numbers.add(at, step)
    return construct.sequence_of(found, ListType(NUMBER), origin)
