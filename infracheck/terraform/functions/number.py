"""Functions of numbers."""

from __future__ import annotations

from functools import cmp_to_key
from math import ceil as up
from math import floor as down
from typing import TYPE_CHECKING

from infracheck.terraform import construct, numbers
from infracheck.terraform.construct import number_in, text_in
from infracheck.terraform.equality import by_number
from infracheck.terraform.functions.signature import FunctionError, function
from infracheck.terraform.types import NUMBER, STRING

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

MAX_EXPONENT = 4096


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
    """`signum(number)`."""
    return construct.number(numbers.of(numbers.compare(number_in(arguments[0]), numbers.of(0))), origin)


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


@function(STRING, NUMBER, returns=NUMBER)
def parseint(arguments: list[Value], origin: Origin) -> Value:
    """`parseint(text, base)`."""
    text, base = text_in(arguments[0]), number_in(arguments[1])
    if not base.is_whole or not 2 <= base.truncated() <= 62:
        raise FunctionError("base must be a whole number between 2 and 62 inclusive")
    try:
        return construct.number(numbers.of(int(text, min(base.truncated(), 36))), origin)
    except ValueError:
        raise FunctionError(f"cannot parse {text!r} as a base {base.truncated()} integer") from None
