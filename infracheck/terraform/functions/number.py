"""Functions of numbers."""

from __future__ import annotations

import math
import string
from functools import cmp_to_key
from math import ceil as up
from math import floor as down
from typing import TYPE_CHECKING

from infracheck.terraform import construct, numbers
from infracheck.terraform.construct import number_in, text_in
from infracheck.terraform.equality import by_number
from infracheck.terraform.functions.signature import FunctionError, function
from infracheck.terraform.types import DYNAMIC, NUMBER, STRING, type_of

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

DIGITS = string.digits + string.ascii_lowercase + string.ascii_uppercase
MAX_DIGITS = 10_000
"""Digits of a number that is parsed."""


@function(NUMBER, returns=NUMBER)
def abs_(arguments: list[Value], origin: Origin) -> Value:
    """`abs(number)`."""
    return construct.number(numbers.absolute(number_in(arguments[0])), origin)


@function(NUMBER, returns=NUMBER)
def ceil(arguments: list[Value], origin: Origin) -> Value:
    """`ceil(number)`."""
    number = number_in(arguments[0])
    return construct.number(number if number.is_infinite() else numbers.of(up(number)), origin)


@function(NUMBER, returns=NUMBER)
def floor(arguments: list[Value], origin: Origin) -> Value:
    """`floor(number)`."""
    number = number_in(arguments[0])
    return construct.number(number if number.is_infinite() else numbers.of(down(number)), origin)


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


@function(NUMBER, NUMBER, returns=NUMBER, name="pow")
def power(arguments: list[Value], origin: Origin) -> Value:
    """`pow(base, exponent)`, as Terraform computes it: in double precision."""
    base, exponent = (float(number_in(argument)) for argument in arguments)
    try:
        result = base**exponent
    except (OverflowError, ZeroDivisionError) as problem:
        raise FunctionError(str(problem)) from None
    if isinstance(result, complex):
        raise FunctionError("the result is not a number")
    return construct.number(numbers.from_float(result), origin)


@function(NUMBER, NUMBER, returns=NUMBER, name="log")
def logarithm(arguments: list[Value], origin: Origin) -> Value:
    """`log(number, base)`, as Terraform computes it: in double precision."""
    top, bottom = (_natural_logarithm(float(number_in(argument))) for argument in arguments)
    if bottom == 0.0:
        # Go divides by zero: no number, or an infinite one of the sign of the first.
        result = math.nan if top == 0.0 or math.isnan(top) else math.copysign(math.inf, top)
    else:
        result = top / bottom
    if math.isnan(result):
        raise FunctionError("the result is not a number")
    return construct.number(numbers.from_float(result), origin)


def _natural_logarithm(number: float) -> float:
    if number == 0:
        return -math.inf
    return math.log(number) if number > 0 else math.nan


@function(DYNAMIC, NUMBER, returns=NUMBER)
def parseint(arguments: list[Value], origin: Origin) -> Value:
    """`parseint(text, base)`; above base 36 small letters are 10 to 35 and capital ones 36 to 61."""
    if type_of(arguments[0]) != STRING:
        raise FunctionError(f"first argument must be a string, not {type_of(arguments[0])}")
    text, base = text_in(arguments[0]), whole(arguments[1])
    if not 2 <= base <= 62:
        raise FunctionError("base must be a whole number between 2 and 62 inclusive")
    digits = text.removeprefix("-") if text[:1] == "-" else text.removeprefix("+")
    if len(digits) > MAX_DIGITS:
        raise FunctionError(f"a number of {len(digits):,} digits; the limit is {MAX_DIGITS:,}")
    values = [_digit(letter, base) for letter in digits]
    if not values or any(not 0 <= value < base for value in values):
        raise FunctionError(f"cannot parse {text!r} as a base {base} integer")
    result = 0
    for value in values:
        result = result * base + value
    return construct.number(numbers.of(-result if text[0] == "-" else result), origin)


def _digit(letter: str, base: int) -> int:
    found = DIGITS.find(letter if base > 36 else letter.lower())
    return found if letter.isascii() else -1


def whole(value: Value) -> int:
    """A whole number that fits into 64 bits, as Go's int does.

    Raises:
        FunctionError: it is none.
    """
    number = number_in(value)
    if not number.is_whole or not -(1 << 63) <= number.truncated() < 1 << 63:
        raise FunctionError("a whole number of at most 64 bits is required")
    return number.truncated()
