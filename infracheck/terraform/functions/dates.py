"""Functions of time: RFC 3339 timestamps, as Go reads and writes them."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, Final, NamedTuple

from infracheck.terraform import construct
from infracheck.terraform.construct import text_in
from infracheck.terraform.functions.signature import FunctionError, function
from infracheck.terraform.types import NUMBER, STRING

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

TIMESTAMP: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d?):(\d\d):(\d\d)(?:[.,](\d+))?(?:Z|([-+])(\d\d):(\d\d))", re.ASCII
)
MONTHS: Final = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905 - shorter to read than a list
)
WEEKDAYS: Final = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905 - as above
MONTH_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

NANOSECOND: Final = 1
SECOND: Final = 10**9
UNITS: Final = {
    "ns": NANOSECOND,
    "us": 10**3,
    "\u00b5s": 10**3,
    "\u03bcs": 10**3,
    "ms": 10**6,
    "s": SECOND,
    "m": 60 * SECOND,
    "h": 3600 * SECOND,
}
"""Nanoseconds in each unit of a duration; the micro sign and the Greek letter are both in use."""

DURATION_PART: Final = re.compile(r"(\d*)(?:\.(\d*))?(ns|us|\u00b5s|\u03bcs|ms|s|m|h)", re.ASCII)
MAX_DURATION: Final = 2**63
"""Nanoseconds that Go counts to."""

MAX_OFFSET_HOURS: Final = 24
MAX_OFFSET_MINUTES: Final = 60
DAY_SECONDS: Final = 86_400
CYCLE_DAYS: Final = 146_097
"""Days in 400 years of the Gregorian calendar."""

FORMAT_PART: Final = re.compile(r"''|'(?!')(?:[^']|'')*'|'|([A-Za-z])\1*|[^A-Za-z']+")


class Time(NamedTuple):
    """A point in time, as a zone writes it.

    Attributes:
        seconds: since 1970-01-01T00:00:00Z.
        nanoseconds: of the second.
        offset: of the zone from UTC, in seconds.
    """

    seconds: int
    nanoseconds: int
    offset: int


class Fields(NamedTuple):
    """The parts of a time."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int
    weekday: int


def parse(text: str) -> Time:
    """A timestamp.

    Raises:
        FunctionError: the text is something else.
    """
    found = TIMESTAMP.fullmatch(text)
    if found is None:
        raise FunctionError(f"not a valid RFC3339 timestamp: {text!r}")
    year, month, day, hour, minute, second = (int(part) for part in found.groups()[:6])
    if not (1 <= month <= 12 and 1 <= day <= _days_in(year, month) and hour < 24 and minute < 60 and second < 60):
        raise FunctionError(f"not a valid RFC3339 timestamp: {text!r}: a part is out of range")
    offset = 0
    if found[8]:
        hours, minutes = int(found[9]), int(found[10])
        if hours > MAX_OFFSET_HOURS or minutes > MAX_OFFSET_MINUTES:
            raise FunctionError(f"not a valid RFC3339 timestamp: {text!r}: the offset is out of range")
        offset = (hours * 60 + minutes) * 60 * (-1 if found[8] == "-" else 1)
    days = _days_before(year, month, day)
    seconds = days * DAY_SECONDS + (hour * 60 + minute) * 60 + second - offset
    return Time(seconds, int((found[7] or "0").ljust(9, "0")[:9]), offset)


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def _days_in(year: int, month: int) -> int:
    return 29 if month == 2 and _is_leap(year) else MONTH_DAYS[month - 1]


def _days_before(year: int, month: int, day: int) -> int:
    """Days from 1970-01-01 to a date."""
    before = year - 1
    days = before * 365 + before // 4 - before // 100 + before // 400
    return days + sum(_days_in(year, each) for each in range(1, month)) + day - 719_163


def fields(time: Time) -> Fields:
    """The parts of a time, as its zone writes them. Years before 1 count on downwards."""
    days, rest = divmod(time.seconds + time.offset, DAY_SECONDS)
    cycles, within = divmod(days + 719_162, CYCLE_DAYS)
    year = cycles * 400 + 1
    while within >= (366 if _is_leap(year) else 365):
        within -= 366 if _is_leap(year) else 365
        year += 1
    month = 1
    while within >= _days_in(year, month):
        within -= _days_in(year, month)
        month += 1
    return Fields(year, month, within + 1, rest // 3600, rest // 60 % 60, rest % 60, (days + 3) % 7)


def rfc3339(time: Time) -> str:
    """A time as Go writes it with the layout RFC 3339: without fractions of a second."""
    now = fields(time)
    year = f"{'-' if now.year < 0 else ''}{abs(now.year):04d}"
    date = f"{year}-{now.month:02d}-{now.day:02d}T{now.hour:02d}:{now.minute:02d}:{now.second:02d}"
    return date + ("Z" if time.offset == 0 else _offset(time.offset, ":"))


def _offset(offset: int, separator: str) -> str:
    hours, minutes = divmod(abs(offset) // 60, 60)
    return f"{'-' if offset < 0 else '+'}{hours:02d}{separator}{minutes:02d}"


@function(STRING, STRING, returns=NUMBER)
def timecmp(arguments: list[Value], origin: Origin) -> Value:
    """`timecmp(a, b)`: -1, 0 or 1."""
    left, right = (parse(text_in(argument))[:2] for argument in arguments)
    return construct.number((left > right) - (left < right), origin)


@function(STRING, STRING, returns=STRING)
def timeadd(arguments: list[Value], origin: Origin) -> Value:
    """`timeadd(timestamp, duration)`."""
    time = parse(text_in(arguments[0]))
    total = time.seconds * SECOND + time.nanoseconds + _duration(text_in(arguments[1]))
    return construct.string(rfc3339(Time(total // SECOND, total % SECOND, time.offset)), origin)


def _duration(text: str) -> int:
    """A duration of Go (https://pkg.go.dev/time#ParseDuration) in nanoseconds."""
    negative = text.startswith("-")
    rest = text[1:] if text.startswith(("+", "-")) else text
    if rest == "0":
        return 0
    total = 0
    at = 0
    while at < len(rest):
        found = DURATION_PART.match(rest, at)
        if found is None or not (found[1] or found[2]):
            raise FunctionError(f"time: invalid duration {text!r}")
        unit = UNITS[found[3]]
        total += int(found[1][:30] or "0") * unit
        # Each part loses what is below a nanosecond.
        total += int(Fraction(int((found[2] or "0")[:30]), 10 ** len((found[2] or "0")[:30])) * unit)
        at = found.end()
    if not rest or total > MAX_DURATION - (not negative):
        raise FunctionError(f"time: invalid duration {text!r}")
    return -total if negative else total


@function(STRING, STRING, returns=STRING)
def formatdate(arguments: list[Value], origin: Origin) -> Value:
    """`formatdate(format, timestamp)`."""
    time = parse(text_in(arguments[1]))
    out: list[str] = []
    spec = text_in(arguments[0])
    for part in FORMAT_PART.finditer(spec):
        text = part[0]
        if text[0] == "'":
            if len(text) < 2:
                raise FunctionError("unterminated literal")
            # Two quotes alone are a quote, and so are two within quotes.
            out.append(text[1:-1].replace("''", "'") if len(text) > 2 else "'")
        elif part[1]:
            out.append(_verb(text, time, fields(time)))
        else:
            out.append(text)
    return construct.string("".join(out), origin)


def _verb(verb: str, time: Time, now: Fields) -> str:
    zone = _offset(time.offset, "")
    zoned = _offset(time.offset, ":")
    known = {
        "YYYY": f"{now.year:04d}",
        "YY": f"{now.year % 100:02d}",
        "MMMM": MONTHS[now.month - 1],
        "MMM": MONTHS[now.month - 1][:3],
        "MM": f"{now.month:02d}",
        "M": str(now.month),
        "DD": f"{now.day:02d}",
        "D": str(now.day),
        "EEEE": WEEKDAYS[now.weekday],
        "EEE": WEEKDAYS[now.weekday][:3],
        "hh": f"{now.hour:02d}",
        "h": str(now.hour),
        "HH": f"{now.hour % 12 or 12:02d}",
        "H": str(now.hour % 12 or 12),
        "AA": "AM" if now.hour < 12 else "PM",
        "aa": "am" if now.hour < 12 else "pm",
        "mm": f"{now.minute:02d}",
        "m": str(now.minute),
        "ss": f"{now.second:02d}",
        "s": str(now.second),
        "ZZZZZ": zoned,
        "ZZZZ": zone,
        "ZZZ": zone if time.offset else "UTC",
        "Z": zoned if time.offset else "Z",
    }
    if verb not in known:
        raise FunctionError(f"invalid date format verb {verb!r}")
    return known[verb]
