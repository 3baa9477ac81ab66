"""Does a condition hold? Reading an unknown value raises `NotJudged`, as everywhere."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.policies.model import Condition
    from infracheck.source.field import Field

MAX_TEXT = 10_000
"""Characters of a text that a pattern sees: more would let a bad pattern take for ever."""


def holds(condition: Condition, here: Field) -> bool:
    """Whether the condition is true of a field.

    Raises:
        NotJudged: it needs a value that is unknown.
    """
    return failing(condition, here) is None


def failing(condition: Condition, here: Field) -> Field | None:
    """The field that makes the condition false, or None where it is true.

    Raises:
        NotJudged: it needs a value that is unknown.
    """
    if condition.each is not None:
        rest = condition.model_copy(update={"each": None})
        found = (failing(rest, element) for element in here.at(condition.each))
        return next((field for field in found if field is not None), None)
    if condition.all_of:
        found = (failing(part, here) for part in condition.all_of)
        return next((field for field in found if field is not None), None)
    if condition.any_of:
        parts = [failing(part, here) for part in condition.any_of]
        return None if None in parts else parts[0]
    if condition.not_ is not None:
        return None if failing(condition.not_, here) is not None else _subject(condition.not_, here)
    field = here.at(condition.field) if condition.field else here
    return None if all(_compare(condition, name, field) for name in condition.operators) else field


def _subject(condition: Condition, here: Field) -> Field:
    while condition.not_ is not None or condition.all_of or condition.any_of:
        condition = condition.not_ or (condition.all_of or condition.any_of)[0]
    return here.at(condition.field) if condition.field else here


def _compare(condition: Condition, operator: str, field: Field) -> bool:
    wanted = getattr(condition, operator)
    if operator == "exists":
        return field.exists is bool(wanted)
    field.require()
    value = field.plain() if field.exists else condition.default
    return bool(OPERATIONS[operator](value, wanted))


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(wanted, bool) and isinstance(value, str):
        return value == str(wanted).lower()
    if isinstance(wanted, bool) or isinstance(value, bool):
        return value is wanted
    if isinstance(value, (int, float)) and isinstance(wanted, str):
        return str(value) == wanted
    return bool(value == wanted)


def _found(value: Any, pattern: str) -> bool:
    return value is not None and _compiled(pattern).search(str(value)[:MAX_TEXT]) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _contains(value: Any, wanted: Any) -> bool:
    if isinstance(value, str):
        return str(wanted) in value
    return any(_same(item, wanted) for item in value) if isinstance(value, list) else False


def _number(value: Any) -> float | None:
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None


def _at_least(value: Any, wanted: float) -> bool:
    number = _number(value)
    return number is not None and number >= wanted


def _at_most(value: Any, wanted: float) -> bool:
    number = _number(value)
    return number is not None and number <= wanted


OPERATIONS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": _same,
    "not_equals": lambda value, wanted: not _same(value, wanted),
    "one_of": lambda value, wanted: any(_same(value, one) for one in wanted),
    "none_of": lambda value, wanted: not any(_same(value, one) for one in wanted),
    "matches": _found,
    "not_matches": lambda value, wanted: not _found(value, wanted),
    "contains": _contains,
    "excludes": lambda value, wanted: not _contains(value, wanted),
    "at_least": _at_least,
    "at_most": _at_most,
}
