"""What a person would call a character: extended grapheme clusters, which Terraform counts, cuts and reverses.

Implements https://www.unicode.org/reports/tr29/ in the version of Unicode 15.0, which Terraform 1.11 has: later ones
join Indic conjuncts and know fewer pictographs. What a character is for a boundary comes from its general category and
the exceptions listed here.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from functools import lru_cache
from typing import Final

EXTEND, ZWJ, PREPEND, PICTOGRAPH, REGIONAL, CONTROL, L, V, T, LV, LVT, OTHER = range(12)

_EXTENDING: Final = frozenset(
    {0xE33, 0xEB3, 0x200C, 0xFF9E, 0xFF9F, *range(0x1F3FB, 0x1F400), *range(0xE0020, 0xE0080)}
)
"""Characters that extend the one before although they are no marks."""

_STANDALONE: Final = frozenset(
    {0x102B, 0x102C, 0x1038, *range(0x1062, 0x1065), *range(0x1067, 0x106E), 0x1083, *range(0x1087, 0x108D), 0x108F}
    | {*range(0x109A, 0x109D), 0x1A61, 0x1A63, 0x1A64, 0xAA7B, 0xAA7D, 0x11720, 0x11721}
)
"""Spacing marks that do not extend the character before."""

_PREPENDING: Final = frozenset(
    {*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0xD4E, 0x110BD, 0x110CD, 0x111C2, 0x111C3}
    | {0x1193F, 0x11941, 0x11A3A, *range(0x11A84, 0x11A8A), 0x11D46, 0x11F02}
)

_IGNORABLE: Final = frozenset({0x2065, *range(0xFFF0, 0xFFF9), 0xFFFD, *range(0xE0000, 0xE1000)})
"""Code points without a character that never join, and the replacement character, which Go takes for an error."""

_PICTOGRAPHS: Final = tuple(
    int(bound, 16)
    for bounds in (  # noqa: SIM905 - a list literal would fill the page
        "a9-a9 ae-ae 203c-203c 2049-2049 2122-2122 2139-2139 2194-2199 21a9-21aa 231a-231b 2328-2328 2388-2388 "
        "23cf-23cf 23e9-23f3 23f8-23fa 24c2-24c2 25aa-25ab 25b6-25b6 25c0-25c0 25fb-25fe 2600-2605 2607-2612 2614-2685 "
        "2690-2705 2708-2712 2714-2714 2716-2716 271d-271d 2721-2721 2728-2728 2733-2734 2744-2744 2747-2747 274c-274c "
        "274e-274e 2753-2755 2757-2757 2763-2767 2795-2797 27a1-27a1 27b0-27b0 27bf-27bf 2934-2935 2b05-2b07 2b1b-2b1c "
        "2b50-2b50 2b55-2b55 3030-3030 303d-303d 3297-3297 3299-3299 1f000-1f0ff 1f10d-1f10f 1f12f-1f12f 1f16c-1f171 "
        "1f17e-1f17f 1f18e-1f18e 1f191-1f19a 1f1ad-1f1e5 1f201-1f20f 1f21a-1f21a 1f22f-1f22f 1f232-1f23a 1f23c-1f23f "
        "1f249-1f3fa 1f400-1f53d 1f546-1f64f 1f680-1f6ff 1f774-1f77f 1f7d5-1f7ff 1f80c-1f80f 1f848-1f84f 1f85a-1f85f "
        "1f888-1f88f 1f8ae-1f8ff 1f90c-1f93a 1f93c-1f945 1f947-1faff 1fc00-1fffd"
    ).split()
    for bound in bounds.split("-")
)
"""First and last of each range of the property Extended_Pictographic, in one ascending row."""


@lru_cache(maxsize=4096)
def _kind(letter: str) -> int:
    code = ord(letter)
    if code == 0x200D:
        return ZWJ
    if code in _EXTENDING:
        return EXTEND
    if code in _PREPENDING:
        return PREPEND
    if 0x1100 <= code <= 0x11FF or 0xA960 <= code <= 0xA97C or 0xAC00 <= code <= 0xD7FB:
        return _hangul(code)
    if 0x1F1E6 <= code <= 0x1F1FF:
        return REGIONAL
    category = unicodedata.category(letter)
    if category in {"Mn", "Me", "Mc"}:
        return OTHER if code in _STANDALONE else EXTEND
    if category in {"Cc", "Cf", "Zl", "Zp", "Cs"} or code in _IGNORABLE:
        return CONTROL
    at = bisect_right(_PICTOGRAPHS, code)
    return PICTOGRAPH if at % 2 or (at and _PICTOGRAPHS[at - 1] == code) else OTHER


def _hangul(code: int) -> int:
    if code <= 0x115F or 0xA960 <= code <= 0xA97C:
        return L
    if code <= 0x11A7 or 0xD7B0 <= code <= 0xD7C6:
        return V
    if code <= 0x11FF or 0xD7CB <= code <= 0xD7FB:
        return T
    if code > 0xD7A3:
        return OTHER
    return LV if (code - 0xAC00) % 28 == 0 else LVT


def clusters(text: str) -> list[str]:
    """The grapheme clusters of a text, in order."""
    if text.isascii():
        # Nothing in ASCII joins, except the one line end.
        return list(text) if "\r\n" not in text else _ascii(text)
    found: list[str] = []
    start = 0
    before = _kind(text[0])
    pictograph, regionals = before == PICTOGRAPH, int(before == REGIONAL)
    for at in range(1, len(text)):
        kind = _kind(text[at])
        crlf = text[at] == "\n" and text[at - 1] == "\r"
        if not crlf and not _joins(before, kind, pictograph=pictograph, regionals=regionals):
            found.append(text[start:at])
            start, pictograph, regionals = at, False, 0
        if kind == PICTOGRAPH:
            pictograph = True
        elif kind not in {EXTEND, ZWJ}:
            pictograph = False
        regionals = regionals + 1 if kind == REGIONAL else 0
        before = kind
    found.append(text[start:])
    return found


def _ascii(text: str) -> list[str]:
    found: list[str] = []
    for line in text.split("\r\n"):
        found.extend(line)
        found.append("\r\n")
    return found[:-1]


def _joins(before: int, after: int, *, pictograph: bool, regionals: int) -> bool:
    """Whether there is no boundary between two characters (GB4 to GB13)."""
    if CONTROL in {before, after}:
        return False
    if after in {EXTEND, ZWJ} or before == PREPEND:
        return True
    if before == L:
        return after in {L, V, LV, LVT}
    if before in {LV, V}:
        return after in {V, T}
    if before in {LVT, T}:
        return after == T
    if before == ZWJ and after == PICTOGRAPH:
        return pictograph
    return before == REGIONAL and after == REGIONAL and regionals % 2 == 1
