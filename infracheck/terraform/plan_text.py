"""A plan's JSON, read part by part: what is asked for becomes nodes, the rest is only passed over.

Plans repeat each resource four times (before, after, planned, prior) and reach tens of megabytes for large stacks;
nodes of all of it would take forty times its size. So a part is two offsets until somebody wants its nodes, and the way
over it is left to Python's own JSON scanner, which is written in C.
"""

from __future__ import annotations

import re
from json.decoder import JSONDecodeError, JSONDecoder, scanstring  # type: ignore[attr-defined] # typeshed leaves it out
from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from infracheck.source.errors import SyntaxProblem
from infracheck.source.files import Span
from infracheck.source.hcl import parse_json_value
from infracheck.source.hcl.parser import NestingProblem
from infracheck.source.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.source.files import SourceFile
    from infracheck.source.hcl import ast

MAX_MODULE_DEPTH = 50
"""The deepest nesting of modules in a plan that is read."""

_SPACE = re.compile(r"[ \t\r\n]*+")


class Part(NamedTuple):
    """Where a value of the plan begins, and where it has ended."""

    start: int
    end: int


class PlanText:
    """The text of a plan.

    Args:
        file: the plan.
    """

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self._text = file.text
        # Every object is dropped as soon as it has ended, so passing over a part takes no memory.
        decoder = JSONDecoder(object_hook=_nothing, parse_float=str, parse_int=str, parse_constant=_refused)
        self._scan: Any = decoder.scan_once  # type: ignore[attr-defined] # typeshed leaves it out

    def top(self) -> dict[str, Part]:
        """The parts at the top, by name.

        Raises:
            SyntaxProblem: the text is not one JSON object, or it is nested too deeply.
        """
        start = self._after_space(0)
        if self._text[start : start + 1] != "{":
            self._fail("a JSON object is required here", start)
        found, end = self._object(start)
        if self._after_space(end) != len(self._text):
            self._fail("nothing may follow the value", self._after_space(end))
        return found

    def origin(self, part: Part) -> Origin:
        """The place of a part."""
        return Origin(Span(self.file, part.start, part.end), "plan")

    def is_object(self, part: Part) -> bool:
        """Whether a part is an object."""
        return self._text[part.start] == "{"

    def is_array(self, part: Part) -> bool:
        """Whether a part is an array."""
        return self._text[part.start] == "["

    def members(self, part: Part | None) -> dict[str, Part]:
        """The parts of an object by name, the first of each; none for what is no object."""
        return self._object(part.start)[0] if part is not None and self.is_object(part) else {}

    def get(self, part: Part | None, *names: str) -> Part | None:
        """The part at a path of names, or None."""
        for name in names:
            part = self.members(part).get(name)
        return part

    def elements(self, part: Part | None) -> Iterator[Part]:
        """The elements of an array; none for what is no array."""
        if part is None or not self.is_array(part):
            return
        at = self._after_space(part.start + 1)
        while self._text[at] != "]":
            value = self._value(at)
            yield value
            at = self._after_space(value.end)
            at = self._after_space(at + 1) if self._text[at] == "," else at

    def node(self, part: Part | None) -> ast.Expression | None:
        """The nodes of a part.

        Raises:
            SyntaxProblem: it is nested too deeply.
        """
        return None if part is None else parse_json_value(self.file, part.start)

    def modules(self, root: Part | None) -> Iterator[dict[str, Part]]:
        """A module of `planned_values` or `prior_state`, and those below it, in order: the parts of each."""
        waiting = [(root, 0)]
        while waiting:
            part, depth = waiting.pop()
            module = self.members(part)
            yield module
            if depth < MAX_MODULE_DEPTH:
                waiting += [(child, depth + 1) for child in reversed(list(self.elements(module.get("child_modules"))))]

    def mentions(self, part: Part | None, word: str) -> bool:
        """Whether a word occurs in a part."""
        return part is not None and self._text.find(word, part.start, part.end) >= 0

    def _object(self, start: int) -> tuple[dict[str, Part], int]:
        """The parts of the object that begins at an offset, and where it has ended."""
        found: dict[str, Part] = {}
        at = self._after_space(start + 1)
        if self._text[at : at + 1] == "}":
            return found, at + 1
        while True:
            if self._text[at : at + 1] != '"':
                self._fail("a property name in double quotes is expected here", at)
            try:
                name, at = scanstring(self._text, at + 1, True)
            except JSONDecodeError as problem:
                self._fail(problem.msg[:1].lower() + problem.msg[1:], problem.pos)
            at = self._after_space(at)
            if self._text[at : at + 1] != ":":
                self._fail("a colon is expected after the property name", at)
            value = self._value(self._after_space(at + 1))
            found.setdefault(name, value)
            at = self._after_space(value.end)
            mark = self._text[at : at + 1]
            if mark == "}":
                return found, at + 1
            if mark != ",":
                self._fail("a comma or } is expected here", at)
            at = self._after_space(at + 1)

    def _value(self, start: int) -> Part:
        try:
            return Part(start, self._scan(self._text, start)[1])
        except JSONDecodeError as problem:
            self._fail(problem.msg[:1].lower() + problem.msg[1:], problem.pos)
        except StopIteration as stop:
            self._fail("a value is expected here", stop.value)
        except RecursionError:
            raise NestingProblem("Nested too deeply for JSON", self._place(start)) from None
        except ValueError as problem:
            self._fail(str(problem), start)

    def _after_space(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        return match.end() if match is not None else at

    def _fail(self, what: str, at: int) -> NoReturn:
        if at >= len(self._text):
            what, at = "the file ends before its value does", max(len(self._text) - 1, 0)
        raise SyntaxProblem(f"Invalid JSON: {what}", self._place(at))

    def _place(self, at: int) -> Origin:
        return Origin(Span(self.file, at, min(at + 1, len(self._text))))


def _nothing(_: dict[str, Any]) -> None:
    return None


def _refused(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON value")
