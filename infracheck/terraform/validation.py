"""`validation` blocks of variables: a condition that is known to be false is a problem."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.source.errors import EvaluationError
from infracheck.source.values import Scalar, Unknown

if TYPE_CHECKING:
    from infracheck.source.hcl import ast
    from infracheck.terraform.instances import ModuleInstance


def check_variables(module: ModuleInstance) -> None:
    """Report every variable whose value its own rules forbid. What is not known is not judged."""
    for name, block in module.declarations.variables.items():
        for rule in block.body.blocks_of("validation"):
            _check(module, name, rule)


def _check(module: ModuleInstance, name: str, rule: ast.Block) -> None:
    condition = rule.body.attributes.get("condition")
    value = module.variables.get(name)
    if condition is None or value is None or isinstance(value, Unknown):
        return
    verdict = module.evaluator().value(condition)
    if not isinstance(verdict, Scalar) or verdict.value not in (False, "false"):
        return
    attribute = rule.body.attributes.get("error_message")
    text = module.evaluator().value(attribute) if attribute is not None else None
    said = text.value if isinstance(text, Scalar) and isinstance(text.value, str) else "its condition is false"
    if value.sensitive or (text is not None and text.sensitive):
        said = "its condition is false"
    origin = value.origin.through(condition.value_span, "validation")
    module.report(EvaluationError(f'Invalid value for variable "{name}": {said}', origin))
