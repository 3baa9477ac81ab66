"""What an expression is worth: known, unknown with a reason, or in error as Terraform would say."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from infracheck.source.errors import EvaluationError
from infracheck.source.files import Span
from infracheck.source.hcl import ast
from infracheck.source.origin import Origin
from infracheck.source.values import Scalar, Unknown
from infracheck.terraform import construct, loops, numbers, operators, templates, traversal
from infracheck.terraform.budget import Budget
from infracheck.terraform.construct import is_null, marked, text_in
from infracheck.terraform.conversion import ConversionError, convert
from infracheck.terraform.types import DYNAMIC, STRING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from collections.abc import Mapping as Names

    from infracheck.source.files import SourceFile
    from infracheck.source.values import Value
    from infracheck.terraform.scope import Scope


def evaluate(
    expression: ast.Expression,
    scope: Scope,
    file: SourceFile,
    *,
    names: Names[str, Value] | None = None,
    budget: Budget | None = None,
) -> Value:
    """The value of an expression.

    Args:
        expression: what to evaluate.
        scope: what names mean.
        file: the file the expression was read from.
        names: values of the names that are bound around it (`each` of a dynamic block, a template's variables).
        budget: the work that is left; a fresh budget if None.

    Raises:
        EvaluationError: the first error that Terraform would report.
        LimitError: it takes too much work or memory.
    """
    evaluator = Evaluator(scope, file, names, budget)
    value = evaluator.value(expression)
    if evaluator.errors:
        raise evaluator.errors[0]
    evaluator.budget.weigh(value)
    return value


class Evaluator:
    """Evaluates the expressions of one file in one scope, and collects what is wrong with them.

    Attributes:
        scope: what names mean.
        file: the file the expressions stand in.
        names: the names bound around the expression that is being evaluated.
        splat_item: the element that a splat is at.
        errors: what was found wrong so far.
        budget: the work that is left.
    """

    def __init__(
        self,
        scope: Scope,
        file: SourceFile,
        names: Names[str, Value] | None = None,
        budget: Budget | None = None,
    ) -> None:
        self.scope = scope
        self.file = file
        self.names: dict[str, Value] = dict(names or {})
        self.splat_item: Value | None = None
        self.errors: list[Exception] = []
        self.budget = budget or Budget()

    def value(self, node: ast.Expression) -> Value:
        """The value of an expression; an unknown where it is in error, which `errors` tells."""
        self.budget.spend(lambda: self.origin(node.start, node.end))
        return HANDLERS[type(node)](self, node)

    def attempt(self, node: ast.Expression) -> tuple[Value, list[Exception]]:
        """The value of an expression, and the errors in it, which do not count yet."""
        saved, self.errors = self.errors, []
        try:
            return self.value(node), self.errors
        finally:
            self.errors = saved

    def span(self, start: int, end: int) -> Span:
        """A range of the file."""
        return Span(self.file, start, end)

    def origin(self, start: int, end: int, operands: Iterable[Value] = ()) -> Origin:
        """The origin of what is computed at a range of the file, from operands."""
        return Origin(Span(self.file, start, end), parts=tuple(value.origin for value in operands))

    def fail(self, message: str, node: Any) -> Unknown:
        """Record an error; the unknown stands for the value that there is none of."""
        origin = self.origin(node.start, node.end)
        self.errors.append(EvaluationError(message, origin))
        return construct.unknown("it is in error", origin)


def _literal(evaluator: Evaluator, node: ast.Literal) -> Value:
    origin = evaluator.origin(node.start, node.end)
    if node.value is None:
        return construct.null(DYNAMIC, origin)
    if isinstance(node.value, bool):
        return construct.boolean(node.value, origin)
    return construct.number(_number(str(node.value)), origin)


@lru_cache(maxsize=256)
def _number(text: str) -> numbers.Number:
    """The number of a literal; kept, for a loop meets it once per turn."""
    return numbers.parse(text)


def _parentheses(evaluator: Evaluator, node: ast.Parentheses) -> Value:
    return evaluator.value(node.inner)


def _tuple(evaluator: Evaluator, node: ast.Tuple) -> Value:
    return construct.tuple_of([evaluator.value(item) for item in node.items], evaluator.origin(node.start, node.end))


def _object(evaluator: Evaluator, node: ast.Object) -> Value:
    fields: dict[str, Value] = {}
    keys: dict[str, Scalar] = {}
    unknown: Unknown | None = None
    for item in node.items:
        key = object_key(evaluator, item.key)
        value = evaluator.value(item.value)
        if isinstance(key, Unknown):
            unknown = key
        else:
            fields[text_in(key)] = value
            keys[text_in(key)] = key
    origin = evaluator.origin(node.start, node.end)
    if unknown is not None:
        return construct.unknown("a key of the object is not known", origin, unknown)
    sensitive = any(key.sensitive for key in keys.values())
    return marked(construct.object_of(fields, origin, keys), sensitive)


def object_key(evaluator: Evaluator, node: ast.Expression) -> Scalar | Unknown:
    """The key of an object's attribute, as a string."""
    value = evaluator.value(node)
    if is_null(value):
        return evaluator.fail("Can't use a null value as a key.", node)
    try:
        value = convert(value, STRING)
    except ConversionError as problem:
        return evaluator.fail(f"Can't use this value as a key: {problem}.", node)
    return value if isinstance(value, Scalar | Unknown) else evaluator.fail("Can't use this value as a key.", node)


def _call(evaluator: Evaluator, node: ast.FunctionCall) -> Value:
    from infracheck.terraform.functions import call  # noqa: PLC0415 - functions evaluate templates in turn

    return call(evaluator, node)


HANDLERS: dict[type, Callable[[Evaluator, Any], Value]] = {
    ast.Literal: _literal,
    ast.Template: templates.template,
    ast.Variable: traversal.variable,
    ast.GetAttr: traversal.get_attr,
    ast.Index: traversal.index,
    ast.LegacyIndex: traversal.legacy_index,
    ast.Splat: traversal.splat,
    ast.SplatItem: traversal.splat_item,
    ast.FunctionCall: _call,
    ast.Tuple: _tuple,
    ast.Object: _object,
    ast.ForTuple: loops.for_tuple,
    ast.ForObject: loops.for_object,
    ast.Conditional: operators.conditional,
    ast.Binary: operators.binary,
    ast.Unary: operators.unary,
    ast.Parentheses: _parentheses,
}
