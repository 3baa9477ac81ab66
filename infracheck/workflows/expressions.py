"""Expressions: what `${{ … }}` refers to, and whose text can come out of it.

The syntax is that of "Evaluate expressions in workflows and actions" (GitHub Docs): literals, contexts with `.name`,
`[index]` and `.*`, operators, functions. An expression yields text of a context if the context is its value, an operand
of `&&` or `||` that can be its value, or an argument of a function that passes text on (`format`, `join`, `toJSON`);
comparisons, `contains`, `hashFiles` and the like yield nothing of what they look at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_DEPTH = 50
"""Levels of parentheses, function calls and indexes, as deep as GitHub's own parser goes."""
MAX_TOKENS = 5000
"""Tokens of one expression."""
PASSING = frozenset({"format", "join", "tojson", "fromjson", "case"})
"""Functions whose result holds text of their arguments."""
END = re.compile(r"'|\}\}")
TOKEN = re.compile(
    r"\s*(?:(?P<string>'(?:[^']|'')*')|(?P<number>[-+]?(?:0x[0-9a-fA-F]+|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?))"
    r"|(?P<name>[A-Za-z_][\w-]*)|(?P<operator>&&|\|\||==|!=|<=|>=|[<>!()\[\],.*]))"
)
COMPARISONS = frozenset({"==", "!=", "<", ">", "<=", ">="})


class ExpressionProblem(ValueError):  # noqa: N818 - as SyntaxProblem
    """An expression that GitHub would refuse, or that is too deep."""


@dataclass(frozen=True, slots=True)
class Expression:
    """One `${{ … }}` of a text.

    Attributes:
        text: what stands between the braces.
        start: the offset of `${{` in the text.
        end: past `}}`.
    """

    text: str
    start: int
    end: int

    @property
    def references(self) -> tuple[str, ...]:
        """Every context it looks at, in lower case and dotted: "github.event.commits.*.message"."""
        return _parsed(self.text)[0]

    @property
    def yields(self) -> tuple[str, ...]:
        """The contexts whose text can be in its result. Of an expression that can't be read, all it mentions."""
        return _parsed(self.text)[1]


def expressions(text: str) -> Iterator[Expression]:
    """The expressions of a text. One that is never closed ends the search, as it does for GitHub."""
    start = text.find("${{")
    while start >= 0:
        end = _end(text, start + 3)
        if end < 0:
            return
        yield Expression(text[start + 3 : end], start, end + 2)
        start = text.find("${{", end + 2)


def whole_or_parts(text: str) -> Iterator[Expression]:
    """The expressions of an `if:`, which may leave the braces out."""
    if "${{" in text:
        yield from expressions(text)
    else:
        yield Expression(text, 0, len(text))


def _end(text: str, at: int) -> int:
    """The offset of the `}}` that is not part of a string, or -1."""
    while match := END.search(text, at):
        if match[0] == "}}":
            return match.start()
        close = text.find("'", match.end())
        if close < 0:
            return -1
        at = close + 1
    return -1


_MENTION = re.compile(r"[A-Za-z_][\w-]*(?:\s*\.\s*[\w*-]+)+")


@lru_cache(maxsize=2048)
def _parsed(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    parser = _Parser(text)
    try:
        yields = parser.whole()
    except ExpressionProblem:
        mentioned = tuple(dict.fromkeys(found[0].lower() for found in _MENTION.finditer(text[:10_000])))
        return mentioned, mentioned
    return tuple(dict.fromkeys(parser.references)), tuple(dict.fromkeys(yields))


class _Parser:
    """A parser by descent; each method answers which contexts its part of the expression yields."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.references: list[str] = []
        self.index = 0
        self.depth = 0

    @cached_property
    def tokens(self) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        at = 0
        text = self.text.rstrip()
        while at < len(text):
            match = TOKEN.match(text, at)
            if match is None or len(found) >= MAX_TOKENS:
                raise ExpressionProblem(text[at : at + 20])
            found.append((str(match.lastgroup), match[match.lastgroup or 0]))
            at = match.end()
        return found

    def whole(self) -> list[str]:
        result = self._either()
        if self.index < len(self.tokens):
            raise ExpressionProblem(self._peek())
        return result

    def _peek(self) -> str:
        return self.tokens[self.index][1] if self.index < len(self.tokens) else ""

    def _accept(self, *operators: str) -> bool:
        if self.index < len(self.tokens):
            kind, text = self.tokens[self.index]
            if kind == "operator" and text in operators:
                self.index += 1
                return True
        return False

    def _expect(self, operator: str) -> None:
        if not self._accept(operator):
            raise ExpressionProblem(f"{operator} is missing")

    def _either(self) -> list[str]:
        """`a || b`: either may be the value."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionProblem("too deep")
        result = self._both()
        while self._accept("||"):
            result = result + self._both()
        self.depth -= 1
        return result

    def _both(self) -> list[str]:
        """`a && b`: b, or a where it is false, and what is false is no text worth fearing."""
        result = self._comparison()
        while self._accept("&&"):
            result = self._comparison()
        return result

    def _comparison(self) -> list[str]:
        result = self._unary()
        while self._accept(*COMPARISONS):
            self._unary()
            result = []
        return result

    def _unary(self) -> list[str]:
        negated = False
        while self._accept("!"):
            negated = True
        result = self._primary()
        return [] if negated else result

    def _primary(self) -> list[str]:
        if self._accept("("):
            result = self._either()
            self._expect(")")
            return self._path(result)
        if self.index >= len(self.tokens):
            raise ExpressionProblem("a value is missing")
        kind, text = self.tokens[self.index]
        if kind == "operator":
            raise ExpressionProblem(text)
        self.index += 1
        if kind != "name" or text in ("true", "false", "null"):
            return []
        if self._accept("("):
            return self._path(self._call(text.lower()))
        return self._context(text.lower())

    def _call(self, name: str) -> list[str]:
        result: list[str] = []
        while not self._accept(")"):
            result += self._either()
            if not self._accept(","):
                self._expect(")")
                break
        return result if name in PASSING else []

    def _context(self, name: str) -> list[str]:
        steps = [name, *self._steps()]
        reference = ".".join(steps)
        self.references.append(reference)
        return [reference]

    def _path(self, result: list[str]) -> list[str]:
        """What `.name` and `[…]` take from a result is some of it."""
        self._steps()
        return result

    def _steps(self) -> list[str]:
        steps: list[str] = []
        while True:
            if self._accept("."):
                kind, text = self.tokens[self.index] if self.index < len(self.tokens) else ("", "")
                if kind != "name" and text != "*":
                    raise ExpressionProblem("a name is missing after the dot")
                self.index += 1
                steps.append(text.lower())
            elif self._accept("["):
                steps.append(self._subscript())
            else:
                return steps

    def _subscript(self) -> str:
        following = self.tokens[self.index : self.index + 2]
        if len(following) == 2 and following[1][1] == "]" and (following[0][0] != "name"):
            self.index += 2
            kind, text = following[0]
            return text[1:-1].replace("''", "'").lower() if kind == "string" else "*"
        self._either()
        self._expect("]")
        return "*"
