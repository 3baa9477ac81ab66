"""A file's text, and spans in it."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import NamedTuple


class SourceFile:
    """The text of one file, read once.

    Attributes:
        path: the path to show, relative to the scanned root, with forward slashes.
        text: the decoded text, byte order mark removed, line ends as they stand in the file.
    """

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.text = text

    def __repr__(self) -> str:
        return f"SourceFile({self.path!r})"

    @cached_property
    def line_starts(self) -> list[int]:
        """Offsets at which lines begin. Lines end at LF alone, as editors and `git` count them."""
        starts = [0]
        find = self.text.find
        at = find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = find("\n", at + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset in characters, both from 1."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line_text(self, line: int) -> str:
        """The text of a line (from 1), without its line end; empty past the end of the file."""
        if not 1 <= line <= len(self.line_starts):
            return ""
        start = self.line_starts[line - 1]
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.text)
        return self.text[start:end].rstrip("\r\n")

    def offset(self, line: int, column: int = 1) -> int:
        """The offset of a line and column, both from 1; the inverse of `position`."""
        return self.line_starts[line - 1] + column - 1


class Span(NamedTuple):
    """A half-open range of characters of one file: `file.text[start:end]`."""

    file: SourceFile
    start: int
    end: int

    @property
    def line(self) -> int:
        """The line it begins on, from 1."""
        return self.file.position(self.start)[0]

    @property
    def column(self) -> int:
        """The column it begins at, in characters, from 1."""
        return self.file.position(self.start)[1]

    @property
    def end_position(self) -> tuple[int, int]:
        """Line and column just past its last character, both from 1."""
        return self.file.position(self.end)

    @property
    def text(self) -> str:
        """The source text it covers."""
        return self.file.text[self.start : self.end]

    def __str__(self) -> str:
        """`path:line:column`."""
        line, column = self.file.position(self.start)
        return f"{self.file.path}:{line}:{column}"
