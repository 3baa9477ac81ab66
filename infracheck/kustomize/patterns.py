"""Go's regular expressions, for the patterns that kustomizations may hold.

Go (RE2) matches in linear time. Python's engine backtracks, so a pattern is refused if it could take exponentially long
on the short names it is used for: a repetition inside a repetition, or very many of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from re import _constants as codes  # type: ignore[attr-defined,unused-ignore]  # the parse tree has no public name
from re import _parser as parser  # type: ignore[attr-defined,unused-ignore]  # as above
from typing import TYPE_CHECKING, Any

from infracheck.source.errors import LimitError, RenderError

if TYPE_CHECKING:
    from infracheck.source.origin import Origin

MAX_REPETITIONS = 6
"""Unbounded repetitions in one pattern; with more, matching a 253-character name could take minutes."""
REPETITIONS = frozenset({codes.MAX_REPEAT, codes.MIN_REPEAT})
UNSUPPORTED = frozenset({codes.ASSERT, codes.ASSERT_NOT, codes.GROUPREF, codes.GROUPREF_EXISTS})
"""Look-around and back references: Go has none."""


@dataclass(frozen=True, slots=True)
class GoPattern:
    """A pattern with Go's meaning."""

    pattern: re.Pattern[str]

    def found_in(self, text: str) -> bool:
        """Whether it matches anywhere in a text."""
        return self.pattern.search(text) is not None


def go_pattern(text: str, origin: Origin) -> GoPattern:
    """A compiled pattern.

    Raises:
        RenderError: it is malformed.
        LimitError: matching it could take too long.
    """
    try:
        return _compiled(text)
    except re.error as problem:
        raise RenderError(f"`{text}` is not a regular expression: {problem}", origin) from problem
    except (RecursionError, OverflowError, _TooCostlyError) as problem:
        raise LimitError(
            f"the regular expression `{text[:80]}` is too complex to be matched safely", origin
        ) from problem


class _TooCostlyError(Exception):
    """A pattern may backtrack without bound."""


@lru_cache(maxsize=4096)
def _compiled(text: str) -> GoPattern:
    # In Go, `$` is the end of the text alone, and \z is its other name.
    source = re.sub(r"(?<!\\)((?:\\\\)*)\\z", r"\1\\Z", text)
    source = re.sub(r"(?<!\\)((?:\\\\)*)\$(?![^\[]*\])", r"\1\\Z", source)
    if _count(parser.parse(source, re.ASCII), inside=False) > MAX_REPETITIONS:
        raise _TooCostlyError
    return GoPattern(re.compile(source, re.ASCII))


def _count(tree: Any, *, inside: bool) -> int:
    """How many unbounded repetitions there are."""
    count = 0
    for operation, argument in tree:
        if operation in UNSUPPORTED:
            raise re.error("look-around and back references are not supported")
        if operation in REPETITIONS:
            low, high, body = argument
            unbounded = high is codes.MAXREPEAT or high > low + 1
            if unbounded and inside:
                raise _TooCostlyError
            count += unbounded + _count(body, inside=inside or unbounded)
        elif operation is codes.BRANCH:
            count += sum(_count(branch, inside=inside) for branch in argument[1])
        elif operation is codes.SUBPATTERN:
            count += _count(argument[-1], inside=inside)
    return count
