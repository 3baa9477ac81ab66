"""Tokens to expressions: operators by precedence, postfix steps in a loop, one call frame per kind of bracket."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from infracheck.source.errors import LimitError, SyntaxProblem
from infracheck.source.files import Span
from infracheck.source.hcl import ast, lexer
from infracheck.source.hcl.depth import MAX_DEPTH, depth_exceeded
from infracheck.source.hcl.lexer import (
    BAD,
    END,
    HEREDOC_OPEN,
    NAME,
    NEWLINE,
    NUMBER,
    QUOTE_OPEN,
    STRING,
)
from infracheck.source.hcl.templates import TemplateParser
from infracheck.source.origin import Origin

if TYPE_CHECKING:
    from infracheck.source.files import SourceFile
    from infracheck.source.hcl.lexer import Token

PRECEDENCE = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    ">": 4,
    "<=": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}
"""Binary operators, loosest first; all associate to the left."""

CLOSING = frozenset({")", "]", "}", lexer.SEQUENCE_END, END})
"""What ends a list: its own bracket, or another's where it is not closed."""

KEYWORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None}


class NestingProblem(SyntaxProblem, LimitError):  # noqa: N818 - as SyntaxProblem
    """An expression or block is nested more deeply than is read."""


class ExpressionParser(TemplateParser):
    """Reads expressions from a list of tokens.

    Attributes:
        file: the file the offsets of the tokens refer to.
        tokens: what the lexer made of it.
        at: the position of the next token.
    """

    def __init__(self, file: SourceFile, tokens: list[Token]) -> None:
        self.file = file
        self.tokens = tokens
        self.at = 0
        self._depth = 0
        self._deepest = 0
        self._longest = 0

    def failure(self, message: str, token: Token) -> SyntaxProblem:
        """The problem of a token: the given one, unless the lexer already knows a better."""
        return self.problem(token[1] if token[0] == BAD else message, token[2], token[3])

    def problem(self, message: str, start: int, end: int) -> SyntaxProblem:
        """A problem at a place of this file."""
        return SyntaxProblem(message, Origin(Span(self.file, start, end)))

    def whole_expression(self) -> ast.Expression:
        """An expression whose depth is known to be within the limit; what follows it is left alone."""
        self._deepest = self._longest = 0
        start = self.tokens[self.at][2]
        expression = self.expression()
        # A chain (`a + b + …`, `a.b.c…`) is as deep as it is long. Few expressions come near; only those are measured.
        if self._deepest * (self._longest + 3) > MAX_DEPTH and depth_exceeded(expression):
            raise self.too_deep(start)
        return expression

    def whole_template(self) -> ast.Template:
        """All the tokens as one bare template, within the depth limit."""
        self._deepest = self._longest = 0
        template = self.bare_template()
        return self._measured(template)

    def whole_template_of(self, opening: Token) -> ast.Template:
        """A quoted template, whose opening token is next."""
        self.at += 1
        return self._measured(self.template(opening))

    def _measured(self, template: ast.Template) -> ast.Template:
        if depth_exceeded(template):
            raise self.too_deep(template.start)
        return template

    def too_deep(self, start: int) -> NestingProblem:
        """The problem of nesting beyond the limit."""
        message = f"Nested too deeply: more than {MAX_DEPTH} levels; split it into several locals"
        return NestingProblem(message, Origin(Span(self.file, start, start + 1)))

    def expression(self) -> ast.Expression:
        """An expression, conditionals included."""
        tokens = self.tokens
        self._depth += 1
        if self._depth > self._deepest:
            self._deepest = self._depth
            if self._depth > MAX_DEPTH:
                raise self.too_deep(tokens[self.at][2])
        left = self._operand()
        kind = tokens[self.at][0]
        if kind in PRECEDENCE:
            left = self._binary(left)
            kind = tokens[self.at][0]
        if kind == "?":
            left = self._conditional(left)
        self._depth -= 1
        return left

    def _binary(self, left: ast.Expression) -> ast.Expression:
        tokens = self.tokens
        operands = [left]
        operators: list[str] = []
        count = 0
        while (operator := tokens[self.at][0]) in PRECEDENCE:
            binds = PRECEDENCE[operator]
            while operators and PRECEDENCE[operators[-1]] >= binds:
                right = operands.pop()
                left = operands.pop()
                operands.append(ast.Binary(operators.pop(), left, right, left.start, right.end))
            operators.append(operator)
            self.at += 1
            operands.append(self._operand())
            count += 1
        while operators:
            right = operands.pop()
            left = operands.pop()
            operands.append(ast.Binary(operators.pop(), left, right, left.start, right.end))
        self._longest = max(self._longest, count)
        return operands[0]

    def _conditional(self, condition: ast.Expression) -> ast.Expression:
        question = self.tokens[self.at]
        self.at += 1
        then = self.expression()
        if self.tokens[self.at][0] != ":":
            raise self.failure(
                "Missing false expression in conditional: the conditional operator (...?...:...) needs a second "
                "branch, led by a colon",
                self.tokens[self.at] if self.tokens[self.at][0] == BAD else question,
            )
        self.at += 1
        otherwise = self.expression()
        return ast.Conditional(condition, then, otherwise, condition.start, otherwise.end)

    def _operand(self) -> ast.Expression:
        """A term with its postfix steps, or a unary operator and its operand."""
        tokens = self.tokens
        token = tokens[self.at]
        kind, value, start, end = token
        self.at += 1
        term: ast.Expression
        if kind == NAME:
            following = tokens[self.at][0]
            if following in ("(", "::"):
                term = self._call(token)
            elif value in KEYWORDS:
                term = ast.Literal(KEYWORDS[value], start, end)
            else:
                term = ast.Variable(value, start, end)
        elif kind == STRING:
            term = ast.Template((value,) if value else (), start, end)
        elif kind == NUMBER:
            term = self._number(token)
        elif kind in (QUOTE_OPEN, HEREDOC_OPEN):
            term = self.template(token)
        elif kind == "[":
            term = self._tuple(start)
        elif kind == "{":
            term = self._object(start)
        elif kind == "(":
            inner = self.expression()
            term = ast.Parentheses(inner, start, self._close(")", start, "parentheses"))
        elif kind in ("-", "!"):
            return self._unary(token)
        else:
            self.at -= 1
            message = "Invalid expression: expected the start of an expression, but found "
            raise self.failure(message + _named(token), token)
        if tokens[self.at][0] in (".", "["):
            return self._steps(term)
        return term

    def _unary(self, token: Token) -> ast.Expression:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self.too_deep(token[2])
        self._deepest = max(self._deepest, self._depth)
        operand = self._operand()
        self._depth -= 1
        return ast.Unary(token[0], operand, token[2], operand.end)

    def _number(self, token: Token) -> ast.Literal:
        try:
            return ast.Literal(Decimal(token[1]), token[2], token[3])
        except InvalidOperation:
            raise self.failure(f"Invalid number literal: {token[1][:40]} is not a number", token) from None

    def _steps(self, term: ast.Expression) -> ast.Expression:
        """`.name`, `[key]`, `.0`, `.*` and `[*]` after a term."""
        tokens = self.tokens
        count = 0
        while (kind := tokens[self.at][0]) in (".", "["):
            count += 1
            following = tokens[self.at + 1]
            if kind == ".":
                if following[0] == NAME:
                    self.at += 2
                    term = ast.GetAttr(term, following[1], term.start, following[3])
                elif following[0] == NUMBER:
                    self.at += 2
                    term = self._legacy_index(term, following)
                elif following[0] == "*":
                    self.at += 2
                    term = self._attribute_splat(term, following)
                else:
                    raise self.failure(
                        "Invalid attribute name: an attribute name is required after a dot, not " + _named(following),
                        following,
                    )
            elif following[0] == "*" and tokens[self.at + 2][0] == "]":
                close = tokens[self.at + 2]
                self.at += 3
                term = self._full_splat(term, close)
            else:
                opening = tokens[self.at]
                self.at += 1
                key = self.expression()
                term = ast.Index(term, key, term.start, self._close("]", opening[2], "index brackets"))
        self._longest = max(self._longest, count)
        return term

    def _full_splat(self, source: ast.Expression, close: Token) -> ast.Expression:
        """What follows `[*]` belongs to each element, further splats included."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self.too_deep(close[2])
        self._deepest = max(self._deepest, self._depth)
        item: ast.Expression = ast.SplatItem(close[3], close[3])
        each = self._steps(item)
        self._depth -= 1
        return ast.Splat(source, each, True, source.start, each.end)

    def _legacy_index(self, source: ast.Expression, token: Token) -> ast.Expression:
        """`.0`; `.0.1` reaches us as the number 0.1, which HCL does not take either."""
        text = token[1]
        if "." in text:
            raise self.failure(
                "Invalid legacy index syntax: two of these indexes cannot be chained; write [0][1] instead", token
            )
        if not text.isdigit() or len(text) > 18:
            raise self.failure(f"Invalid legacy index: {text[:40]} is not a whole number", token)
        return ast.LegacyIndex(source, int(text), source.start, token[3])

    def _attribute_splat(self, source: ast.Expression, star: Token) -> ast.Expression:
        """`.*` takes the attributes and legacy indexes after it, but no brackets."""
        tokens = self.tokens
        each: ast.Expression = ast.SplatItem(star[3], star[3])
        count = 0
        while tokens[self.at][0] == ".":
            following = tokens[self.at + 1]
            if following[0] == NAME:
                each = ast.GetAttr(each, following[1], each.start, following[3])
            elif following[0] == NUMBER:
                each = self._legacy_index(each, following)
            elif following[0] == "*":
                raise self.failure(
                    "Nested splat expression not allowed: a splat (*) cannot stand inside another attribute-only splat",
                    following,
                )
            else:
                raise self.failure("Invalid attribute name: an attribute name is required after a dot", following)
            self.at += 2
            count += 1
        self._longest = max(self._longest, count)
        return ast.Splat(source, each, False, source.start, each.end)

    def _call(self, token: Token) -> ast.FunctionCall:
        tokens = self.tokens
        name, start = token[1], token[2]
        while tokens[self.at][0] == "::":
            part = tokens[self.at + 1]
            if part[0] != NAME:
                raise self.failure("Missing function name: a name is required after the namespace separator ::", part)
            name = f"{name}::{part[1]}"
            self.at += 2
        opening = tokens[self.at]
        if opening[0] != "(":
            raise self.failure(f"Missing open parenthesis: the function name {name} must be followed by (", opening)
        self.at += 1
        arguments: list[ast.Expression] = []
        expand = False
        while tokens[self.at][0] not in CLOSING:
            arguments.append(self.expression())
            separator = tokens[self.at][0]
            if separator == "...":
                self.at += 1
                expand = True
                break
            if separator != ",":
                break
            self.at += 1
        end = self._close(")", opening[2], f"call of {name}")
        return ast.FunctionCall(name, tuple(arguments), expand, start, end)

    def _tuple(self, start: int) -> ast.Tuple | ast.ForTuple:
        tokens = self.tokens
        if tokens[self.at][0] == NAME and tokens[self.at][1] == "for":
            return self._for_tuple(start)
        items: list[ast.Expression] = []
        while tokens[self.at][0] not in CLOSING:
            items.append(self.expression())
            if tokens[self.at][0] != ",":
                break
            self.at += 1
        return ast.Tuple(tuple(items), start, self._close("]", start, "list"))

    def _object(self, start: int) -> ast.Object | ast.ForObject:
        tokens = self.tokens
        if tokens[self.at][0] == NAME and tokens[self.at][1] == "for":
            return self._for_object(start)
        items: list[ast.ObjectItem] = []
        while True:
            token = tokens[self.at]
            if token[0] == NEWLINE:
                self.at += 1
                continue
            if token[0] == "}":
                break
            if token[0] == END:
                self._close("}", start, "object")
            key: ast.Expression
            if token[0] == NAME and tokens[self.at + 1][0] in ("=", ":"):
                self.at += 1
                key = ast.Template((token[1],), token[2], token[3], "")
            else:
                key = self.expression()
            separator = tokens[self.at]
            if separator[0] not in ("=", ":"):
                raise self.failure(
                    'Missing key/value separator: expected an equals sign ("=") after the object key', separator
                )
            self.at += 1
            value = self.expression()
            items.append(ast.ObjectItem(key, value, key.start, value.end))
            separator = tokens[self.at]
            if separator[0] in (",", NEWLINE):
                self.at += 1
            elif separator[0] != "}":
                if separator[0] == END:
                    self._close("}", start, "object")
                raise self.failure(
                    "Missing attribute separator: expected a newline or comma before the next key", separator
                )
        return ast.Object(tuple(items), start, self._close("}", start, "object"))

    def _for_tuple(self, start: int) -> ast.ForTuple:
        self.at += 1
        key_name, value_name, collection = self.for_introduction(":")
        result = self.expression()
        if self.tokens[self.at][0] in ("=>", "..."):
            raise self.failure(
                "Invalid 'for' expression: a key and => (or grouping with ...) are only valid when building an object, "
                "in braces",
                self.tokens[self.at],
            )
        condition = self._for_condition()
        end = self._close("]", start, "'for' expression")
        return ast.ForTuple(key_name, value_name, collection, result, condition, start, end)

    def _for_object(self, start: int) -> ast.ForObject:
        self.at += 1
        key_name, value_name, collection = self.for_introduction(":")
        result_key = self.expression()
        arrow = self.tokens[self.at]
        if arrow[0] != "=>":
            raise self.failure(
                "Invalid 'for' expression: a key expression and => are required when building an object", arrow
            )
        self.at += 1
        result = self.expression()
        grouping = self.tokens[self.at][0] == "..."
        if grouping:
            self.at += 1
        condition = self._for_condition()
        end = self._close("}", start, "'for' expression")
        return ast.ForObject(key_name, value_name, collection, result_key, result, condition, grouping, start, end)

    def _for_condition(self) -> ast.Expression | None:
        token = self.tokens[self.at]
        if token[0] == NAME and token[1] == "if":
            self.at += 1
            return self.expression()
        return None

    def for_introduction(self, closing: str | None) -> tuple[str | None, str, ast.Expression]:
        """`key, value in collection` and what ends it; the `for` is already read."""
        first = self._for_name()
        key_name, value_name = None, first
        if self.tokens[self.at][0] == ",":
            self.at += 1
            key_name, value_name = first, self._for_name()
        token = self.tokens[self.at]
        if token[0] != NAME or token[1] != "in":
            raise self.failure("Invalid 'for' expression: the keyword \"in\" is required after the names", token)
        self.at += 1
        collection = self.expression()
        if closing is not None:
            token = self.tokens[self.at]
            if token[0] != closing:
                raise self.failure("Invalid 'for' expression: a colon is required after the collection", token)
            self.at += 1
        return key_name, value_name, collection

    def _for_name(self) -> str:
        token = self.tokens[self.at]
        if token[0] != NAME:
            raise self.failure("Invalid 'for' expression: a variable name is required, not " + _named(token), token)
        self.at += 1
        return token[1]

    def _close(self, bracket: str, opened: int, what: str) -> int:
        """Reads a closing bracket; the offset past it."""
        token = self.tokens[self.at]
        if token[0] == NEWLINE or (token[0] != bracket and token[0] in CLOSING):
            raise self.problem(f"Unclosed {what}: there is no {bracket} for what is opened here", opened, opened + 1)
        if token[0] == bracket:
            self.at += 1
            return token[3]
        raise self.failure(
            f"Missing {bracket}: expected it, or a comma, in the {what}, but found {_named(token)}", token
        )


def _named(token: Token) -> str:
    kind, value = token[0], token[1]
    if kind in (NAME, NUMBER):
        return value[:40]
    if kind in (STRING, QUOTE_OPEN):
        return "a quoted string"
    return {NEWLINE: "the end of the line", END: "the end of the file"}.get(kind, f'"{value or kind}"')
