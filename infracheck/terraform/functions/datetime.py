"""Functions of timestamps: RFC 3339 in, RFC 3339 or a format of the user's out.

Source: https://developer.hashicorp.com/terraform/language/functions/formatdate and `.../timeadd`, `.../timecmp`.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import TYPE_CHECKING

from infracheck.terraform import construct
from infracheck.terraform.construct import text_in
from infracheck.terraform.functions.signature import FunctionError, function
from infracheck.terraform.types import NUMBER, STRING

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

RFC_3339 = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(?:Z|([+-])(\d\d):(\d\d))", re.ASCII
)  # fmt: skip
DURATION = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
NANOSECONDS = {
    "ns": 1,
    "us": 10**3,
    "µs": 10**3,
    "μs": 10**3,
    "ms": 10**6,
    "s": 10**9,
    "m": 6 * 10**10,
    "h": 36 * 10**11,
}
LONGEST = (1 << 63) - 1
"""Nanoseconds of the longest duration, some 292 years."""
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
TOKEN = re.compile(
    r"'(?P<quoted>(?:[^']|'')*)'|(?P<open>')|(?P<letters>([a-zA-Z])\4*)|(?P<other>[^a-zA-Z']+)", re.ASCII
)


@function(STRING, STRING, returns=STRING)
def timeadd(arguments: list[Value], origin: Origin) -> Value:
    """`timeadd(timestamp, duration)`; fractions of seconds count and are not shown."""
    moment, nanoseconds = _timestamp(text_in(arguments[0]))
    total = nanoseconds + _duration(text_in(arguments[1]))
    try:
        return construct.string(_rfc_3339(moment + timedelta(seconds=total // 10**9)), origin)
    except OverflowError:
        raise FunctionError("the result is beyond the years 1 to 9999") from None


@function(STRING, STRING, returns=NUMBER)
def timecmp(arguments: list[Value], origin: Origin) -> Value:
    """`timecmp(timestamp, timestamp)`: -1, 0 or 1."""
    (first, first_rest), (second, second_rest) = (_timestamp(text_in(argument)) for argument in arguments)
    a, b = (first, first_rest), (second, second_rest)
    return construct.number((a > b) - (a < b), origin)


@function(STRING, STRING, returns=STRING)
def formatdate(arguments: list[Value], origin: Origin) -> Value:
    """`formatdate(format, timestamp)`: runs of letters are parts of the time, what stands in single quotes is text."""
    moment, _ = _timestamp(text_in(arguments[1]))
    found = []
    for token in TOKEN.finditer(text_in(arguments[0])):
        if token["open"]:
            raise FunctionError("unterminated literal '")
        if token["letters"]:
            found.append(_part(token["letters"], moment))
        else:
            found.append(token["other"] if token["quoted"] is None else token["quoted"].replace("''", "'"))
    return construct.string("".join(found), origin)


def _part(letters: str, moment: datetime) -> str:
    month, day = MONTHS[moment.month - 1], DAYS[moment.weekday()]
    hour = moment.hour % 12 or 12
    half = "AM" if moment.hour < 12 else "PM"
    zone = moment.strftime("%z")[:5]
    with_colon = f"{zone[:3]}:{zone[3:]}"
    is_utc = zone == "+0000"
    parts = {
        "YY": f"{moment.year % 100:02}", "YYYY": f"{moment.year:04}",
        "M": str(moment.month), "MM": f"{moment.month:02}", "MMM": month[:3], "MMMM": month,
        "D": str(moment.day), "DD": f"{moment.day:02}", "EEE": day[:3], "EEEE": day,
        "h": str(moment.hour), "hh": f"{moment.hour:02}", "H": str(hour), "HH": f"{hour:02}",
        "AA": half, "aa": half.lower(),
        "m": str(moment.minute), "mm": f"{moment.minute:02}", "s": str(moment.second), "ss": f"{moment.second:02}",
        "Z": "Z" if is_utc else with_colon, "ZZZ": "UTC" if is_utc else zone, "ZZZZ": zone, "ZZZZZ": with_colon,
    }  # fmt: skip
    if letters not in parts:
        raise FunctionError(f"invalid date format verb {letters!r}")
    return parts[letters]


def _timestamp(text: str) -> tuple[datetime, int]:
    """A moment in whole seconds, and the nanoseconds beyond."""
    found = RFC_3339.fullmatch(text)
    if found is None:
        raise FunctionError(f"not a valid RFC3339 timestamp: {text!r}")
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    offset = timedelta(hours=int(found[9] or 0), minutes=int(found[10] or 0))
    try:
        zone = timezone(-offset if found[8] == "-" else offset)
        moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError as problem:
        raise FunctionError(f"not a valid RFC3339 timestamp: {problem}") from None
    return moment, int((found[7] or "0")[:9].ljust(9, "0"))


def _rfc_3339(moment: datetime) -> str:
    text = moment.isoformat(timespec="seconds")
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def _duration(text: str) -> int:
    """A duration as Go writes it ("1h30m", "-1.5h", "0"), in nanoseconds."""
    sign, rest = (-1 if text[:1] == "-" else 1), text.removeprefix("-") if text[:1] == "-" else text.removeprefix("+")
    if rest == "0":
        return 0
    parts = DURATION.findall(rest)
    if not parts or "".join(number + unit for number, unit in parts) != rest:
        raise FunctionError(f"invalid duration {text!r}")
    total = sum(int(Decimal(number) * NANOSECONDS[unit]) for number, unit in parts)
    if total > LONGEST:
        raise FunctionError(f"invalid duration {text!r}")
    return sign * total
