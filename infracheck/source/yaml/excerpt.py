"""A stretch of text to be read as YAML, and where in a file each of its characters stands."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.source.files import SourceFile, Span

if TYPE_CHECKING:
    from infracheck.source.values import Scalar

PROPERTIES = re.compile(r"(?:[&!][^\s]*\s+)+")
"""Anchors and tags before a scalar's text."""


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Text taken from a file: a range of it, or what a YAML scalar in it says.

    Attributes:
        text: what is to be read.
        whole: the span everything is in; the answer where a finer one is not known.
        base: what to add to an offset in the text to get the offset in the file, where that is one number.
        lines: for text whose lines were indented in the file, each line's offset in the text and in the file.
    """

    text: str
    whole: Span
    base: int | None = None
    lines: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of_file(cls, file: SourceFile, start: int = 0, end: int | None = None) -> Excerpt:
        """A range of characters of a file."""
        end = len(file.text) if end is None else end
        text = file.text if (start, end) == (0, len(file.text)) else file.text[start:end]
        return cls(text, Span(file, start, end), start)

    @classmethod
    def of_scalar(cls, scalar: Scalar) -> Excerpt:
        """What a string in a YAML file says. Its characters are found again where no escapes or folding moved them."""
        text = scalar.value if isinstance(scalar.value, str) else scalar.text or ""
        span = scalar.origin.span
        written = span.text
        skipped = PROPERTIES.match(written)
        lead = skipped.end() if skipped else 0
        if scalar.style in {"'", '"'}:
            lead += 1
        if written[lead : lead + len(text)] == text and scalar.style not in {"|", ">"}:
            return cls(text, span, span.start + lead)
        return cls(text, span, None, _block_lines(text, span) if scalar.style == "|" else ())

    def part(self, start: int, end: int) -> Excerpt:
        """A shorter stretch of the same text."""
        if (start, end) == (0, len(self.text)):
            return self
        base = None if self.base is None else self.base + start
        whole = self.span(start, end) if base is not None else self.whole
        lines = tuple((max(at - start, 0), place + max(start - at, 0)) for at, place in self.lines if at <= end)
        return Excerpt(self.text[start:end], whole, base, _from_last_before_zero(lines))

    def span(self, start: int, end: int) -> Span:
        """The place in the file of `text[start:end]`."""
        if self.base is not None:
            return Span(self.whole.file, start + self.base, end + self.base)
        if not self.lines:
            return self.whole
        return Span(self.whole.file, self._place(start), self._place(max(end - 1, start)) + (end > start))

    def _place(self, offset: int) -> int:
        in_text, in_file = self.lines[bisect_right(self.lines, (offset, len(self.whole.file.text))) - 1]
        return min(in_file + offset - in_text, self.whole.end)


def _from_last_before_zero(lines: tuple[tuple[int, int], ...]) -> tuple[tuple[int, int], ...]:
    """Of the lines that begin at or before the start, only the last counts."""
    first = max((index for index, (at, _) in enumerate(lines) if at == 0), default=0)
    return lines[first:]


def _block_lines(text: str, span: Span) -> tuple[tuple[int, int], ...]:
    """Where each line of a literal block scalar stands, or nothing if the lines can't be told apart."""
    places: list[tuple[int, int]] = []
    source = span.file.text
    at = source.find("\n", span.start, span.end) + 1
    in_text = 0
    for line in text.split("\n"):
        if not at or at > len(source):
            return tuple(places) if not text[in_text:].strip() else ()
        end = source.find("\n", at)
        end = len(source) if end < 0 else end
        written = source[at:end].removesuffix("\r")
        if not written.endswith(line):
            # The last "line" of a text that ends in a line break is empty and may stand anywhere.
            return ()
        places.append((in_text, at + len(written) - len(line)))
        in_text += len(line) + 1
        at = end + 1
    return tuple(places)
