"""The `env` file of an overlay: the variables that sourcing it would set, read as data and never run.

Read are `NAME=value` and `export NAME=value`, several to a line, with the quoting of the POSIX shell ("Shell Command
Language", 2.2 Quoting): nothing is special in single quotes, `$` and backslash are in double quotes, and words may join
quoted and plain parts. `$OTHER` and `${OTHER}` take what a line above has set. Whatever else only a shell could tell
(`$(command)`, backquotes, `${NAME:-default}`, a variable that the file does not set) leaves the variable known by name
and unknown in value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from infracheck.source.files import Span
from infracheck.source.origin import Origin
from infracheck.source.values import Scalar

if TYPE_CHECKING:
    from infracheck.source.files import SourceFile

STATEMENT = re.compile(r"[ \t]*(?:export[ \t]+)?(?=[A-Za-z_][A-Za-z0-9_]*=)")
ASSIGNMENT = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)=")
BLANK = re.compile(r"[ \t]+")
END = re.compile(r"[ \t]*(?:\r?\n|\r?\Z|;|#)")
PLAIN = re.compile(r"[^\s;&|<>()'\"\\$`]+")
IN_DOUBLE_QUOTES = re.compile(r"[^\"\\$`]+")
REFERENCE = re.compile(r"\$(?:\{([A-Za-z_][A-Za-z0-9_]*)\}|([A-Za-z_][A-Za-z0-9_]*))")


@dataclass(frozen=True, slots=True)
class EnvFile:
    """The variables of a shell-style file.

    Attributes:
        path: the file, as shown.
        values: each variable's value, with the origin of its text.
        unreadable: variables whose value only a shell could tell, with the place.
    """

    path: str
    values: dict[str, Scalar] = field(default_factory=dict)
    unreadable: dict[str, Origin] = field(default_factory=dict)


def read_env_file(file: SourceFile) -> EnvFile:
    """The variables a file sets. Lines that set none are passed over; the last of several settings counts."""
    env = EnvFile(file.path)
    at = 0
    while at < len(file.text):
        statement = STATEMENT.match(file.text, at)
        end = _Assignments(file, env).read(statement.end()) if statement else at
        newline = file.text.find("\n", end)
        at = newline + 1 if newline >= 0 else len(file.text)
    return env


class _Assignments:
    """The assignments of one statement."""

    def __init__(self, file: SourceFile, env: EnvFile) -> None:
        self.file = file
        self.text = file.text
        self.env = env

    def read(self, at: int) -> int:
        """Take them into the env file; the offset of what follows."""
        found: list[tuple[str, str | None, Span]] = []
        while (match := ASSIGNMENT.match(self.text, at)) is not None:
            value, at = self._word(match.end())
            found.append((match["name"], value, self._span(match.end(), at)))
            blank = BLANK.match(self.text, at)
            if blank is None or self.text.startswith("#", blank.end()):
                break
            at = blank.end()
        if END.match(self.text, at) or at == len(self.text) or self.text[at] in "\r\n":
            for name, value, span in found:
                self._set(name, value, Origin(span, "env file"))
        # Otherwise a command follows, and the assignments are for that command alone.
        return at

    def _set(self, name: str, value: str | None, origin: Origin) -> None:
        self.env.values.pop(name, None)
        self.env.unreadable.pop(name, None)
        if value is None:
            self.env.unreadable[name] = origin
        else:
            self.env.values[name] = Scalar(value, origin, text=value)

    def _span(self, start: int, end: int) -> Span:
        """The value's text, without quotes where they go all the way round."""
        written = self.text[start:end]
        if len(written) > 2 and written[0] in "'\"" and written[-1] == written[0] and written[0] not in written[1:-1]:
            return Span(self.file, start + 1, end - 1)
        return Span(self.file, start, end)

    def _word(self, at: int) -> tuple[str | None, int]:
        """The value of a shell word, or None where only a shell could tell, and where the word ends."""
        parts: list[str | None] = []
        text = self.text
        while at < len(text) and text[at] not in " \t\r\n;&|<>()":
            if plain := PLAIN.match(text, at):
                parts.append(plain[0])
                at = plain.end()
            elif text[at] == "'":
                close = text.find("'", at + 1)
                close = len(text) if close < 0 else close
                parts.append(text[at + 1 : close])
                at = close + 1
            elif text[at] == '"':
                at = self._double_quoted(at + 1, parts)
            elif text[at] == "\\":
                parts.append(text[at + 1 : at + 2].replace("\n", ""))
                at += 2
            else:
                at = self._expansion(at, parts)
        return _joined(parts), min(at, len(text))

    def _double_quoted(self, at: int, parts: list[str | None]) -> int:
        text = self.text
        while at < len(text) and text[at] != '"':
            if plain := IN_DOUBLE_QUOTES.match(text, at):
                parts.append(plain[0])
                at = plain.end()
            elif text[at] == "\\":
                following = text[at + 1 : at + 2]
                parts.append(following.replace("\n", "") if following in '"\\$`\n' else "\\" + following)
                at += 2
            else:
                at = self._expansion(at, parts)
        return at + 1

    def _expansion(self, at: int, parts: list[str | None]) -> int:
        """What `$` or a backquote stands for."""
        text = self.text
        reference = REFERENCE.match(text, at)
        if reference is not None:
            known = self.env.values.get(reference[1] or reference[2])
            parts.append(str(known.value) if known is not None else None)
            return reference.end()
        if (
            text[at] == "$"
            and text[at + 1 : at + 2] not in ("(", "{", "'", '"')
            and not _is_special(text[at + 1 : at + 2])
        ):
            parts.append("$")
            return at + 1
        parts.append(None)
        close = {"$(": ")", "${": "}"}.get(text[at : at + 2], "`")
        end = text.find(close, at + 1)
        newline = text.find("\n", at)
        newline = len(text) if newline < 0 else newline
        return end + 1 if 0 <= end < newline else newline


def _is_special(character: str) -> bool:
    """Whether `$` and this character are a parameter of the shell itself: `$?`, `$1`."""
    return character.isdigit() or (character != "" and character in "@*#?-$!")


def _joined(parts: list[str | None]) -> str | None:
    known = [part for part in parts if part is not None]
    return "".join(known) if len(known) == len(parts) else None
