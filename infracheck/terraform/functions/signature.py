"""How a function declares what it takes, and the table of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from infracheck.terraform.construct import number_in
from infracheck.terraform.types import DYNAMIC

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.source.values import Value
    from infracheck.terraform.types import Type

INT_BITS: Final = 63
"""Whole numbers that Go code takes as `int` have this many bits beside the sign."""


class FunctionError(ValueError):
    """A call is in error; its text completes `Call to function "f" failed:`."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function.

    Attributes:
        name: as written in a call.
        run: takes the converted arguments and the origin of the call, and the evaluator if it needs that; gives the
            result.
        parameters: the types of the fixed arguments.
        rest: the type of further arguments; None where there are none.
        returns: the type of the result where that is fixed, for calls whose result is not known.
        takes_unknown: whether it does something useful with arguments that are not known.
        takes_null: whether null is a value like any other. Where there are further arguments, that is about those.
        looks_inside: whether it needs everything inside its arguments to be known.
        keeps_marks: whether it decides itself what of its result is sensitive; else all of it is, if any argument or
            anything inside one is.
        needs_evaluator: whether it reads files or evaluates templates.
        optional: how many of the last fixed parameters may be left out; they count as further arguments.
    """

    name: str
    run: Callable[..., Value]
    parameters: tuple[Type, ...] = ()
    rest: Type | None = None
    returns: Type = DYNAMIC
    takes_unknown: bool = False
    takes_null: bool = False
    looks_inside: bool = False
    keeps_marks: bool = False
    needs_evaluator: bool = False
    optional: int = 0

    @property
    def required(self) -> int:
        """How many arguments a call has at least."""
        return len(self.parameters) - self.optional

    def allows_null(self, position: int) -> bool:
        """Whether the argument at a position, from 0, may be null."""
        return self.takes_null and (position >= self.required or (self.rest is None and not self.optional))


FUNCTIONS: dict[str, Function] = {}


Run = TypeVar("Run", bound="Callable[..., Value]")


def function(
    *parameters: Type,
    name: str = "",
    rest: Type | None = None,
    returns: Type = DYNAMIC,
    takes_unknown: bool = False,
    takes_null: bool = False,
    looks_inside: bool = False,
    keeps_marks: bool = False,
    needs_evaluator: bool = False,
    optional: int = 0,
) -> Callable[[Run], Run]:
    """Declare a function; its name is that of the Python function, less a trailing underscore."""

    def declare(run: Run) -> Run:
        called = name or run.__name__.removesuffix("_")
        FUNCTIONS[called] = Function(
            name=called,
            run=run,
            parameters=parameters,
            rest=rest,
            returns=returns,
            takes_unknown=takes_unknown,
            takes_null=takes_null,
            looks_inside=looks_inside,
            keeps_marks=keeps_marks,
            needs_evaluator=needs_evaluator,
            optional=optional,
        )
        return run

    return declare


def whole(value: Value) -> int:
    """The whole number of a known, non-null number value, as Go code takes it.

    Raises:
        FunctionError: it has a fraction, or does not fit 64 bits.
    """
    number = number_in(value)
    if not number.is_whole or not -(1 << INT_BITS) <= number.truncated() < 1 << INT_BITS:
        raise FunctionError(
            "value must be a whole number, between -9223372036854775808 and 9223372036854775807 inclusive"
        )
    return number.truncated()
