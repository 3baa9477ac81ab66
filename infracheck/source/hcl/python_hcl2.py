"""Our trees as the dictionaries of python-hcl2 (version 8), for code that was written for those.

Strings keep their quotes, other expressions are text in `${…}`, blocks are lists of dictionaries under their type and
labels, marked `__is_block__`. Expressions are the text of the file, where python-hcl2 renders them anew. Unlike there,
`with_meta` gives every block the lines it spans.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from infracheck.source.files import Span
from infracheck.source.hcl import ast

if TYPE_CHECKING:
    from infracheck.source.files import SourceFile


def to_dictionary(
    parsed: ast.ParsedFile | ast.Body,
    *,
    explicit_blocks: bool = True,
    strip_string_quotes: bool = False,
    with_meta: bool = False,
) -> dict[str, Any]:
    """A file or body as `hcl2.loads` returns it, without comments.

    Args:
        parsed: what was read.
        explicit_blocks: mark blocks with `__is_block__`.
        strip_string_quotes: leave out the quotes of strings and labels.
        with_meta: add `__start_line__` and `__end_line__` to blocks.
    """
    writer = _Writer(explicit_blocks=explicit_blocks, strip_string_quotes=strip_string_quotes, with_meta=with_meta)
    return writer.body(parsed.body if isinstance(parsed, ast.ParsedFile) else parsed)


class _Writer:
    def __init__(self, *, explicit_blocks: bool, strip_string_quotes: bool, with_meta: bool) -> None:
        self._explicit_blocks = explicit_blocks
        self._strip_string_quotes = strip_string_quotes
        self._with_meta = with_meta

    def body(self, body: ast.Body) -> dict[str, Any]:
        found: dict[str, Any] = {
            name: self.value(attribute.expression, attribute.file) for name, attribute in body.attributes.items()
        }
        for block in body.blocks:
            inner = self.body(block.body)
            if self._with_meta:
                inner["__start_line__"] = block.span.line
                inner["__end_line__"] = block.span.end_position[0]
            if self._explicit_blocks:
                inner["__is_block__"] = True
            for position in reversed(range(len(block.labels))):
                inner = {self._label(block, position): inner}
            found.setdefault(block.type, []).append(inner)
        return found

    def _label(self, block: ast.Block, position: int) -> str:
        text = block.label_span(position).text
        return text[1:-1] if self._strip_string_quotes and text.startswith('"') else text

    def value(self, node: ast.Expression, file: SourceFile) -> Any:
        if isinstance(node, ast.Literal):
            return _number(node.value) if isinstance(node.value, Decimal) else node.value
        if isinstance(node, ast.Unary) and node.operator == "-" and isinstance(node.operand, ast.Literal):
            number = node.operand.value
            if isinstance(number, Decimal):
                return _number(-number)
        if isinstance(node, ast.Tuple):
            return [self.value(item, file) for item in node.items]
        if isinstance(node, ast.Object):
            return {self._key(item.key, file): self.value(item.value, file) for item in node.items}
        text = Span(file, node.start, node.end).text
        if isinstance(node, ast.Template):
            if node.opening.startswith("<<"):
                return text if self._strip_string_quotes else f'"{text}"'
            return text[1:-1] if self._strip_string_quotes else text
        return f"${{{text}}}"

    def _key(self, node: ast.Expression, file: SourceFile) -> str:
        text = Span(file, node.start, node.end).text
        if isinstance(node, ast.Template):
            return text[1:-1] if self._strip_string_quotes and node.opening == '"' else text
        return text if isinstance(node, ast.Literal) else f"${{{text}}}"


def _number(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() and number.as_tuple().exponent == 0 else float(number)
