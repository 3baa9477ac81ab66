"""From origins to the locations a report prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.engine.redact import redact, redact_span
from infracheck.findings.finding import Location

if TYPE_CHECKING:
    from infracheck.source.files import Span
    from infracheck.source.origin import Origin

MAX_LINE = 200
"""Characters of a source line that a report quotes."""
LONGEST_SECRET = 4096
"""Characters after those that are shown which may belong to a secret that begins there."""


def location(origin: Origin, *, secret: bool = False) -> Location:
    """Where an origin is, with its line quoted. What spans several lines is named by the first of them.

    Args:
        origin: the place.
        secret: whether the text of its span must not be shown.
    """
    span = origin.span
    line, column = span.file.position(span.start)
    text = span.file.line_text(line)
    end = min(column + max(span.end - span.start, 1), max(len(text), column) + 1)
    return Location(
        path=span.file.path,
        line=line,
        column=column,
        end_line=line,
        end_column=end,
        step=origin.step,
        text=_quote(span, text, column, secret=secret),
    )


def _quote(span: Span, text: str, column: int, *, secret: bool) -> str:
    start = column - 1
    # Enough of the line that a secret which begins in what is shown is recognised; a file of one line may be long.
    text = text[: MAX_LINE + LONGEST_SECRET]
    shown = redact_span(text, start, start + span.end - span.start) if secret else redact(text)
    return shown if len(shown) <= MAX_LINE else f"{shown[: MAX_LINE - 1]}…"
