"""Template tokens to parts: escapes are read by then; here go indent, strip markers and directives."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from infracheck.source.hcl import ast
from infracheck.source.hcl.lexer import (
    BAD,
    DIRECTIVE,
    END,
    HEREDOC_CLOSE,
    HEREDOC_OPEN,
    INTERPOLATION,
    NAME,
    QUOTE_CLOSE,
    SEQUENCE_END,
    TEXT,
)

if TYPE_CHECKING:
    from infracheck.source.errors import SyntaxProblem
    from infracheck.source.files import SourceFile
    from infracheck.source.hcl.lexer import Token

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class Directive(NamedTuple):
    """One `%{ … }`, before the tree is built."""

    keyword: str
    condition: ast.Expression | None
    names: tuple[str | None, str]
    start: int
    end: int


Piece: TypeAlias = str | ast.Interpolation | Directive


class TemplateParser:
    """The template half of the expression parser."""

    file: SourceFile
    tokens: list[Token]
    at: int

    def failure(self, message: str, token: Token) -> SyntaxProblem:
        """The problem of a token."""
        raise NotImplementedError

    def problem(self, message: str, start: int, end: int) -> SyntaxProblem:
        """A problem at a place of this file."""
        raise NotImplementedError

    def expression(self) -> ast.Expression:
        """Reads an expression."""
        raise NotImplementedError

    def for_introduction(self, closing: str | None) -> tuple[str | None, str, ast.Expression]:
        """Reads `key, value in collection`."""
        raise NotImplementedError

    def template(self, opening: Token) -> ast.Template:
        """A quoted string or a heredoc; the opening is already read."""
        if opening[0] == HEREDOC_OPEN:
            marker = opening[1].rstrip("\r\n")
            flush = marker.startswith("<<-")
            pieces, close = self._pieces(HEREDOC_CLOSE, by_line=True)
            if flush:
                pieces = _without_indent(pieces)
        else:
            marker = '"'
            pieces, close = self._pieces(QUOTE_CLOSE, by_line=False)
        return ast.Template(self._tree(pieces), opening[2], close[3], marker)

    def bare_template(self) -> ast.Template:
        """Everything up to the end, as a template."""
        start = self.tokens[self.at][2]
        pieces, close = self._pieces(END, by_line=True)
        return ast.Template(self._tree(pieces), start, close[3], "")

    def _pieces(self, closing: str, *, by_line: bool) -> tuple[list[Piece], Token]:
        """The parts in a row up to the closing token, strip markers applied.

        A marker strips the white space of one token of HashiCorp's scanner, which in heredocs and files is one line.
        """
        pieces: list[Piece] = []
        strip_next = False
        previous_is_text = False
        while True:
            token = self.tokens[self.at]
            kind = token[0]
            self.at += 1
            if kind == closing:
                return pieces, token
            if kind == TEXT:
                lines: list[str] = _LINE.findall(token[1]) if by_line else [token[1]]
                if strip_next:
                    lines[0] = lines[0].lstrip()
                pieces.extend(lines)
                strip_next, previous_is_text = False, True
                continue
            if kind not in (INTERPOLATION, DIRECTIVE):
                raise self.failure("Unterminated template string: its end is missing", token)
            if previous_is_text and token[1].endswith("~"):
                last = pieces[-1]
                pieces[-1] = last.rstrip() if isinstance(last, str) else last
            pieces.append(self._interpolation(token) if kind == INTERPOLATION else self._directive(token))
            strip_next = self.tokens[self.at - 1][1].startswith("~")
            previous_is_text = False

    def _interpolation(self, opening: Token) -> ast.Interpolation:
        expression = self.expression()
        return ast.Interpolation(expression, opening[2], self._sequence_end(opening, "template interpolation"))

    def _sequence_end(self, opening: Token, what: str) -> int:
        token = self.tokens[self.at]
        if token[0] != SEQUENCE_END:
            if token[0] in (BAD, END):
                raise self.failure(f"Unclosed {what}: there is no }} for it", token)
            raise self.problem(
                f"Unclosed or malformed {what}: expected its closing brace after the expression", opening[2], opening[3]
            )
        self.at += 1
        return token[3]

    def _directive(self, opening: Token) -> Directive:
        word = self.tokens[self.at]
        if word[0] != NAME:
            raise self.failure(
                "Invalid template directive: a keyword (if, else, endif, for, endfor) must follow %{", word
            )
        self.at += 1
        condition: ast.Expression | None = None
        names: tuple[str | None, str] = (None, "")
        keyword = word[1]
        if keyword == "if":
            condition = self.expression()
        elif keyword == "for":
            key_name, value_name, condition = self.for_introduction(None)
            names = (key_name, value_name)
        elif keyword not in ("else", "endif", "endfor"):
            raise self.failure(
                f"Invalid template control keyword: {keyword} is not one of if, else, endif, for, endfor", word
            )
        end = self._sequence_end(opening, "template directive")
        return Directive(keyword, condition, names, opening[2], end)

    def _tree(self, pieces: list[Piece]) -> tuple[ast.TemplatePart, ...]:
        """Directives with their bodies; a stack instead of recursion, so depth costs nothing."""
        if len(pieces) == 1 and not isinstance(pieces[0], Directive):
            return (pieces[0],) if pieces[0] != "" else ()
        current: list[ast.TemplatePart] = []
        stack: list[tuple[Directive, list[ast.TemplatePart], list[ast.TemplatePart] | None]] = []
        for piece in pieces:
            if not isinstance(piece, Directive):
                current.append(piece)
            elif piece.keyword in ("if", "for"):
                stack.append((piece, current, None))
                if len(stack) > 100:
                    raise self.problem("Nested too deeply: more than 100 template directives", piece.start, piece.end)
                current = []
            else:
                self._check_pairing(piece, stack)
                opened, outer, then = stack.pop()
                if piece.keyword == "else":
                    stack.append((opened, outer, current))
                    current = []
                else:
                    outer.append(_directive_node(opened, then, current, piece.end))
                    current = outer
        if stack:
            opened = stack[-1][0]
            closer = "endif" if opened.keyword == "if" else "endfor"
            raise self.problem(
                f"Unexpected end of template: the {opened.keyword} directive has no {closer}", opened.start, opened.end
            )
        joined = _joined(current)
        # Text that was stripped bare still makes it a text: `"  ${~ 5}"` is "5" and not 5.
        return (*joined, "") if len(current) > 1 and len(joined) == 1 and not isinstance(joined[0], str) else joined

    def _check_pairing(
        self,
        piece: Directive,
        stack: list[tuple[Directive, list[ast.TemplatePart], list[ast.TemplatePart] | None]],
    ) -> None:
        wanted = "for" if piece.keyword == "endfor" else "if"
        if not stack or stack[-1][0].keyword != wanted or (piece.keyword == "else" and stack[-1][2] is not None):
            raise self.problem(
                f"Unexpected {piece.keyword} directive: there is no open {wanted} directive for it",
                piece.start,
                piece.end,
            )


def _directive_node(
    opened: Directive, then: list[ast.TemplatePart] | None, body: list[ast.TemplatePart], end: int
) -> ast.TemplateIf | ast.TemplateFor:
    if opened.condition is None:
        raise AssertionError("`if` and `for` are read with their expression")
    if opened.keyword == "for":
        return ast.TemplateFor(*opened.names, opened.condition, _joined(body), opened.start, end)
    if then is None:
        return ast.TemplateIf(opened.condition, _joined(body), (), opened.start, end)
    return ast.TemplateIf(opened.condition, _joined(then), _joined(body), opened.start, end)


def _joined(parts: list[ast.TemplatePart]) -> tuple[ast.TemplatePart, ...]:
    """The parts with neighbouring texts made one, empty texts left out."""
    joined: list[ast.TemplatePart] = []
    texts: list[str] = []
    for part in parts:
        if isinstance(part, str):
            texts.append(part)
            continue
        if texts and (text := "".join(texts)):
            joined.append(text)
        texts = []
        joined.append(part)
    if texts and (text := "".join(texts)):
        joined.append(text)
    return tuple(joined)


def _without_indent(pieces: list[Piece]) -> list[Piece]:
    """`<<-`: the white space that all lines share is taken away.

    As HashiCorp's parser does it: blank lines do not count and stay as they are, a line that begins with a sequence has
    no indent, and only line ends that are still there after stripping begin a line.
    """
    smallest: int | None = None
    begins: list[int] = []
    new_line = True
    for position, piece in enumerate(pieces):
        if new_line:
            new_line = False
            indent: int | None = 0
            if isinstance(piece, str):
                trimmed = piece.lstrip()
                if not trimmed and piece.endswith("\n"):
                    indent = None
                else:
                    indent = len(piece) - len(trimmed)
                    begins.append(position)
            if indent is not None and (smallest is None or indent < smallest):
                smallest = indent
        if isinstance(piece, str) and piece.endswith("\n"):
            new_line = True
    if smallest:
        for position in begins:
            piece = pieces[position]
            if isinstance(piece, str):
                pieces[position] = piece[smallest:]
    return pieces
