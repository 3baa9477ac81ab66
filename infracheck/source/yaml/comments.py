"""Where the comments of a YAML file stand."""

from __future__ import annotations

import re
from typing import Any

from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]  # re-exported without __all__
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import ScalarEvent

from infracheck.source.files import SourceFile, Span
from infracheck.source.yaml.colons import masked, unused_character

COMMENT = re.compile(r"(?:(?<=[\s])|(?<![\s\S]))#[^\n]*")
"""A hash at the start of a line or after white space begins a comment, which ends with the line (YAML 1.2.2 §6.6)."""
MAX_DEPTH = 100


def comments(file: SourceFile) -> tuple[Span, ...]:
    """The comments of a YAML file, in order, from the hash to the end of the line; never a `#` inside a scalar.

    Of a file that is not valid YAML, the comments before the error are given.
    """
    text = file.text
    gaps, complete = _gaps(text)
    if not complete:
        gaps, _ = _gaps(masked(text, unused_character(text)))
    return tuple(
        Span(file, found.start(), found.start() + len(found.group().rstrip()))
        for start, end in gaps
        for found in COMMENT.finditer(text, start, end)
    )


def _gaps(text: str) -> tuple[list[tuple[int, int]], bool]:
    """The stretches between scalars (white space, indicators, comments), and whether the text was read to its end."""
    gaps: list[tuple[int, int]] = []
    parser = None
    at = depth = 0
    try:
        parser = CParser(text)
        while parser.check_event() and depth <= MAX_DEPTH:
            event = parser.get_event()
            depth += _DEPTH.get(type(event).__name__, 0)
            if type(event) is ScalarEvent:
                at = _pass_scalar(event, text, at, gaps)
    except (YAMLError, UnicodeEncodeError):
        return gaps, False
    finally:
        if parser is not None:
            parser.dispose()
    gaps.append((at, len(text)))
    return gaps, True


def _pass_scalar(event: Any, text: str, at: int, gaps: list[tuple[int, int]]) -> int:
    """Note the gap before a scalar, and the header of a block scalar; the offset behind it."""
    start, end = event.start_mark.index, event.end_mark.index
    gaps.append((at, start))
    if event.style in ("|", ">"):
        header = text.find("\n", start, end)
        gaps.append((start, end if header < 0 else header))
        # The scalar's end mark lies behind the blank lines that follow it.
        end = start + len(text[start:end].rstrip())
    return max(int(end), int(start))


_DEPTH = {"MappingStartEvent": 1, "SequenceStartEvent": 1, "MappingEndEvent": -1, "SequenceEndEvent": -1}
