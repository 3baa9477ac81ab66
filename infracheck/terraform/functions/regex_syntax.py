"""Regular expressions in the syntax of RE2, which Terraform's functions take (https://github.com/google/re2/wiki/Syntax).

What other engines have and RE2 does not - lookaround, backreferences, possessive repetition - is an error, as there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from infracheck.terraform.functions.regex_classes import (
    DIGITS,
    POSIX,
    SPACES,
    WORD,
    CharacterClass,
    unicode_class,
)
from infracheck.terraform.functions.signature import FunctionError

MAX_REPEAT: Final = 1000
"""The largest count of a repetition, nested ones multiplied."""

MAX_DEPTH: Final = 100
"""How deep groups may be nested; RE2 allows 1000, which no pattern written by people comes near."""

MAX_PATTERN: Final = 10_000
"""The longest pattern, in characters."""

NAMED_ESCAPES: Final = {"a": "\a", "f": "\f", "t": "\t", "n": "\n", "r": "\r", "v": "\v"}
PERL_CLASSES: Final = {"d": DIGITS, "s": SPACES, "w": WORD}
OCTAL: Final = "01234567"


@dataclass(frozen=True, slots=True)
class Characters:
    """One character of a class."""

    accepts: CharacterClass


@dataclass(frozen=True, slots=True)
class Assertion:
    """A condition on a position: `^` and `$` of a line, `A` and `z` of the text, `b` and `B` for words."""

    kind: str


@dataclass(frozen=True, slots=True)
class Group:
    """A capture, numbered from 1."""

    number: int
    inner: Node


@dataclass(frozen=True, slots=True)
class Repeat:
    """Between `least` and `most` times (None: without end), as often as possible or, if lazy, as seldom."""

    inner: Node
    least: int
    most: int | None
    lazy: bool


@dataclass(frozen=True, slots=True)
class Series:
    """One after the other."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """The first that leads to a match."""

    options: tuple[Node, ...]


Node: TypeAlias = Characters | Assertion | Group | Repeat | Series | Choice


@dataclass(frozen=True, slots=True)
class Pattern:
    """A pattern that was read.

    Attributes:
        root: what to match.
        names: the name of each group, "" where it has none; the first is group 1.
    """

    root: Node
    names: tuple[str, ...]


@dataclass(slots=True)
class _Flags:
    ignore_case: bool = False
    multiline: bool = False
    dot_all: bool = False
    lazy: bool = False


def parse(pattern: str) -> Pattern:
    """Read a pattern.

    Raises:
        FunctionError: it is not valid.
    """
    if len(pattern) > MAX_PATTERN:
        raise FunctionError(f"the pattern is longer than {MAX_PATTERN:,} characters")
    reader = _Reader(pattern)
    root = reader.choice(_Flags(), 0)
    if reader.at < len(pattern):
        raise reader.error("unexpected )", pattern)
    _check_repeats(root)
    return Pattern(root, tuple(reader.names))


def _check_repeats(root: Node) -> None:
    stack = [(root, 1)]
    while stack:
        node, times = stack.pop()
        if isinstance(node, Repeat):
            times *= max(node.least, node.most or 0, 1)
            if times > MAX_REPEAT:
                raise FunctionError("invalid regexp pattern: invalid repeat count")
            stack.append((node.inner, times))
        elif isinstance(node, Group):
            stack.append((node.inner, times))
        elif isinstance(node, Series | Choice):
            stack.extend((part, times) for part in (node.parts if isinstance(node, Series) else node.options))


class _Reader:
    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.at = 0
        self.names: list[str] = []

    def error(self, problem: str, excerpt: str) -> FunctionError:
        return FunctionError(f"invalid regexp pattern: {problem} in {excerpt[:50]!r}")

    def peek(self, text: str) -> bool:
        return self.pattern.startswith(text, self.at)

    def skip(self, text: str) -> bool:
        if self.peek(text):
            self.at += len(text)
            return True
        return False

    def next(self) -> str:
        if self.at >= len(self.pattern):
            raise self.error("the pattern ends too soon", self.pattern)
        self.at += 1
        return self.pattern[self.at - 1]

    def choice(self, flags: _Flags, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise self.error("expression nests too deeply", self.pattern)
        options: list[Node] = []
        parts: list[Node] = []
        while self.at < len(self.pattern) and not self.peek(")"):
            if self.skip("|"):
                options.append(Series(tuple(parts)))
                parts = []
                continue
            start = self.at
            bounds = self.repetition()
            if bounds is not None:
                if not parts:
                    raise self.error("missing argument to repetition operator", self.pattern[start : self.at])
                lazy = self.skip("?") != flags.lazy
                parts[-1] = Repeat(parts[-1], *bounds, lazy)
                again = self.at
                if self.repetition() is not None:
                    raise self.error("invalid nested repetition operator", self.pattern[start : self.at])
                self.at = again
                continue
            # Flags leave nothing behind, so what repeats after them is what stands before them.
            parts.extend(self.atom(flags, depth))
        if not options:
            return parts[0] if len(parts) == 1 else Series(tuple(parts))
        return Choice((*options, Series(tuple(parts))))

    def repetition(self) -> tuple[int, int | None] | None:
        if self.skip("*"):
            return 0, None
        if self.skip("+"):
            return 1, None
        if self.skip("?"):
            return 0, 1
        if not self.peek("{"):
            return None
        # What is not a repetition is an ordinary brace.
        closing = self.pattern.find("}", self.at)
        least, comma, most = self.pattern[self.at + 1 : closing].partition(",") if closing >= 0 else ("", "", "")
        if not _is_count(least) or (most and not _is_count(most)):
            return None
        low = int(least)
        high = low if not comma else int(most) if most else None
        excerpt = self.pattern[self.at : closing + 1]
        if low > MAX_REPEAT or (high is not None and (high > MAX_REPEAT or high < low)):
            raise self.error("invalid repeat count", excerpt)
        self.at = closing + 1
        return low, high

    def atom(self, flags: _Flags, depth: int) -> list[Node]:
        letter = self.next()
        if letter == "(":
            return self.group(flags, depth)
        if letter == "[":
            return [Characters(self.bracket(flags))]
        if letter == ".":
            return [Characters(CharacterClass((), negated=True) if flags.dot_all else _NOT_NEWLINE)]
        if letter == "^":
            return [Assertion("^" if flags.multiline else "A")]
        if letter == "$":
            return [Assertion("$" if flags.multiline else "z")]
        if letter == "\\":
            return self.escape(flags)
        return [Characters(_literal(letter, flags))]

    def group(self, flags: _Flags, depth: int) -> list[Node]:
        start = self.at - 1
        inside = _Flags(flags.ignore_case, flags.multiline, flags.dot_all, flags.lazy)
        number = 0
        if self.peek("?P<") or self.peek("?<"):
            self.at += 3 if self.peek("?P<") else 2
            end = self.pattern.find(">", self.at)
            name = self.pattern[self.at : max(end, self.at)]
            if not name or not all(letter == "_" or (letter.isascii() and letter.isalnum()) for letter in name):
                raise self.error("invalid named capture", self.pattern[start:])
            self.at = end + 1
            self.names.append(name)
            number = len(self.names)
        elif self.skip("?"):
            if not self.flags(inside, start):
                flags.ignore_case, flags.multiline = inside.ignore_case, inside.multiline
                flags.dot_all, flags.lazy = inside.dot_all, inside.lazy
                return []
        else:
            self.names.append("")
            number = len(self.names)
        inner = self.choice(inside, depth + 1)
        if not self.skip(")"):
            raise self.error("missing closing )", self.pattern)
        return [Group(number, inner) if number else inner]

    def flags(self, flags: _Flags, start: int) -> bool:
        """Read `flags)` or `flags:`; whether a group follows."""
        value, seen, negated = True, False, False
        while True:
            letter = self.pattern[self.at : self.at + 1]
            self.at += 1
            match letter:
                case "i":
                    flags.ignore_case, seen = value, True
                case "m":
                    flags.multiline, seen = value, True
                case "s":
                    flags.dot_all, seen = value, True
                case "U":
                    flags.lazy, seen = value, True
                case "-" if value:
                    value, seen, negated = False, False, True
                case ":" | ")" if seen or not negated:
                    return letter == ":"
                case "":
                    raise self.error("missing closing )", self.pattern)
                case _:
                    raise self.error("invalid or unsupported Perl syntax", self.pattern[start : self.at])

    def escape(self, flags: _Flags) -> list[Node]:
        if self.at >= len(self.pattern):
            raise self.error("trailing backslash at end of expression", self.pattern)
        letter = self.pattern[self.at]
        if letter in "AzbB":
            self.at += 1
            return [Assertion(letter)]
        if letter == "Q":
            self.at += 1
            end = self.pattern.find("\\E", self.at)
            text = self.pattern[self.at : end if end >= 0 else len(self.pattern)]
            self.at = end + 2 if end >= 0 else len(self.pattern)
            return [Characters(_literal(letter, flags)) for letter in text]
        found = self.class_escape(flags)
        if found is not None:
            return [Characters(found)]
        return [Characters(_literal(self.character_escape(), flags))]

    def class_escape(self, flags: _Flags) -> CharacterClass | None:
        """A Perl class or a Unicode class (`d`, `pL`), after the backslash."""
        letter = self.pattern[self.at : self.at + 1]
        if letter.lower() in PERL_CLASSES and letter:
            self.at += 1
            perl = PERL_CLASSES[letter.lower()]
            perl = perl.folded() if flags.ignore_case else perl
            return perl.inverted() if letter.isupper() else perl
        if letter not in ("p", "P"):
            return None
        start = self.at
        self.at += 1
        name = self.next()
        if name == "{":
            end = self.pattern.find("}", self.at)
            if end < 0:
                raise self.error("invalid character class range", self.pattern[start:])
            name = self.pattern[self.at : end]
            self.at = end + 1
        negated = (letter == "P") != name.startswith("^")
        found = unicode_class(name.removeprefix("^"))
        if found is None:
            raise self.error("invalid character class range", self.pattern[start - 1 : self.at])
        found = found.folded() if flags.ignore_case else found
        return found.inverted() if negated else found

    def character_escape(self) -> str:
        """An escaped character, after the backslash."""
        start = self.at
        letter = self.next()
        if letter in NAMED_ESCAPES:
            return NAMED_ESCAPES[letter]
        following = self.pattern[self.at : self.at + 1]
        if letter == "0" or (letter in OCTAL and following and following in OCTAL):
            digits = letter
            while len(digits) < 3 and self.pattern[self.at : self.at + 1] and self.pattern[self.at] in OCTAL:
                digits += self.next()
            return chr(int(digits, 8))
        if letter == "x":
            if self.skip("{"):
                end = self.pattern.find("}", self.at)
                digits = self.pattern[self.at : max(end, self.at)]
                self.at = end + 1
            else:
                digits = self.pattern[self.at : self.at + 2]
                self.at += 2
                digits = digits if len(digits) == 2 else ""
            if _is_hex(digits) and int(digits, 16) <= 0x10FFFF:
                return chr(int(digits, 16))
        elif letter.isascii() and not letter.isalnum():
            return letter
        raise self.error("invalid escape sequence", "\\" + self.pattern[start : self.at])

    def bracket(self, flags: _Flags) -> CharacterClass:
        """A class in brackets, after the opening one."""
        start = self.at - 1
        negated = self.skip("^")
        found: list[CharacterClass] = []
        ranges: list[tuple[int, int]] = []
        first = True
        while first or not self.peek("]"):
            if self.at >= len(self.pattern):
                raise self.error("missing closing ]", self.pattern[start:])
            first = False
            special = self.bracket_class(flags)
            if special is not None:
                found.append(special)
                continue
            low = self.bracket_character(start)
            high = low
            if self.peek("-") and self.pattern[self.at + 1 : self.at + 2] not in ("]", ""):
                begin = self.at - 1
                self.at += 1
                high = self.bracket_character(start)
                if high < low:
                    raise self.error("invalid character class range", self.pattern[begin : self.at])
            ranges.append((ord(low), ord(high)))
        self.at += 1
        plain = CharacterClass(tuple(ranges))
        result = (plain.folded() if flags.ignore_case else plain).joined(found)
        return result.inverted() if negated else result

    def bracket_class(self, flags: _Flags) -> CharacterClass | None:
        if self.peek("[:"):
            end = self.pattern.find(":]", self.at + 2)
            if end >= 0:
                name = self.pattern[self.at + 2 : end]
                known = POSIX.get(name.removeprefix("^"))
                if known is None:
                    raise self.error("invalid character class range", self.pattern[self.at : end + 2])
                self.at = end + 2
                known = known.folded() if flags.ignore_case else known
                return known.inverted() if name.startswith("^") else known
        if self.peek("\\"):
            before = self.at
            self.at += 1
            found = self.class_escape(flags)
            if found is not None:
                return found
            self.at = before
        return None

    def bracket_character(self, start: int) -> str:
        if self.at >= len(self.pattern):
            raise self.error("missing closing ]", self.pattern[start:])
        letter = self.next()
        return self.character_escape() if letter == "\\" else letter


_NOT_NEWLINE: Final = CharacterClass(((10, 10),), negated=True)


def _literal(letter: str, flags: _Flags) -> CharacterClass:
    plain = CharacterClass(((ord(letter), ord(letter)),))
    return plain.folded() if flags.ignore_case else plain


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6 and (text == "0" or text[0] != "0")


def _is_hex(text: str) -> bool:
    return bool(text) and all(letter in "0123456789abcdefABCDEF" for letter in text)
