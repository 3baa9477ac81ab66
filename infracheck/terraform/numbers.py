"""Terraform's numbers: binary floating point of 512 bits, shown as the shortest decimal that reads back the same.

Terraform computes with Go's `math/big.Float` (https://pkg.go.dev/math/big#Float): text is read with a precision of 512
bits, whole numbers that Go counts itself (a length, an index) have 64 bits, results of float64 functions have 53, and
an operation has the larger precision of its operands, rounding to nearest even. Repeating that exactly is what makes
`"${1/3}"` and `0.1 + 0.2 == 0.3` come out as Terraform has them.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from infracheck.source.errors import LimitError

TEXT_BITS: Final = 512
"""Precision of numbers read from text, in bits."""

COUNT_BITS: Final = 64
"""Least precision of whole numbers that were counted rather than read, in bits."""

FLOAT_BITS: Final = 53
"""Precision of results of functions computed in float64, in bits."""

MAX_MAGNITUDE_BITS: Final = 32_768
"""Numbers beyond 2**±32768 (about 10**±9864) are refused: their decimal text would be unreasonably long."""

EXACT_DIGITS: Final = 154
"""A decimal of at most this many digits survives a precision of 512 bits unchanged (10**154 < 2**512)."""

_SYNTAX = re.compile(r"([+-]?)(?:(\d+)(?:\.(\d*))?|\.(\d+))(?:([eEpP])([+-]?\d+))?", re.ASCII)
_INFINITY = re.compile(r"([+-]?)(?:inf|Inf)")


class Number(Decimal):
    """A number as Terraform holds it. As a `Decimal` it is the shortest decimal that stands for it.

    Attributes:
        mantissa: signed; the exact value is `mantissa * 2**exponent`. Zero for zero, and ±1 for an infinity.
        exponent: power of two.
        precision: how many bits the mantissa may have.
    """

    __slots__ = ("exponent", "mantissa", "precision")

    mantissa: int
    exponent: int
    precision: int

    def __new__(cls, text: str) -> Number:  # noqa: PYI034 - a subclass would be parsed as a Number all the same
        """A number from its decimal text.

        Raises:
            ValueError: the text is not a number.
            LimitError: the number is too large or too small to compute with.
        """
        return parse(text)

    def __reduce__(self) -> tuple[object, ...]:  # type: ignore[override] # Decimal promises to rebuild from text alone
        return _built, (Decimal(self), self.mantissa, self.exponent, self.precision)

    @property
    def is_whole(self) -> bool:
        """Whether the exact value is an integer. An infinity is not."""
        return self.exponent >= 0 and not self.is_infinite()

    def truncated(self) -> int:
        """The integer part, rounded towards zero."""
        if self.exponent >= 0:
            return self.mantissa << self.exponent
        magnitude = abs(self.mantissa) >> -self.exponent
        return magnitude if self.mantissa >= 0 else -magnitude

    @property
    def sign(self) -> int:
        """-1, 0 or 1."""
        return (self.mantissa > 0) - (self.mantissa < 0)


def _built(shown: Decimal, mantissa: int, exponent: int, precision: int) -> Number:
    number = Decimal.__new__(Number, shown)
    number.mantissa = mantissa
    number.exponent = exponent
    number.precision = precision
    return number


def infinity(*, negative: bool = False) -> Number:
    """Positive or negative infinity, which `1/0` is."""
    return _built(Decimal("-Infinity" if negative else "Infinity"), -1 if negative else 1, 0, TEXT_BITS)


def zero(precision: int = TEXT_BITS, *, negative: bool = False) -> Number:
    """Zero, which keeps a sign: `-0` prints as "-0"."""
    return _built(Decimal("-0" if negative else "0"), 0, 0, precision)


def counted(count: int) -> Number:
    """A whole number that Terraform's own code produced: a length, an index, a parsed integer."""
    return _built(Decimal(count), count, 0, max(COUNT_BITS, count.bit_length()))


def from_float(value: float) -> Number:
    """The result of a function computed in float64."""
    if value in (float("inf"), float("-inf")):
        return infinity(negative=value < 0)
    numerator, denominator = value.as_integer_ratio()
    if numerator == 0:
        return zero(FLOAT_BITS, negative=str(value).startswith("-"))
    return rounded(numerator, 1 - denominator.bit_length(), FLOAT_BITS)


def of(value: float | Decimal) -> Number:
    """Any Python number as one of Terraform's, read as its decimal text would be."""
    if isinstance(value, Number):
        return value
    if isinstance(value, int):
        return (
            rounded(value, 0, TEXT_BITS)
            if value.bit_length() > TEXT_BITS
            else _built(Decimal(value), value, 0, TEXT_BITS)
        )
    decimal = value if isinstance(value, Decimal) else Decimal(repr(value))
    if decimal.is_infinite():
        return infinity(negative=decimal.is_signed())
    return _from_decimal(decimal)


def parse(text: str) -> Number:
    """The number a text stands for, as Go's `big.ParseFloat` reads base 10: `1`, `.5`, `-1e3`, `1p3`, `Inf`.

    Raises:
        ValueError: the text is not a number.
        LimitError: the number is too large or too small to compute with.
    """
    match = _SYNTAX.fullmatch(text)
    if match is None:
        infinite = _INFINITY.fullmatch(text)
        if infinite is None:
            raise ValueError("a number is required")
        return infinity(negative=infinite[1] == "-")
    sign, whole, fraction, bare, marker, power = match.groups()
    digits = f"{sign}{whole or '0'}.{fraction or bare or ''}"
    if power is not None and len(power.lstrip("+-0")) > 6:
        raise _too_large()
    if marker in ("p", "P"):
        exact = Decimal(digits)
        numerator, denominator = exact.as_integer_ratio()
        shift = int(power or 0)
        if abs(shift) > MAX_MAGNITUDE_BITS:
            raise _too_large()
        return quotient(numerator << max(shift, 0), denominator << max(-shift, 0), TEXT_BITS)
    return _from_decimal(Decimal(f"{digits}e{power or 0}"))


def _from_decimal(decimal: Decimal) -> Number:
    if not decimal:
        return zero(negative=decimal.is_signed())
    if abs(decimal.adjusted()) > MAX_MAGNITUDE_BITS // 3:
        raise _too_large()
    digits = len(decimal.as_tuple().digits)
    if digits > 2 * MAX_MAGNITUDE_BITS:
        raise _too_large()
    numerator, denominator = decimal.as_integer_ratio()
    if digits <= EXACT_DIGITS:
        mantissa, exponent = _divided(numerator, denominator, TEXT_BITS)
        return _built(_trimmed(decimal), mantissa, exponent, TEXT_BITS)
    return quotient(numerator, denominator, TEXT_BITS)


def _trimmed(decimal: Decimal) -> Decimal:
    """Without zeros at the end that carry nothing, and without an exponent above zero."""
    sign, digits, exponent = decimal.as_tuple()
    power = int(exponent)
    kept = len(digits)
    while kept > 1 and digits[kept - 1] == 0:
        kept -= 1
        power += 1
    if power > 0:
        digits = (*digits[:kept], *([0] * power))
        power, kept = 0, len(digits)
    return Decimal((sign, digits[:kept], power))


def rounded(mantissa: int, exponent: int, precision: int) -> Number:
    """`mantissa * 2**exponent`, rounded to a precision.

    Raises:
        LimitError: the number is too large or too small to compute with.
    """
    if mantissa == 0:
        return zero(precision)
    mantissa, exponent = _round(mantissa, exponent, precision)
    return _built(_shortest(mantissa, exponent, precision), mantissa, exponent, precision)


def quotient(numerator: int, denominator: int, precision: int) -> Number:
    """A quotient of whole numbers, rounded to a precision.

    Raises:
        LimitError: the number is too large or too small to compute with.
    """
    if numerator == 0:
        return zero(precision)
    return rounded(*_divided(numerator, denominator, precision), precision)


def _divided(numerator: int, denominator: int, precision: int) -> tuple[int, int]:
    magnitude = abs(numerator)
    shift = max(precision + 2 + denominator.bit_length() - magnitude.bit_length(), 0)
    whole, rest = divmod(magnitude << shift, denominator)
    # One sticky bit below the quotient tells "exactly half" from "a little more".
    mantissa, exponent = _round((whole << 1) | (rest != 0), -shift - 1, precision)
    return (-mantissa if numerator < 0 else mantissa), exponent


def _round(mantissa: int, exponent: int, precision: int) -> tuple[int, int]:
    magnitude = abs(mantissa)
    excess = magnitude.bit_length() - precision
    if excess > 0:
        half = 1 << (excess - 1)
        kept, dropped = magnitude >> excess, magnitude & ((1 << excess) - 1)
        magnitude = kept + (dropped > half or (dropped == half and bool(kept & 1)))
        exponent += excess
    trailing = (magnitude & -magnitude).bit_length() - 1
    magnitude >>= trailing
    exponent += trailing
    if abs(exponent + magnitude.bit_length()) > MAX_MAGNITUDE_BITS:
        raise _too_large()
    if exponent > 0:
        magnitude <<= exponent
        exponent = 0
    return (-magnitude if mantissa < 0 else magnitude), exponent


def _shortest(mantissa: int, exponent: int, precision: int) -> Decimal:
    """The shortest decimal within half a unit of the last bit (Steele and White; as Go's `Float.Text('f', -1)`)."""
    if exponent >= 0 and (mantissa << exponent).bit_length() <= precision:
        return Decimal(mantissa << exponent)
    magnitude = abs(mantissa)
    # The least bit of `middle` is half a unit of the last bit that the precision can hold.
    shift = precision + 1 - magnitude.bit_length()
    middle = magnitude << shift if shift >= 0 else magnitude >> -shift
    power = exponent - shift
    digits, point = _digits(middle, power)
    lower, _ = _digits(middle - 1, power)
    upper, _ = _digits(middle + 1, power)
    inclusive = middle & 2 == 0
    chosen = digits
    for i, digit in enumerate(digits):
        low = lower[i] if i < len(lower) else "0"
        high = upper[i] if i < len(upper) else "0"
        down = low != digit or (inclusive and i + 1 == len(lower))
        up = digit != high and (inclusive or int(digit) + 1 < int(high) or i + 1 < len(upper))
        if down or up:
            chosen, point = _cut(digits, i + 1, point, up=up and (not down or _rounds_up(digits, i + 1)))
            break
    sign = 1 if mantissa < 0 else 0
    return _trimmed(Decimal((sign, tuple(map(int, chosen)), point - len(chosen))))


def _digits(mantissa: int, exponent: int) -> tuple[str, int]:
    """Significant decimal digits of `mantissa * 2**exponent`, and how many of them stand before the point."""
    # Decimal's text, because Python refuses to print integers of more than 4300 digits.
    text = str(Decimal(mantissa << exponent if exponent >= 0 else mantissa * 5**-exponent))
    return text.rstrip("0"), len(text) + min(exponent, 0)


def _rounds_up(digits: str, length: int) -> bool:
    if length >= len(digits):
        return False
    if digits[length] == "5" and length + 1 == len(digits):
        return length > 0 and int(digits[length - 1]) % 2 == 1
    return digits[length] >= "5"


def _cut(digits: str, length: int, point: int, *, up: bool) -> tuple[str, int]:
    kept = digits[:length]
    if not up:
        return kept, point
    raised = str(Decimal(int(kept) + 1))
    return raised, point + len(raised) - length


def _too_large() -> LimitError:
    return LimitError("the number is too large or too small; infracheck computes up to about 10**9864")


def text_of(number: float | Decimal) -> str:
    """A number as Terraform converts it to a string: plain digits, no exponent."""
    if isinstance(number, int):
        return str(Decimal(number))
    if isinstance(number, float):
        number = of(number)
    if number.is_infinite():
        return "-Inf" if number.is_signed() else "+Inf"
    return format(Decimal(number), "f")


def exactly(number: Number) -> Decimal:
    """A finite number with all its decimal digits, unlike the shortest that stands for it."""
    if number.exponent >= 0:
        return Decimal(number.mantissa << number.exponent)
    sign, digits, _ = Decimal(number.mantissa * 5**-number.exponent).as_tuple()
    return Decimal((sign, digits, number.exponent))


def negate(number: Number) -> Number:
    """The number with the other sign."""
    return _built(number.copy_negate(), -number.mantissa, number.exponent, number.precision)


def absolute(number: Number) -> Number:
    """The number without its sign."""
    return _built(number.copy_abs(), abs(number.mantissa), number.exponent, number.precision)


def add(left: Number, right: Number) -> Number:
    """The sum.

    Raises:
        ArithmeticError: opposite infinities have no sum.
        LimitError: the number is too large or too small to compute with.
    """
    if left.is_infinite() or right.is_infinite():
        if left.is_infinite() and right.is_infinite() and left.sign != right.sign:
            raise ArithmeticError("can't compute sum of opposing infinities")
        return left if left.is_infinite() else right
    precision = max(left.precision, right.precision)
    exponent = min(left.exponent, right.exponent)
    total = (left.mantissa << (left.exponent - exponent)) + (right.mantissa << (right.exponent - exponent))
    if total == 0:
        return zero(precision, negative=left.is_signed() and right.is_signed() and not left and not right)
    return rounded(total, exponent, precision)


def subtract(left: Number, right: Number) -> Number:
    """The difference.

    Raises:
        ArithmeticError: an infinity minus itself has no value.
        LimitError: the number is too large or too small to compute with.
    """
    if left.is_infinite() and right.is_infinite() and left.sign == right.sign:
        raise ArithmeticError("can't subtract infinity from itself")
    return add(left, negate(right))


def multiply(left: Number, right: Number) -> Number:
    """The product, which grows beyond the precision of its factors up to 512 bits rather than be rounded.

    Raises:
        ArithmeticError: zero times infinity has no value.
        LimitError: the number is too large or too small to compute with.
    """
    negative = left.is_signed() != right.is_signed()
    if left.is_infinite() or right.is_infinite():
        if not left or not right:
            raise ArithmeticError("can't multiply zero by infinity")
        return infinity(negative=negative)
    precision = max(left.precision, right.precision)
    if not left or not right:
        return zero(precision, negative=negative)
    mantissa, exponent = _round(left.mantissa * right.mantissa, left.exponent + right.exponent, TEXT_BITS)
    return rounded(mantissa, exponent, max(precision, mantissa.bit_length()))


def divide(left: Number, right: Number) -> Number:
    """The quotient; a number divided by zero is infinite.

    Raises:
        ArithmeticError: zero by zero and infinity by infinity have no value.
        LimitError: the number is too large or too small to compute with.
    """
    negative = left.is_signed() != right.is_signed()
    precision = max(left.precision, right.precision)
    if (not left and not right) or (left.is_infinite() and right.is_infinite()):
        raise ArithmeticError("can't divide zero by zero or infinity by infinity")
    if not right or left.is_infinite():
        return infinity(negative=negative)
    if not left or right.is_infinite():
        return zero(precision, negative=negative)
    shift = left.exponent - right.exponent
    numerator = left.mantissa << max(shift, 0)
    denominator = right.mantissa << max(-shift, 0)
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    return quotient(numerator, denominator, precision)


def modulo(left: Number, right: Number) -> Number:
    """The remainder of a division that rounds towards zero; anything modulo zero is itself.

    Raises:
        ArithmeticError: zero modulo infinity has no value.
        LimitError: the number is too large or too small to compute with.
    """
    if left.is_infinite() or right.is_infinite():
        return multiply(left, right)
    if not right:
        return left
    whole = of(divide(left, right).truncated())
    return subtract(left, multiply(right, whole))


def compare(left: Number, right: Number) -> int:
    """-1, 0 or 1, by exact value."""
    if left.is_infinite() or right.is_infinite():
        a = left.sign if left.is_infinite() else 0
        b = right.sign if right.is_infinite() else 0
        return (a > b) - (a < b)
    exponent = min(left.exponent, right.exponent)
    a = left.mantissa << (left.exponent - exponent)
    b = right.mantissa << (right.exponent - exponent)
    return (a > b) - (a < b)
