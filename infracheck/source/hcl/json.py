"""The JSON syntax of HCL (`.tf.json`, `.tfvars.json`), read into the same nodes as the native syntax.

JSON does not say which property is a block and which an argument; a `Shape` does
(https://github.com/hashicorp/hcl/blob/main/json/spec.md). Strings are templates, except in variable files.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from infracheck.source.errors import SyntaxProblem
from infracheck.source.files import Span
from infracheck.source.hcl import ast
from infracheck.source.hcl.lexer import Lexer, SizeProblem, normal
from infracheck.source.hcl.parser import ExpressionParser, NestingProblem
from infracheck.source.hcl.reader import collection_paused
from infracheck.source.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Mapping

    from infracheck.source.files import SourceFile

MAX_JSON_DEPTH = 100
"""The deepest nesting of objects and arrays that is read; each may hold templates of its own depth."""
MAX_JSON_VALUES = 1_000_000
"""The most values of one text, as for YAML."""

_TOKEN = re.compile(
    r'[ \t\r\n]*+(?:(?P<string>"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+")'
    r"|(?P<number>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?)"
    r"|(?P<word>true|false|null)|(?P<mark>[{}\[\]:,]))"
)
_ESCAPE = re.compile(r'\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])')
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


@dataclass(frozen=True)
class Shape:
    """Which properties of an object are blocks.

    Attributes:
        labels: how many labels a block of this shape has.
        blocks: the shapes of the blocks inside, by type; everything else inside is an argument.
    """

    labels: int = 0
    blocks: Mapping[str, Shape] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _String:
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Array:
    items: list[_Node]
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Object:
    items: list[tuple[_String, _Node]]
    start: int
    end: int


_Node: TypeAlias = "_String | _Array | _Object | ast.Literal"


def parse_json_body(file: SourceFile, shape: Shape | None = None, *, templates: bool = True) -> ast.ParsedFile:
    """Reads a JSON file of arguments and blocks. Never raises: what cannot be read is in `problems`.

    Args:
        file: the file.
        shape: which properties are blocks; none by default.
        templates: whether strings are templates. In `.tfvars.json` they are not.
    """
    reader = _JsonReader(file, templates=templates)
    problems: tuple[SyntaxProblem, ...] = ()
    try:
        with collection_paused():
            body = reader.body(reader.document(), shape or Shape())
    except SyntaxProblem as problem:
        problems = (problem,)
        body = ast.Body({}, (), file, 0, len(file.text))
    return ast.ParsedFile(body, (*problems, *reader.problems), ())


def parse_json_value(file: SourceFile, start: int) -> ast.Expression:
    """Reads the one value of a JSON file that begins at an offset, its strings as plain text.

    Raises:
        SyntaxProblem: there is no valid value, or it is nested too deeply.
    """
    reader = _JsonReader(file, templates=False)
    reader.at = start
    return reader.expression(reader.value())


class _JsonReader:
    def __init__(self, file: SourceFile, *, templates: bool) -> None:
        self.file = file
        self.templates = templates
        self.at = 0
        self.problems: list[SyntaxProblem] = []
        self.values = 0

    def problem(self, message: str, start: int, end: int) -> SyntaxProblem:
        return SyntaxProblem(message, Origin(Span(self.file, start, end)))

    def document(self) -> _Node:
        """The whole file as one value."""
        node = self.value()
        rest = self.file.text[self.at :].lstrip(" \t\r\n")
        if rest:
            start = len(self.file.text) - len(rest)
            raise self.problem("Invalid JSON: nothing may follow the value", start, start + 1)
        return node

    def value(self) -> _Node:
        """The value that begins here."""
        return self._value(*self._next(), 0)

    def _next(self) -> tuple[str, int, int]:
        match = _TOKEN.match(self.file.text, self.at)
        if match is None:
            text = self.file.text
            start = self.at + len(text[self.at :]) - len(text[self.at :].lstrip(" \t\r\n"))
            if start >= len(text):
                raise self.problem("Invalid JSON: the file ends before its value does", max(start - 1, 0), start)
            what = "unterminated string or invalid escape" if text[start] == '"' else f"unexpected {text[start]!r}"
            raise self.problem(f"Invalid JSON: {what}", start, start + 1)
        kind = match.lastgroup or ""
        start, self.at = match.span(kind)
        return (self.file.text[start] if kind == "mark" else kind), start, self.at

    def _value(self, kind: str, start: int, end: int, depth: int) -> _Node:
        if depth > MAX_JSON_DEPTH:
            message = f"Nested too deeply: more than {MAX_JSON_DEPTH} levels of JSON"
            raise NestingProblem(message, Origin(Span(self.file, start, end)))
        self.values += 1
        if self.values > MAX_JSON_VALUES:
            raise SizeProblem(f"More than {MAX_JSON_VALUES:,} JSON values", Origin(Span(self.file, start, end)))
        if kind == "string":
            return _String(start, end)
        if kind == "number":
            return ast.Literal(Decimal(self.file.text[start:end]), start, end)
        if kind == "word":
            return ast.Literal(_WORDS[self.file.text[start:end]], start, end)
        if kind == "[":
            return self._array(start, depth)
        if kind == "{":
            return self._object(start, depth)
        raise self.problem(f"Invalid JSON: a value is expected here, not {kind!r}", start, end)

    def _array(self, start: int, depth: int) -> _Array:
        items: list[_Node] = []
        token = self._next()
        if token[0] == "]":
            return _Array(items, start, token[2])
        while True:
            items.append(self._value(*token, depth + 1))
            kind, begin, end = self._next()
            if kind == "]":
                return _Array(items, start, end)
            if kind != ",":
                raise self.problem("Invalid JSON: a comma or ] is expected here", begin, end)
            token = self._next()

    def _object(self, start: int, depth: int) -> _Object:
        items: list[tuple[_String, _Node]] = []
        kind, begin, end = self._next()
        if kind == "}":
            return _Object(items, start, end)
        while True:
            if kind != "string":
                raise self.problem("Invalid JSON: a property name in double quotes is expected here", begin, end)
            key = _String(begin, end)
            kind, begin, end = self._next()
            if kind != ":":
                raise self.problem("Invalid JSON: a colon is expected after the property name", begin, end)
            items.append((key, self._value(*self._next(), depth + 1)))
            kind, begin, end = self._next()
            if kind == "}":
                return _Object(items, start, end)
            if kind != ",":
                raise self.problem("Invalid JSON: a comma or } is expected here", begin, end)
            kind, begin, end = self._next()

    def text(self, string: _String) -> str:
        """What a JSON string says."""
        raw = self.file.text[string.start + 1 : string.end - 1]
        return normal(_decoded(raw)[0] if "\\" in raw else raw)

    def body(self, node: _Node, shape: Shape) -> ast.Body:
        """An object, or an array of objects that count as one, as a body."""
        attributes: dict[str, ast.Attribute] = {}
        blocks: list[ast.Block] = []
        for key, value in self._properties(node):
            name = self.text(key)
            if name == "//":
                continue
            if name in shape.blocks:
                blocks.extend(self._blocks([(name, key)], value, shape.blocks[name]))
            elif name in attributes:
                line = attributes[name].span.line
                message = f'Attribute redefined: the argument "{name}" was already set at line {line}'
                self.problems.append(self.problem(message, key.start, key.end))
            else:
                expression = self.expression(value)
                attributes[name] = ast.Attribute(name, expression, self.file, key.start, key.end, expression.end)
        start, end = node.start, node.end
        return ast.Body(attributes, tuple(blocks), self.file, start, end)

    def _properties(self, node: _Node) -> list[tuple[_String, _Node]]:
        if isinstance(node, _Object):
            return node.items
        if isinstance(node, _Array):
            return [pair for item in node.items for pair in self._properties(item)]
        raise self.problem("Incorrect JSON value type: a JSON object is required here", node.start, node.end)

    def _blocks(self, header: list[tuple[str, _String]], value: _Node, shape: Shape) -> list[ast.Block]:
        """The blocks under a type and as many labels as are read so far, which `header` holds."""
        if isinstance(value, ast.Literal) and value.value is None:
            return []
        if len(header) <= shape.labels:
            return [
                block
                for label, inner in self._properties(value)
                if (text := self.text(label)) != "//"
                for block in self._blocks([*header, (text, label)], inner, shape)
            ]
        (type_, _), *labels = header
        last = header[-1][1]
        return [
            ast.Block(
                type_,
                tuple(text for text, _ in labels),
                self.body(place, shape),
                self.file,
                last.start,
                last.end,
                tuple((key.start, key.end) for _, key in labels),
                place.end,
            )
            for place in (value.items if isinstance(value, _Array) else [value])
        ]

    def expression(self, node: _Node) -> ast.Expression:
        """A value as an expression."""
        if isinstance(node, _String):
            return self._string(node)
        if isinstance(node, _Array):
            return ast.Tuple(tuple(map(self.expression, node.items)), node.start, node.end)
        if isinstance(node, _Object):
            items = tuple(
                ast.ObjectItem(self.expression(key), self.expression(value), key.start, value.end)
                for key, value in node.items
            )
            return ast.Object(items, node.start, node.end)
        return node

    def _string(self, node: _String) -> ast.Template:
        raw = self.file.text[node.start + 1 : node.end - 1]
        if not self.templates or ("${" not in raw and "%{" not in raw):
            text = self.text(node)
            return ast.Template((text,) if text else (), node.start, node.end)
        if "\\" not in raw:
            tokens = Lexer(self.file, node.start + 1, node.end - 1).template()
        else:
            text, places = _decoded(raw)
            begin = node.start + 1
            tokens = [
                (kind, value, begin + places[start], begin + places[end])
                for kind, value, start, end in Lexer(self.file, text=text).template()
            ]
        template = ExpressionParser(self.file, tokens).whole_template()
        return ast.Template(template.parts, node.start, node.end)


def _decoded(raw: str) -> tuple[str, list[int]]:
    """The inside of a JSON string with its escapes read, and the offset in `raw` of each character and of the end."""
    pieces: list[str] = []
    places: list[int] = []
    at = 0
    for match in _ESCAPE.finditer(raw):
        pieces.append(raw[at : match.start()])
        places.extend(range(at, match.start()))
        written = match.group()[1:]
        pieces.append(chr(int(written[1:], 16)) if len(written) > 1 else _ESCAPES.get(written, written))
        places.append(match.start())
        at = match.end()
    pieces.append(raw[at:])
    places.extend(range(at, len(raw) + 1))
    return _pairs("".join(pieces), places)


def _pairs(text: str, places: list[int]) -> tuple[str, list[int]]:
    """Surrogate pairs made one character; a lone half becomes the replacement character, as in Go."""
    if not re.search("[\ud800-\udfff]", text):
        return text, places
    characters: list[str] = []
    kept: list[int] = []
    at = 0
    while at < len(text):
        one = text[at]
        kept.append(places[at])
        width = 1
        if "\ud800" <= one <= "\udfff":
            pair = at + 1 < len(text) and one <= "\udbff" and "\udc00" <= text[at + 1] <= "\udfff"
            width = 2 if pair else 1
            code = 0x10000 + ((ord(one) - 0xD800) << 10) + (ord(text[at + 1]) - 0xDC00) if pair else 0xFFFD
            one = chr(code)
        characters.append(one)
        at += width
    return "".join(characters), [*kept, places[-1]]
