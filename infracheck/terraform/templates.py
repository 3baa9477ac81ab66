"""Strings: quoted, heredoc, with interpolations and directives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.source.hcl import ast
from infracheck.source.values import Scalar, Unknown
from infracheck.terraform import construct, loops
from infracheck.terraform.construct import is_null, marked, text_in
from infracheck.terraform.conversion import ConversionError, convert
from infracheck.terraform.types import BOOL, STRING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infracheck.source.values import Value
    from infracheck.terraform.evaluation import Evaluator


def template(evaluator: Evaluator, node: ast.Template) -> Value:
    """A template; one that is a single interpolation is that interpolation's value, of whatever type."""
    parts = node.parts
    if len(parts) == 1 and isinstance(parts[0], ast.Interpolation):
        return evaluator.value(parts[0].expression)
    if node.literal is not None:
        return construct.string(node.literal, evaluator.origin(node.start, node.end))
    pieces = _render(evaluator, parts)
    origin = evaluator.origin(node.start, node.end, [piece for piece in pieces if not isinstance(piece, str)])
    unknown = next((piece for piece in pieces if isinstance(piece, Unknown)), None)
    sensitive = any(not isinstance(piece, str) and piece.sensitive for piece in pieces)
    if unknown is not None:
        return marked(construct.unknown("a part of the string is not known", origin, unknown, STRING), sensitive)
    text = "".join(piece if isinstance(piece, str) else text_in(piece) for piece in pieces)
    return marked(construct.string(text, origin), sensitive)


def _render(evaluator: Evaluator, parts: Sequence[ast.TemplatePart]) -> list[str | Value]:
    pieces: list[str | Value] = []
    for part in parts:
        if isinstance(part, str):
            pieces.append(part)
        elif isinstance(part, ast.Interpolation):
            pieces.append(_string(evaluator, evaluator.value(part.expression), part))
        elif isinstance(part, ast.TemplateIf):
            pieces.extend(_choice(evaluator, part))
        else:
            pieces.extend(_repetition(evaluator, part))
    return pieces


def _string(evaluator: Evaluator, value: Value, part: ast.Interpolation) -> Value:
    if is_null(value):
        return evaluator.fail("The expression result is null. Cannot include a null value in a string template.", part)
    try:
        return convert(value, STRING)
    except ConversionError as problem:
        return evaluator.fail(f"Cannot include the given value in a string template: {problem}.", part)


def _choice(evaluator: Evaluator, part: ast.TemplateIf) -> list[str | Value]:
    decision = evaluator.value(part.condition)
    if is_null(decision):
        evaluator.fail("The condition value is null. Conditions must either be true or false.", part)
        return []
    try:
        decision = convert(decision, BOOL)
    except ConversionError:
        evaluator.fail("The condition expression must be of type bool.", part)
        return []
    if isinstance(decision, Unknown):
        return [construct.unknown("the condition is not known", decision.origin, decision, STRING)]
    chosen = isinstance(decision, Scalar) and decision.value is True
    return [*_hidden(decision), *_render(evaluator, part.then if chosen else part.otherwise)]


def _hidden(decisive: Value) -> list[str | Value]:
    """Nothing, but sensitive if what decides about the text is."""
    return [marked(construct.string("", decisive.origin), sensitive=True)] if decisive.sensitive else []


def _repetition(evaluator: Evaluator, part: ast.TemplateFor) -> list[str | Value]:
    collection = evaluator.value(part.collection)
    pairs = loops.pairs(evaluator, collection, part)
    if isinstance(pairs, Unknown):
        return [pairs]
    pieces = _hidden(collection)
    saved = dict(evaluator.names)
    for key, value in pairs:
        loops.bind(evaluator, part.key_name, part.value_name, key, value)
        pieces.extend(_render(evaluator, part.body))
    evaluator.names = saved
    return pieces
