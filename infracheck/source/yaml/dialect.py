"""What an unquoted YAML scalar means: each program that reads YAML here has its own answer.

Facts from the sources of `goyaml.v2`, `goyaml.v3` (sigs.k8s.io/yaml) and the YAML 1.2.2 core schema (§10.3.2).
"""

from __future__ import annotations

import base64
import binascii
import math
import re
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infracheck.source.values import Plain, Scalar


class Dialect(Enum):
    """The reader whose answers count."""

    KUBERNETES = "kubernetes"
    """Resources as kustomize reads them (goyaml.v3): `yes` and `on` are text, timestamps become RFC 3339 text."""
    KUBECTL = "kubectl"
    """sigs.k8s.io/yaml, YAML 1.1: kustomization files, JSON patches, and what `kubectl apply` reads. `yes`, `no`, `on`,
    `off`, `y` and `n` are booleans, keys become text, the last of two equal keys wins."""
    ACTIONS = "actions"
    """GitHub workflows, YAML 1.2 core schema: `on` is text, there are no merge keys."""


NULLS = frozenset({"", "~", "null", "Null", "NULL"})
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
BOOLEANS_1_1 = BOOLEANS | {
    text: value
    for value, texts in ((True, "y Y yes Yes YES on On ON"), (False, "n N no No NO off Off OFF"))
    for text in texts.split()
}
SPECIAL_FLOATS = {
    **{sign + text: math.inf for sign in ("", "+") for text in (".inf", ".Inf", ".INF")},
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
GO_INTEGER = re.compile(
    r"(?P<sign>[-+]?)(?:0[xX](?P<x>[0-9a-fA-F]+)|0[bB](?P<b>[01]+)|0[oO]?(?P<o>[0-7]+)|(?P<d>0|[1-9][0-9]*))\Z"
)
"""What Go's strconv.ParseInt with base 0 accepts."""
CORE_INTEGER = re.compile(r"(?:0x(?P<x>[0-9a-fA-F]+)|0o(?P<o>[0-7]+)|(?P<d>[-+]?[0-9]+))\Z")
TIMESTAMP = re.compile(
    r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)"
    r"(?:(?P<separator>[Tt]|[ ])(?P<hour>\d\d?):(?P<minute>\d\d?):(?P<second>\d\d?)(?P<fraction>[.,]\d+)?"
    r"(?P<zone>Z|[-+]\d\d:\d\d)?)?\Z"
)
BASES = (("x", 16), ("o", 8), ("b", 2), ("d", 10))
PREFIX = "tag:yaml.org,2002:"
TYPED = frozenset({"null", "bool", "int", "float", "timestamp"})
"""The kinds of value, by their tags, that not every text can be."""
BLOCK_OR_QUOTED = frozenset({"'", '"', "|", ">"})
SMALLEST, LARGEST = -(2**63), 2**64 - 1
"""What fits a Go int64 or uint64; beyond, a number is a float."""
LONGEST_NUMBER = 400
"""Characters; more digits than this are beyond any float, and Python refuses to read them past 4,300."""


class TagProblem(ValueError):  # noqa: N818 - named as SyntaxProblem, which it becomes
    """An explicit tag contradicts the text it stands before."""


def resolve(scalar: Scalar, dialect: Dialect) -> Plain:
    """What a scalar read under one dialect means under another.

    Raises:
        TagProblem: its explicit tag contradicts its text.
    """
    if scalar.text is None:
        return scalar.value
    return resolve_text(scalar.text, scalar.style, scalar.tag, dialect)


def resolve_text(text: str, style: str, tag: str | None, dialect: Dialect) -> Plain:
    """The value of a scalar: its text after quotes and escapes are read, its style ("" is plain) and explicit tag.

    Raises:
        TagProblem: the tag contradicts the text.
    """
    if tag is None or tag == "!":
        # goyaml.v3 passes over a lone `!`, which makes a text of what follows for everyone else.
        is_text = style in BLOCK_OR_QUOTED or (tag == "!" and dialect is not Dialect.KUBERNETES)
        return text if is_text else plain(text, dialect)
    short = tag.removeprefix(PREFIX).removeprefix("!!")
    if short == "str" or (tag.startswith("!") and not tag.startswith("!!")):
        return text
    if short == "binary":
        return _binary(text)
    if short not in TYPED:
        return text
    if not fits(text, short, dialect):
        raise TagProblem(f"cannot read `{text[:80]}` as {short}")
    return plain(text, dialect)


def fits(text: str, kind: str, dialect: Dialect) -> bool:
    """Whether a text may stand behind the tag of a kind: "null", "bool", "int", "float" or "timestamp"."""
    found = kind_of(text, dialect)
    return found == kind or (kind == "float" and found == "int")


def kind_of(text: str, dialect: Dialect) -> str:
    """What an unquoted text is, in the words of YAML's tags: one of those of `fits`, or "str"."""
    value = plain(text, dialect)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "bool"
    if isinstance(value, str):
        return "str" if timestamp(text) is None else "timestamp"
    # A whole float has become an int, as in the JSON it ends up in.
    pattern = CORE_INTEGER if dialect is Dialect.ACTIONS else GO_INTEGER
    return "int" if isinstance(value, int) and pattern.match(text.replace("_", "")) else "float"


@lru_cache(maxsize=65536)
def plain(text: str, dialect: Dialect) -> Plain:
    """The value of an unquoted scalar without a tag. Whole floats are int, as in the JSON they end up in."""
    if text in NULLS:
        return None
    booleans = BOOLEANS_1_1 if dialect is Dialect.KUBECTL else BOOLEANS
    if text in booleans:
        return booleans[text]
    if text in SPECIAL_FLOATS:
        return SPECIAL_FLOATS[text]
    if text[0] not in "0123456789+-." or len(text) > LONGEST_NUMBER:
        return text
    if dialect is Dialect.ACTIONS:
        found = CORE_INTEGER.match(text)
        return _integer(found) if found else _float(text)
    if dialect is Dialect.KUBERNETES and text[0].isdigit():
        moment = timestamp(text)
        if moment is not None:
            return moment
    return _go_number(text)


def _go_number(text: str) -> Plain:
    bare = text.replace("_", "") if text[0] != "." else text
    found = GO_INTEGER.match(bare) if text[0] != "." else None
    if found:
        number = _integer(found)
        if SMALLEST <= number <= LARGEST and not (found["sign"] == "+" and number > 2**63 - 1):
            return number
        if found["d"] is None:
            return text
    value = _float(bare)
    return text if isinstance(value, str) else value


def _integer(found: re.Match[str]) -> int:
    for group, base in BASES:
        digits = found.groupdict().get(group)
        if digits is not None:
            return int(digits, base) * (-1 if found.groupdict().get("sign") == "-" else 1)
    raise AssertionError(found)


def _float(text: str) -> int | float | str:
    if not FLOAT.match(text):
        return text
    number = float(text)
    if math.isinf(number):
        return text
    return whole(number) if number.is_integer() else number


def whole(number: float) -> int:
    """A float without a fraction, as it comes back from the JSON that Go writes.

    Below 1e21 Go writes no exponent, but the fewest digits that tell the number from its neighbours, filled up with
    zeros: 2**55 is 36028797018963970.
    """
    return int(Decimal(repr(number))) if abs(number) < 1e21 else int(number)


def timestamp(text: str) -> str | None:
    """A YAML timestamp as goyaml.v3 and Go's JSON encoder print it (RFC 3339), or None for any other text."""
    found = TIMESTAMP.match(text)
    if not found:
        return None
    year, month, day = (int(found[part]) for part in ("year", "month", "day"))
    if not _is_date(year, month, day):
        return None
    if found["hour"] is None:
        return f"{year:04}-{month:02}-{day:02}T00:00:00Z"
    if found["separator"] == "t" and not found["zone"]:
        return None
    if (found["separator"] in "Tt") != bool(found["zone"]):
        return None
    hour, minute, second = (int(found[part]) for part in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 59:
        return None
    fraction = (found["fraction"] or "").replace(",", ".")[:10].rstrip("0")
    fraction = "" if fraction == "." else fraction
    zone = "Z" if found["zone"] in {None, "+00:00", "-00:00"} else found["zone"]
    return f"{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{zone}"


def _is_date(year: int, month: int, day: int) -> bool:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    lengths = (31, 29 if leap else 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return 1 <= month <= 12 and 1 <= day <= lengths[month - 1]


def _binary(text: str) -> str:
    try:
        return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
    except (binascii.Error, ValueError) as problem:
        raise TagProblem("!!binary value contains invalid base64 data") from problem
