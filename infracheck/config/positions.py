"""Where the keys and values of a TOML file stand, which `tomllib` does not tell.

Only for files that `tomllib` has accepted: the scanner relies on the text being valid.
"""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping

Path: TypeAlias = "tuple[str | int, ...]"

TOKEN = re.compile(
    r'''(?P<string>"""(?:\\.|[^\\])*?"{3,5}|\'{3}.*?\'{3,5}|"(?:\\.|[^"\\])*"|'[^']*')'''
    r"|(?P<blank>[ \t\r]+|\#[^\n]*)"
    r"|(?P<mark>[\[\]{}=,.\n])"
    r"""|(?P<bare>[^\s\[\]{}=,.#"']+)""",
    re.DOTALL,
)


class Token(NamedTuple):
    """A piece of the file that is neither blank nor comment, and where it begins and ends."""

    text: str
    start: int
    end: int


def key_spans(text: str) -> dict[Path, tuple[int, int]]:
    """Start and end offset of each key, header and array element, by its path: `("rules", "a/b", "severity")`."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.spans


def value_spans(text: str) -> dict[Path, tuple[int, int]]:
    """As `key_spans`, of the values that stand behind a key or in an array."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.values


def longest_known(path: Path, spans: Mapping[Path, tuple[int, int]]) -> Path:
    """The longest beginning of a path that stands in the file; dashes and underscores are alike."""
    folded = {tuple(_fold(part) for part in known): known for known in spans}
    for length in range(len(path), 0, -1):
        known = folded.get(tuple(_fold(part) for part in path[:length]))
        if known is not None:
            return known
    return ()


def _fold(part: str | int) -> str | int:
    return part.replace("_", "-") if isinstance(part, str) else part


class _Scanner:
    def __init__(self, text: str) -> None:
        self.tokens = [
            Token(match[0], match.start(), match.end()) for match in TOKEN.finditer(text) if match.lastgroup != "blank"
        ]
        self.at = 0
        self.spans: dict[Path, tuple[int, int]] = {}
        self.values: dict[Path, tuple[int, int]] = {}
        self.tables: dict[Path, int] = {}

    def document(self) -> None:
        prefix: Path = ()
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.text == "\n":
                self.at += 1
            elif token.text == "[":
                prefix = self.header()
            else:
                self.pair(prefix)

    def header(self) -> Path:
        start = self.tokens[self.at].start
        array = self.tokens[self.at + 1].text == "["
        self.at += 2 if array else 1
        names = self.key()
        path: Path = ()
        for name in names[:-1]:
            path = self.latest((*path, name))
        path = (*path, names[-1])
        end = self.tokens[self.at].end
        self.spans.setdefault(path, (start, end))
        if array:
            self.tables[path] = self.tables.get(path, -1) + 1
            path = (*path, self.tables[path])
            self.spans[path] = (start, end)
        self.at += 2 if array else 1
        return path

    def latest(self, path: Path) -> Path:
        return (*path, self.tables[path]) if path in self.tables else path

    def key(self) -> list[str]:
        names = [self.name()]
        while self.tokens[self.at].text == ".":
            self.at += 1
            names.append(self.name())
        return names

    def name(self) -> str:
        text = self.tokens[self.at].text
        self.at += 1
        return str(tomllib.loads(f"x = {text}")["x"]) if text[0] in "\"'" else text

    def pair(self, prefix: Path) -> None:
        start = self.tokens[self.at].start
        path: Path = prefix
        for name in self.key():
            path = (*path, name)
            self.spans.setdefault(path, (start, self.tokens[self.at - 1].end))
        self.at += 1  # the equals sign
        self.value(path)

    def value(self, path: Path) -> None:
        start = self.tokens[self.at].start
        opening = self.tokens[self.at].text
        if opening in ("[", "{"):
            self.at += 1
            self.array(path) if opening == "[" else self.table(path)
            self.at += 1
        else:
            while self.at < len(self.tokens) and self.tokens[self.at].text not in ",]}\n":
                self.at += 1
        self.values[path] = (start, self.tokens[self.at - 1].end)

    def array(self, path: Path) -> None:
        index = 0
        while self.tokens[self.at].text != "]":
            if self.tokens[self.at].text in ",\n":
                self.at += 1
                continue
            here = (*path, index)
            start = self.tokens[self.at].start
            self.value(here)
            self.spans[here] = (start, self.tokens[self.at - 1].end)
            index += 1

    def table(self, path: Path) -> None:
        while self.tokens[self.at].text != "}":
            if self.tokens[self.at].text in ",\n":
                self.at += 1
            else:
                self.pair(path)
