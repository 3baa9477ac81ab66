"""Patterns of file names, as `fileset` takes them (https://github.com/bmatcuk/doublestar)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from infracheck.source.errors import LimitError, OutsideRootError, ReadError
from infracheck.terraform.functions.signature import FunctionError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from infracheck.source.reader import Reader

MAX_ENTRIES: Final = 20_000
"""Files and directories that one pattern looks at."""

MAX_ALTERNATIVES: Final = 256
"""Patterns that the braces of one pattern stand for."""

META: Final = re.compile(r"[*?\[{\\]")


def alternatives(pattern: str) -> list[str]:
    """The patterns without braces that a pattern stands for.

    Raises:
        FunctionError: a brace is not closed.
        LimitError: they are too many.
    """
    waiting = [pattern]
    found: list[str] = []
    while waiting:
        if len(waiting) + len(found) > MAX_ALTERNATIVES:
            raise LimitError(f"the pattern stands for more than {MAX_ALTERNATIVES} patterns")
        current = waiting.pop(0)
        opening = _unescaped(current, "{", 0)
        if opening < 0:
            found.append(current)
            continue
        options, end = _options(current, opening + 1)
        waiting[:0] = [current[:opening] + option + current[end:] for option in options]
    return found


def _unescaped(pattern: str, letter: str, at: int) -> int:
    while at < len(pattern):
        if pattern[at] == "\\":
            at += 1
        elif pattern[at] == letter:
            return at
        at += 1
    return -1


def _options(pattern: str, at: int) -> tuple[list[str], int]:
    options, depth, start = [], 0, at
    while at < len(pattern):
        letter = pattern[at]
        if letter == "\\":
            at += 1
        elif letter == "{":
            depth += 1
        elif letter == "}" and depth:
            depth -= 1
        elif letter == "/":
            break
        elif letter in ",}" and not depth:
            options.append(pattern[start:at])
            start = at + 1
            if letter == "}":
                return options, start
        at += 1
    raise FunctionError(f"syntax error in pattern {pattern!r}")


def compiled(part: str) -> re.Pattern[str]:
    """One component of a path pattern.

    Raises:
        FunctionError: it is malformed.
    """
    out: list[str] = []
    at = 0
    while at < len(part):
        letter = part[at]
        at += 1
        if letter == "*":
            # A star is as good as a row of them, and much quicker to try.
            if out[-1:] != ["[^/]*"]:
                out.append("[^/]*")
        elif letter == "?":
            out.append("[^/]")
        elif letter == "[":
            end = part.find("]", at + 1 if part[at : at + 1] == "^" else at)
            inside = part[at:end] if end > at else ""
            if not inside.strip("^"):
                raise FunctionError(f"syntax error in pattern {part!r}")
            negated = inside[0] == "^"
            body = re.sub(r"([\[\]&~|^])", r"\\\1", inside[negated:])
            out.append(f"[{'^/' if negated else ''}{body}]")
            at = end + 1
        else:
            if letter == "\\":
                if at >= len(part):
                    raise FunctionError(f"syntax error in pattern {part!r}")
                letter = part[at]
                at += 1
            out.append(re.escape(letter))
    try:
        return re.compile("".join(out), re.DOTALL)
    except re.error:
        raise FunctionError(f"syntax error in pattern {part!r}") from None


class Globber:
    """Finds the files that patterns match.

    Args:
        reader: confines everything to the scanned root.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._left = MAX_ENTRIES
        self._above: list[Path] = []

    def files(self, directory: Path, parts: list[str]) -> Iterator[Path]:
        """The regular files below a directory whose path matches a pattern, given by its components.

        Raises:
            OutsideRootError: the pattern leads outside the root.
            LimitError: it looks at too many files.
        """
        head, rest = parts[0], parts[1:]
        if head == "**":
            yield from self._below(directory, rest)
            return
        if not META.search(head):
            yield from self._entry(directory / head, rest)
            return
        expression = compiled(head)
        for entry in self._listing(directory):
            if expression.fullmatch(entry.name):
                yield from self._entry(entry, rest)

    def _below(self, directory: Path, rest: list[str]) -> Iterator[Path]:
        if rest:
            yield from self.files(directory, rest)
        for entry in self._listing(directory):
            self._stay_inside(entry)
            if self._reader.is_directory(entry):
                yield from self._inside(entry, rest)
            elif not rest and self._reader.is_file(entry):
                yield entry

    def _inside(self, directory: Path, rest: list[str]) -> Iterator[Path]:
        """Below a directory, unless a link has led back to one that it lies in."""
        real = self._reader.resolve(directory)
        if real not in self._above:
            self._above.append(real)
            yield from self._below(directory, rest)
            self._above.pop()

    def _entry(self, path: Path, rest: list[str]) -> Iterator[Path]:
        self._stay_inside(path)
        if not rest:
            if self._reader.is_file(path):
                yield path
        elif self._reader.is_directory(path) or not path.name:
            yield from self.files(path, rest)

    def _stay_inside(self, path: Path) -> None:
        """Refuse a way out, by `..` or by a link: what is there is not known, and nothing is not what it is."""
        try:
            self._reader.resolve(path)
        except OutsideRootError:
            raise
        except ReadError:
            pass  # A loop of links or an impossible name: no file, for Terraform too.

    def _listing(self, directory: Path) -> list[Path]:
        try:
            entries = self._reader.listing(directory)
        except OutsideRootError:
            raise
        except ReadError:
            return []
        self._left -= len(entries) + 1
        if self._left < 0:
            raise LimitError(f"the pattern looks at more than {MAX_ENTRIES:,} files")
        return entries
