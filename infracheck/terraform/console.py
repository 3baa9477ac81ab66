"""A lone expression, as `terraform console` takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.source.errors import EvaluationError, SyntaxProblem
from infracheck.source.files import SourceFile
from infracheck.source.hcl import parse_expression
from infracheck.source.values import Scalar, walk
from infracheck.terraform import numbers
from infracheck.terraform.evaluation import evaluate
from infracheck.terraform.scope import EmptyScope, FileAccess

if TYPE_CHECKING:
    from infracheck.source.reader import Reader
    from infracheck.source.values import Value
    from infracheck.terraform.scope import Scope


def evaluate_text(text: str, scope: Scope | None = None, *, files: Reader | None = None) -> Value:
    """The value of an expression.

    Args:
        text: the expression.
        scope: what names mean; an empty module if None.
        files: reads the files of the empty module; without it, what they hold is unknown.

    Raises:
        EvaluationError: Terraform would refuse it, or could not store the result.
        LimitError: it takes too much work or memory.
    """
    file = SourceFile("<expression>", text)
    try:
        access = FileAccess(files, files.root) if files is not None else None
        value = evaluate(parse_expression(file), scope or EmptyScope(access), file)
    except SyntaxProblem as problem:
        raise EvaluationError(problem.message, problem.origin) from problem
    for node in walk(value):
        if isinstance(node, Scalar) and isinstance(node.value, numbers.Number) and node.value.is_infinite():
            # Terraform computes with infinity, but neither a plan nor a state can hold it.
            raise EvaluationError("the result is infinite: cannot serialize infinity as JSON", node.origin)
    return value
