"""A lone expression, as `terraform console` takes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.source.errors import EvaluationError, SyntaxProblem
from infracheck.source.files import SourceFile
from infracheck.source.hcl import parse_expression
from infracheck.terraform.evaluation import evaluate
from infracheck.terraform.scope import EmptyScope

if TYPE_CHECKING:
    from infracheck.source.values import Value
    from infracheck.terraform.scope import Scope


def evaluate_text(text: str, scope: Scope | None = None) -> Value:
    """The value of an expression.

    Args:
        text: the expression.
        scope: what names mean; an empty module if None.

    Raises:
        EvaluationError: Terraform would refuse it.
    """
    file = SourceFile("<expression>", text)
    try:
        return evaluate(parse_expression(file), scope or EmptyScope(), file)
    except SyntaxProblem as problem:
        raise EvaluationError(problem.message, problem.origin) from problem
