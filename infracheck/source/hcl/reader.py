"""Files to bodies: attributes, blocks, and what to do where the text is broken.

A problem costs the item it is in, a block with all its contents or an attribute at the top of the file, because half a
block would be judged for what is missing in it. Reading goes on at the next line that begins, unindented, with
something that looks like an item.
"""

from __future__ import annotations

import gc
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from infracheck.source.errors import SyntaxProblem
from infracheck.source.files import Span
from infracheck.source.hcl import ast
from infracheck.source.hcl.depth import MAX_DEPTH
from infracheck.source.hcl.lexer import (
    BAD,
    END,
    NAME,
    NEWLINE,
    QUOTE_OPEN,
    STRING,
    Lexer,
    SizeProblem,
)
from infracheck.source.hcl.parser import ExpressionParser
from infracheck.source.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.source.files import SourceFile
    from infracheck.source.hcl.lexer import Token

MAX_PROBLEMS = 20
"""After so many problems in one file the rest of it is given up."""

MAX_REREAD = 1_000_000
"""How many characters are read again after problems, beside the file's own length; each costs a look at the rest."""

_ITEM = re.compile(
    r"^[^\W\d][\w-]*+(?:[ \t]++(?:\"[^\"\n]*\"|[^\W\d][\w-]*+))*+[ \t]*+(?:\{|=(?!=))", re.MULTILINE | re.UNICODE
)


def parse_body(file: SourceFile) -> ast.ParsedFile:
    """Reads a file of attributes and blocks: `.tf`, `.tofu`, `.tfvars`, `.hcl`.

    Never raises: what cannot be read is in `problems`.
    """
    with collection_paused():
        try:
            return _FileReader(file).read()
        except SizeProblem as problem:
            # Half a file would be judged for what is missing in it.
            return ast.ParsedFile(ast.Body({}, (), file, 0, len(file.text)), (problem,), ())


def parse_expression(file: SourceFile) -> ast.Expression:
    """Reads a file, or a made-up one, that holds one expression. Line ends around it are ignored.

    Raises:
        SyntaxProblem: it is not a valid expression.
    """
    tokens = Lexer(file).configuration()
    parser = ExpressionParser(file, tokens)
    while tokens[parser.at][0] == NEWLINE:
        parser.at += 1
    expression = parser.whole_expression()
    while tokens[parser.at][0] == NEWLINE:
        parser.at += 1
    if tokens[parser.at][0] != END:
        raise parser.failure(
            "Extra characters after expression: an expression was read, but something follows it", tokens[parser.at]
        )
    return expression


def parse_template(file: SourceFile, *, start: int = 0, end: int | None = None) -> ast.Template:
    """Reads a template file, or a stretch of any file, as a bare template.

    Raises:
        SyntaxProblem: it is not a valid template.
    """
    tokens = Lexer(file, start, end).template()
    parser = ExpressionParser(file, tokens)
    return parser.whole_template()


@contextmanager
def collection_paused() -> Iterator[None]:
    """Garbage collection off: reading makes many long-lived objects and no garbage worth looking for."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _FileReader:
    """Reads one file, item by item, across its problems."""

    def __init__(self, file: SourceFile) -> None:
        self.file = file
        self.attributes: dict[str, ast.Attribute] = {}
        self.blocks: list[ast.Block] = []
        self.problems: list[SyntaxProblem] = []
        self.comments: list[tuple[int, int]] = []
        self.last_block_start = 0
        self.to_reread = len(file.text) + MAX_REREAD

    def read(self) -> ast.ParsedFile:
        start: int | None = 0
        while start is not None:
            start = self._stretch(start)
        comments = tuple(Span(self.file, *place) for place in self.comments)
        body = ast.Body(self.attributes, tuple(self.blocks), self.file, 0, len(self.file.text))
        return ast.ParsedFile(body, tuple(self.problems), comments)

    def _stretch(self, start: int) -> int | None:
        """Reads from an offset up to the next problem; where to go on after it, or None at the end."""
        lexer = Lexer(self.file, start)
        parser = BodyParser(self.file, lexer.configuration())
        tokens = parser.tokens
        resume: int | None = None
        while (kind := tokens[parser.at][0]) != END:
            if kind == NEWLINE:
                parser.at += 1
                continue
            item_start = tokens[parser.at][2]
            try:
                self._item(parser)
            except SyntaxProblem as problem:
                resume = self._recover(problem, item_start)
            except RecursionError:
                # The depth limit is meant to come first; a caller may have left little of the stack.
                deep = SyntaxProblem(
                    "Nested too deeply to be read", Origin(Span(self.file, item_start, item_start + 1))
                )
                resume = self._recover(deep, item_start)
            else:
                continue
            break
        else:
            resume = None
        limit = len(self.file.text) if resume is None else resume
        self.comments.extend(place for place in lexer.comments if place[0] < limit)
        return resume

    def _item(self, parser: BodyParser) -> None:
        token = parser.tokens[parser.at]
        if token[0] == "}":
            # One brace too many: what was read before it ended too early.
            self.blocks = [block for block in self.blocks if block.start < self.last_block_start]
            self.attributes = {
                name: attribute
                for name, attribute in self.attributes.items()
                if attribute.start < self.last_block_start
            }
        item = parser.item(self.attributes)
        if isinstance(item, ast.Block):
            self.last_block_start = item.start
            self.blocks.append(item)
        else:
            self.attributes[item.name] = item

    def _recover(self, problem: SyntaxProblem, item_start: int) -> int | None:
        self.problems.append(problem)
        # The cause may lie before the place reported (a quote, a brace): look from the item's own first line on.
        after = self.file.text.find("\n", item_start)
        match = _ITEM.search(self.file.text, after + 1) if after >= 0 else None
        if match is None:
            return None
        self.to_reread -= len(self.file.text) - match.start()
        if len(self.problems) >= MAX_PROBLEMS or self.to_reread < 0:
            count = len(self.problems)
            give_up = f"After {count} problems in this file, the rest of it is not read"
            self.problems.append(SyntaxProblem(give_up, problem.origin))
            return None
        return match.start()


class BodyParser(ExpressionParser):
    """Reads attributes and blocks."""

    def item(self, known: dict[str, ast.Attribute]) -> ast.Attribute | ast.Block:
        """One attribute or block, with the line end after it."""
        token = self.tokens[self.at]
        if token[0] != NAME:
            if token[0] in (STRING, QUOTE_OPEN):
                raise self.failure("Invalid argument name: argument names must not be quoted", token)
            raise self.failure("Argument or block definition required: an argument or block is expected here", token)
        self.at += 1
        following = self.tokens[self.at]
        if following[0] == "=":
            attribute = self._attribute(token, known)
            self._line_end("Missing newline after argument: an argument definition must end with a newline")
            return attribute
        if following[0] in (NAME, STRING, QUOTE_OPEN, "{"):
            block = self._block(token)
            self._line_end("Missing newline after block definition: a block definition must end with a newline")
            return block
        raise self.failure(
            f'Argument or block definition required: to set the argument "{token[1][:40]}", write the equals sign "=" '
            "and its value",
            following if following[0] == BAD else token,
        )

    def _attribute(self, name: Token, known: dict[str, ast.Attribute]) -> ast.Attribute:
        self.at += 1
        earlier = known.get(name[1])
        if earlier is not None:
            line = earlier.span.line
            raise self.failure(f'Attribute redefined: the argument "{name[1]}" was already set at line {line}', name)
        expression = self.whole_expression()
        return ast.Attribute(name[1], expression, self.file, name[2], name[3], expression.end)

    def _line_end(self, message: str) -> None:
        token = self.tokens[self.at]
        if token[0] == NEWLINE:
            self.at += 1
        elif token[0] != END:
            raise self.failure(message, token)

    def _block(self, type_: Token) -> ast.Block:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self.too_deep(type_[2])
        tokens = self.tokens
        labels: list[str] = []
        spans: list[tuple[int, int]] = []
        while (token := tokens[self.at])[0] != "{":
            if token[0] == QUOTE_OPEN:
                labels.append(self._escaped_label())
                spans.append((token[2], tokens[self.at - 1][3]))
            elif token[0] in (NAME, STRING):
                labels.append(token[1])
                spans.append((token[2], token[3]))
                self.at += 1
            elif token[0] == "=":
                raise self.failure(
                    "Invalid block definition: the equals sign is only for arguments; a block has none", token
                )
            else:
                message = "Invalid block definition: a quoted label or an opening brace is expected to start its body"
                raise self.failure(message, token)
        self.at += 1
        body = self._block_body(token, type_)
        self._depth -= 1
        header_end = spans[-1][1] if spans else type_[3]
        return ast.Block(
            type_[1], tuple(labels), body, self.file, type_[2], header_end, tuple(spans), tokens[self.at - 1][3]
        )

    def _escaped_label(self) -> str:
        """A label with escapes; template sequences are no part of one."""
        template = self.whole_template_of(self.tokens[self.at])
        text = template.literal
        if text is None:
            raise self.problem(
                'Invalid string literal: template sequences are not allowed in a label; for a literal "$" write "$$"',
                template.start,
                template.end,
            )
        return text

    def _block_body(self, opening: Token, type_: Token) -> ast.Body:
        tokens = self.tokens
        attributes: dict[str, ast.Attribute] = {}
        blocks: list[ast.Block] = []
        token = tokens[self.at]
        if token[0] not in (NEWLINE, "}", END):
            self._single(attributes)
        while (token := tokens[self.at])[0] != "}":
            if token[0] == NEWLINE:
                self.at += 1
                continue
            if token[0] == END:
                raise self.problem(
                    "Unclosed configuration block: there is no closing brace for this block before the end of the "
                    "file; the braces may be nested wrongly further down",
                    type_[2],
                    opening[3],
                )
            item = self.item(attributes)
            if isinstance(item, ast.Block):
                blocks.append(item)
            else:
                attributes[item.name] = item
        self.at += 1
        return ast.Body(attributes, tuple(blocks), self.file, opening[2], token[3])

    def _single(self, attributes: dict[str, ast.Attribute]) -> None:
        """`type { name = value }`: one argument and nothing else."""
        name, equals = self.tokens[self.at], self.tokens[self.at + 1]
        if name[0] != NAME or equals[0] != "=":
            raise self.failure(
                "Invalid single-line block: it may hold a single argument; use several lines for more", name
            )
        self.at += 1
        attributes[name[1]] = self._attribute(name, attributes)
        token = self.tokens[self.at]
        if token[0] != "}":
            raise self.failure(
                "Invalid single-line block: a closing brace is expected on the same line after its single argument",
                token,
            )
