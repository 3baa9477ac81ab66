"""How a function declares what it takes, and the table of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.terraform.types import DYNAMIC

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.source.origin import Origin
    from infracheck.source.values import Value
    from infracheck.terraform.types import Type


class FunctionError(ValueError):
    """A call is in error; its text completes `Call to function "f" failed:`."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function.

    Attributes:
        name: as written in a call.
        run: takes the converted arguments and the origin of the call; gives the result.
        parameters: the types of the fixed arguments.
        rest: the type of further arguments; None where there are none.
        returns: the type of the result where that is fixed, for calls whose result is not known.
        takes_unknown: whether it does something useful with arguments that are not known.
        takes_null: whether null is a value like any other.
        looks_inside: whether it needs everything inside its arguments to be known.
        optional: how many of the last fixed parameters may be left out.
    """

    name: str
    run: Callable[[list[Value], Origin], Value]
    parameters: tuple[Type, ...] = ()
    rest: Type | None = None
    returns: Type = DYNAMIC
    takes_unknown: bool = False
    takes_null: bool = False
    looks_inside: bool = False
    optional: int = 0


FUNCTIONS: dict[str, Function] = {}


def function(
    *parameters: Type,
    name: str = "",
    rest: Type | None = None,
    returns: Type = DYNAMIC,
    takes_unknown: bool = False,
    takes_null: bool = False,
    looks_inside: bool = False,
    optional: int = 0,
) -> Callable[[Callable[[list[Value], Origin], Value]], Callable[[list[Value], Origin], Value]]:
    """Declare a function; its name is that of the Python function, less a trailing underscore."""

    def declare(run: Callable[[list[Value], Origin], Value]) -> Callable[[list[Value], Origin], Value]:
        called = name or run.__name__.removesuffix("_")
        FUNCTIONS[called] = Function(
            called, run, parameters, rest, returns, takes_unknown, takes_null, looks_inside, optional
        )
        return run

    return declare
