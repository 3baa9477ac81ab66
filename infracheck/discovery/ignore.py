"""What is left out: patterns of the configuration and of `.gitignore` files.

Patterns may come from a hostile repository and are matched as regular expressions that backtrack, so only patterns of
bounded cost are honoured. Leaving a pattern out means looking at more, never at less.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pathspec import GitIgnoreSpec

from infracheck.source.errors import ReadError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from infracheck.source.reader import Reader

MAX_PATTERN = 512
"""Characters of one pattern."""
MAX_PATTERNS = 2000
"""Patterns of one file."""
MAX_STARS = 2
"""Wildcards within one segment of a path, and `**` segments of one pattern. Time grows with the length of the path to
the power of this."""


class Patterns:
    """Patterns in the style of `.gitignore`, relative to one directory.

    Attributes:
        dropped: patterns that are not honoured, because matching them could take too long or they are malformed.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        kept: list[str] = []
        self.dropped: list[str] = []
        for number, line in enumerate(lines):
            (kept if number < MAX_PATTERNS and _is_cheap(line) else self.dropped).append(line)
        self._spec = self._compile(kept)

    def _compile(self, lines: list[str]) -> GitIgnoreSpec:
        try:
            return GitIgnoreSpec.from_lines(lines)
        except (ValueError, re.error):
            pass
        good = []
        for line in lines:
            try:
                GitIgnoreSpec.from_lines([line])
            except (ValueError, re.error):
                self.dropped.append(line)
            else:
                good.append(line)
        return GitIgnoreSpec.from_lines(good)

    def verdict(self, path: str) -> bool | None:
        """True if the last pattern that fits excludes the path, False if it includes it again, None if none fits."""
        return self._spec.check_file(path).include

    def match(self, path: str) -> bool:
        """Whether a path is left out. Directories end in `/`."""
        return bool(self.verdict(path))


def _is_cheap(pattern: str) -> bool:
    if len(pattern) > MAX_PATTERN:
        return False
    segments = pattern.strip().split("/")
    return segments.count("**") <= MAX_STARS and all(
        len(re.findall(r"\*+", segment)) <= MAX_STARS for segment in segments
    )


@dataclass(frozen=True, slots=True)
class IgnoreFiles:
    """The `.gitignore` files in force in a directory: its own, and those above it up to the root of the repository.

    Attributes:
        layers: directory and patterns of each, outermost first.
    """

    layers: tuple[tuple[Path, Patterns], ...] = ()

    def entering(self, directory: Path, reader: Reader) -> IgnoreFiles:
        """Those in force one level down, with the directory's own file if it has one."""
        path = directory / ".gitignore"
        if not reader.is_file(path):
            return self
        try:
            lines = reader.read(path).text.splitlines()
        except ReadError:
            return self
        return IgnoreFiles((*self.layers, (directory, Patterns(lines))))

    def hides(self, path: Path, *, directory: bool) -> bool:
        """Whether git would leave a path out. The innermost file with a fitting pattern decides."""
        for base, patterns in reversed(self.layers):
            verdict = patterns.verdict(path.relative_to(base).as_posix() + ("/" if directory else ""))
            if verdict is not None:
                return verdict
        return False
