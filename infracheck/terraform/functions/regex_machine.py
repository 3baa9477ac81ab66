"""Running regular expressions in time that grows with the text times the pattern, as RE2 does.

All ways to match are followed side by side, in order of preference (Pike's machine, see
https://swtch.com/~rsc/regexp/regexp2.html), so no pattern can make the search explode as backtracking engines do.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from infracheck.source.errors import LimitError
from infracheck.terraform.functions import regex_syntax as syntax

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.terraform.functions.regex_classes import CharacterClass

MAX_PROGRAM: Final = 20_000
"""Instructions of a compiled pattern."""

MAX_STEPS: Final = 3_000_000
"""Instructions run by one search through a text, all its matches together."""

CHARACTER, SPLIT, JUMP, SAVE, ASSERT, MATCH = range(6)


class _Step(NamedTuple):
    """One instruction.

    Attributes:
        kind: CHARACTER, SPLIT, JUMP, SAVE, ASSERT or MATCH.
        accepts: the class of a CHARACTER.
        first: where to go on; for a SPLIT, the preferred way; for a SAVE, the slot.
        second: the other way of a SPLIT.
        assertion: the condition of an ASSERT.
    """

    kind: int
    accepts: CharacterClass | None = None
    first: int = 0
    second: int = 0
    assertion: str = ""


class Match(NamedTuple):
    """A match.

    Attributes:
        text: what was searched.
        slots: start and end of the match and of each group; -1 where a group took no part.
    """

    text: str
    slots: tuple[int, ...]

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.slots[0]

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.slots[1]

    def group(self, number: int) -> str | None:
        """What a group matched, 0 for the whole, or None where it took no part."""
        start, end = self.slots[2 * number : 2 * number + 2]
        return None if start < 0 else self.text[start:end]


class Expression:
    """A compiled pattern.

    Attributes:
        names: the name of each group, "" where it has none.
    """

    def __init__(self, pattern: str) -> None:
        """Compile a pattern.

        Raises:
            FunctionError: it is not valid.
            LimitError: it is too large.
        """
        parsed = syntax.parse(pattern)
        self.names = parsed.names
        self._program: list[_Step] = []
        self._emit(parsed.root)
        self._add(_Step(MATCH))
        self._slots = 2 * len(parsed.names) + 2
        self._known: dict[tuple[int, str], bool] = {}

    def search(self, text: str) -> Match | None:
        """The first match, or None.

        Raises:
            LimitError: it takes too long.
        """
        return _Search(self._program, self._slots, self._known, text).at(0)

    def matches(self, text: str) -> Iterator[Match]:
        """All matches, as Go's `FindAll` finds them: none that is empty right behind another.

        Raises:
            LimitError: it takes too long.
        """
        search = _Search(self._program, self._slots, self._known, text)
        at, last_end = 0, -1
        while at <= len(text):
            found = search.at(at)
            if found is None:
                return
            if found.end > found.start or found.start != last_end:
                yield found
            last_end = found.end
            at = found.end if found.end > at else at + 1

    def _add(self, step: _Step) -> int:
        if len(self._program) >= MAX_PROGRAM:
            raise LimitError("the regular expression is too large")
        self._program.append(step)
        return len(self._program) - 1

    def _emit(self, node: syntax.Node) -> None:
        if isinstance(node, syntax.Characters):
            self._add(_Step(CHARACTER, node.accepts))
        elif isinstance(node, syntax.Assertion):
            self._add(_Step(ASSERT, assertion=node.kind))
        elif isinstance(node, syntax.Series):
            for part in node.parts:
                self._emit(part)
        elif isinstance(node, syntax.Group):
            self._add(_Step(SAVE, first=2 * node.number))
            self._emit(node.inner)
            self._add(_Step(SAVE, first=2 * node.number + 1))
        elif isinstance(node, syntax.Choice):
            self._emit_choice(node)
        else:
            self._emit_repeat(node)

    def _emit_choice(self, node: syntax.Choice) -> None:
        jumps: list[int] = []
        for option in node.options[:-1]:
            split = self._add(_Step(SPLIT))
            self._emit(option)
            jumps.append(self._add(_Step(JUMP)))
            self._program[split] = _Step(SPLIT, first=split + 1, second=len(self._program))
        self._emit(node.options[-1])
        for jump in jumps:
            self._program[jump] = _Step(JUMP, first=len(self._program))

    def _emit_repeat(self, node: syntax.Repeat) -> None:
        inner = node.inner
        least = node.least
        if node.most is None and least == 0 and _may_be_empty(inner):
            # `(x*)*` is `((x*)+)?`, so that an empty turn is still a turn.
            self._emit(syntax.Repeat(syntax.Repeat(inner, 1, None, node.lazy), 0, 1, node.lazy))
            return
        for _ in range(least - 1 if node.most is None and least else least):
            self._emit(inner)
        if node.most is None:
            self._emit_loop(node, at_least_once=least > 0)
            return
        splits: list[int] = []
        for _ in range(node.most - least):
            splits.append(self._add(_Step(SPLIT)))
            self._emit(inner)
        for split in splits:
            self._program[split] = self._fork(split + 1, len(self._program), lazy=node.lazy)

    def _emit_loop(self, node: syntax.Repeat, *, at_least_once: bool) -> None:
        if at_least_once:
            start = len(self._program)
            self._emit(node.inner)
            split = self._add(_Step(SPLIT))
            self._program[split] = self._fork(start, split + 1, lazy=node.lazy)
            return
        split = self._add(_Step(SPLIT))
        self._emit(node.inner)
        self._add(_Step(JUMP, first=split))
        self._program[split] = self._fork(split + 1, len(self._program), lazy=node.lazy)

    @staticmethod
    def _fork(inner: int, after: int, *, lazy: bool) -> _Step:
        return _Step(SPLIT, first=after, second=inner) if lazy else _Step(SPLIT, first=inner, second=after)


def _may_be_empty(node: syntax.Node) -> bool:
    if isinstance(node, syntax.Characters):
        return False
    if isinstance(node, syntax.Assertion):
        return True
    if isinstance(node, syntax.Group):
        return _may_be_empty(node.inner)
    if isinstance(node, syntax.Repeat):
        return node.least == 0 or _may_be_empty(node.inner)
    if isinstance(node, syntax.Series):
        return all(map(_may_be_empty, node.parts))
    return any(map(_may_be_empty, node.options))


class _Search:
    """Searches one text; the steps of all its searches are counted together."""

    def __init__(self, program: list[_Step], slots: int, known: dict[tuple[int, str], bool], text: str) -> None:
        self.program = program
        self.slots = slots
        self.known = known
        self.text = text
        self.left = MAX_STEPS

    def at(self, start: int) -> Match | None:
        """The first match from a position on."""
        text, program, known = self.text, self.program, self.known
        found: tuple[int, ...] | None = None
        threads: dict[int, tuple[int, ...]] = {}
        empty = (-1,) * self.slots
        for position in range(start, len(text) + 1):
            if found is None:
                self._follow(threads, 0, position, (position, *empty[1:]))
            elif not threads:
                break
            letter = text[position] if position < len(text) else ""
            following: dict[int, tuple[int, ...]] = {}
            self.left -= len(threads)
            for at, slots in threads.items():
                step = program[at]
                if step.kind == MATCH:
                    found = (slots[0], position, *slots[2:])
                    break
                if step.kind != CHARACTER or not letter:
                    continue
                accepted = known.get((at, letter))
                if accepted is None:
                    accepted = known[at, letter] = step.accepts is not None and letter in step.accepts
                if accepted:
                    self._follow(following, at + 1, position + 1, slots)
            threads = following
            if self.left < 0:
                raise LimitError("the regular expression takes too many steps on this text")
        return None if found is None else Match(text, found)

    def _follow(self, threads: dict[int, tuple[int, ...]], start: int, position: int, slots: tuple[int, ...]) -> None:
        """Add a thread for each way from an instruction on that needs no character, the preferred first."""
        program = self.program
        stack = [(start, slots)]
        while stack:
            at, slots = stack.pop()
            if at in threads:
                continue
            self.left -= 1
            threads[at] = slots
            step = program[at]
            if step.kind == JUMP:
                stack.append((step.first, slots))
            elif step.kind == SPLIT:
                stack.append((step.second, slots))
                stack.append((step.first, slots))
            elif step.kind == SAVE:
                stack.append((at + 1, (*slots[: step.first], position, *slots[step.first + 1 :])))
            elif step.kind == ASSERT and self._holds(step.assertion, position):
                stack.append((at + 1, slots))

    def _holds(self, assertion: str, at: int) -> bool:
        text = self.text
        match assertion:
            case "A":
                return at == 0
            case "z":
                return at == len(text)
            case "^":
                return at == 0 or text[at - 1] == "\n"
            case "$":
                return at == len(text) or text[at] == "\n"
        boundary = (at > 0 and _is_word(text[at - 1])) != (at < len(text) and _is_word(text[at]))
        return boundary == (assertion == "b")


def _is_word(letter: str) -> bool:
    return letter == "_" or (letter.isascii() and letter.isalnum())


@lru_cache(maxsize=256)
def compiled(pattern: str) -> Expression:
    """A pattern, compiled once.

    Raises:
        FunctionError: it is not valid.
        LimitError: it is too large.
    """
    return Expression(pattern)


def replaced(expression: Expression, text: str, template: str) -> str:
    """The text with every match replaced, as Go's `ReplaceAllString` does: `$1`, `${1}`, `$name`, `$$`."""
    pieces = _pieces(expression, template)
    out: list[str] = []
    last = 0
    search = expression.matches(text)
    for match in search:
        out.append(text[last : match.start])
        out.extend(piece if isinstance(piece, str) else match.group(piece) or "" for piece in pieces)
        last = match.end
    out.append(text[last:])
    return "".join(out)


def _pieces(expression: Expression, template: str) -> list[str | int]:
    """The template as literal text and numbers of groups; names that lead nowhere are left out."""
    pieces: list[str | int] = []
    rest = template
    while True:
        before, dollar, rest = rest.partition("$")
        pieces.append(before)
        if not dollar:
            return pieces
        if rest.startswith("$"):
            pieces.append("$")
            rest = rest[1:]
            continue
        name, after = _reference(rest)
        if not name:
            # Malformed: the dollar is one like any other.
            pieces.append("$")
            continue
        rest = after
        if name.isascii() and name.isdigit() and (name == "0" or name[0] != "0"):
            if int(name[:9]) <= len(expression.names):
                pieces.append(int(name[:9]))
        elif name in expression.names:
            pieces.append(expression.names.index(name) + 1)


def _reference(text: str) -> tuple[str, str]:
    braced = text.startswith("{")
    start = 1 if braced else 0
    end = start
    while end < len(text) and (text[end] == "_" or text[end].isalpha() or text[end].isdecimal()):
        end += 1
    if not braced:
        return text[:end], text[end:]
    if text[end : end + 1] != "}":
        return "", text
    return text[1:end], text[end + 1 :]
