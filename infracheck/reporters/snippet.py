"""A quoted source line with marks under its guilty part, cut to the width there is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.reporters.escape import one_line
from infracheck.reporters.style import display_width

if TYPE_CHECKING:
    from infracheck.findings.finding import Location

LEAST_ROOM = 30
"""Columns that a quoted line gets however narrow the terminal is."""
CUT = "..."


def snippet(place: Location, room: int) -> tuple[str, str, str]:
    """The line, the blanks before the marks, and the marks.

    Args:
        place: the location, with its line's text.
        room: how many columns the line may take.
    """
    text = place.text.replace("\t", " ")
    start = min(max(place.column - 1, 0), len(text))
    end = place.end_column - 1 if place.end_line == place.line else len(text)
    end = max(min(end, len(text)), start)
    room = max(room, LEAST_ROOM)
    before, guilty, after = (one_line(part) for part in (text[:start], text[start:end], text[end:]))
    if display_width(before + guilty + after) > room:
        before = _last(before, max(room // 3, room - len(guilty) - len(after)))
        guilty = _first(guilty, room - len(before))
        after = _first(after, room - len(before) - len(guilty))
    return before + guilty + after, " " * display_width(before), "^" * max(display_width(guilty), 1)


def _first(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    return text[: room - len(CUT)] + CUT if room > len(CUT) else ""


def _last(text: str, room: int) -> str:
    if len(text) <= room:
        return text
    return CUT + text[len(text) - room + len(CUT) :] if room > len(CUT) else ""
