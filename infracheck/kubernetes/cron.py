"""Cron schedules, as the CronJob controller reads them.

Sources: `validateScheduleFormat` in `pkg/apis/batch/validation/validation.go`, which calls `ParseStandard` of
https://pkg.go.dev/github.com/robfig/cron/v3 (grammar, macros, what `?` and steps mean), and
https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from typing import Final

from infracheck.kubernetes.duration import parse_duration

MACROS: Final = frozenset({"@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"})
LONGEST: Final = 1000
"""Characters of a schedule that are read; real ones have under a hundred."""
_LEAP_YEAR = 2024


class ScheduleError(ValueError):
    """A text is no schedule; Kubernetes refuses the CronJob."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a field may hold.

    Attributes:
        name: the field, for messages.
        least, most: its numbers.
        names: words for some of them.
    """

    name: str
    least: int
    most: int
    names: tuple[str, ...] = ()


FIELDS: Final = (
    Bounds("minute", 0, 59),
    Bounds("hour", 0, 23),
    Bounds("day of month", 1, 31),
    Bounds("month", 1, 12, ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")),
    Bounds("day of week", 0, 6, ("sun", "mon", "tue", "wed", "thu", "fri", "sat")),
)


@dataclass(frozen=True, slots=True)
class Schedule:
    """A schedule with five fields.

    Attributes:
        minutes, hours, days, months, weekdays: the numbers of each field.
        any_day, any_weekday: whether the field is `*` or `?`, which leaves the choice of the day to the other.
    """

    minutes: frozenset[int]
    hours: frozenset[int]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    any_weekday: bool

    @property
    def is_ever_due(self) -> bool:
        """Whether some day of some year fits: 30 February does not, unless a day of the week fits instead."""
        if not self.minutes or not self.hours:
            return False
        if not self.any_weekday:
            return True
        return any(day <= calendar.monthrange(_LEAP_YEAR, month)[1] for month in self.months for day in self.days)


def parse_schedule(text: str) -> Schedule | None:
    """A schedule; None for a macro (`@daily`) or an interval (`@every 1h30m`), which are always due.

    Raises:
        ScheduleError: Kubernetes refuses it, and why.
    """
    if len(text) > LONGEST:
        raise ScheduleError(f"it is longer than {LONGEST} characters")
    if "TZ" in text:
        raise ScheduleError("a time zone belongs into timeZone, not into the schedule")
    if text.startswith("@"):
        _check_macro(text)
        return None
    parts = text.split()
    if len(parts) != len(FIELDS):
        raise ScheduleError(f"it has {len(parts)} fields, and cron has {len(FIELDS)}: minute hour day month weekday")
    minutes, hours, days, months, weekdays = (_field(part, at) for part, at in zip(parts, FIELDS, strict=True))
    return Schedule(minutes, hours, days, months, weekdays, _is_any(parts[2]), _is_any(parts[4]))


def _check_macro(text: str) -> None:
    if text.startswith("@every "):
        if parse_duration(text.removeprefix("@every ")) is None:
            raise ScheduleError(f"{text.removeprefix('@every ')!r} is no duration")
    elif text not in MACROS:
        raise ScheduleError(f"there is no macro {text.split(maxsplit=1)[0]}")


def _is_any(part: str) -> bool:
    """Whether one element of a list is `*` or `?`, with a step of one or none: `*/2` restricts."""
    return any(element.partition("/")[0] in ("*", "?") and _step(element) == 1 for element in part.split(","))


def _step(element: str) -> int:
    text = element.partition("/")[2]
    return int(text) if text.isascii() and text.isdigit() else 1


def _field(part: str, bounds: Bounds) -> frozenset[int]:
    # Empty elements are left out, as `strings.FieldsFunc` does.
    return frozenset(number for element in part.split(",") if element for number in _element(element, bounds))


def _element(element: str, bounds: Bounds) -> range:
    span, slash, step_text = element.partition("/")
    if slash and "/" in step_text:
        raise ScheduleError(f"{element!r} has more than one step")
    first, dash, last = span.partition("-")
    if first in ("*", "?"):
        # What follows the dash is ignored: `*-5` reads as `*`.
        start, end = bounds.least, bounds.most
    else:
        if "-" in last:
            raise ScheduleError(f"{element!r} has more than one hyphen")
        start = _number(first, bounds)
        end = _number(last, bounds) if dash else (bounds.most if slash else start)
    step = _number(step_text, Bounds("step", 0, LONGEST)) if slash else 1
    if start < bounds.least or end > bounds.most:
        raise ScheduleError(f"{bounds.name} {element} is outside {bounds.least}-{bounds.most}")
    if start > end:
        raise ScheduleError(f"{bounds.name} {element} begins after its end")
    if step == 0:
        raise ScheduleError(f"{bounds.name} {element} has a step of 0")
    return range(start, end + 1, step)


def _number(text: str, bounds: Bounds) -> int:
    if text.lower() in bounds.names:
        return bounds.least + bounds.names.index(text.lower())
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise ScheduleError(f"{text!r} is no {bounds.name}")
    return int(text)
