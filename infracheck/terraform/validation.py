"""Conditions that a configuration sets itself: what is known to break one is a problem.

`validation` blocks of variables, and `precondition` blocks of resources and outputs, which Terraform checks while it
plans (https://developer.hashicorp.com/terraform/language/expressions/custom-conditions). A postcondition is checked
after that, and a `check` block only warns. What is not known is not judged.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.source.errors import EvaluationError
from infracheck.source.values import Scalar, Sequence, Unknown

if TYPE_CHECKING:
    from infracheck.source.field import Field
    from infracheck.source.hcl import ast
    from infracheck.source.values import Value
    from infracheck.terraform.instances import ModuleInstance
    from infracheck.terraform.resources import Resource


def check_conditions(module: ModuleInstance) -> None:
    """Report every variable whose value its own rules forbid, and every precondition that is false."""
    for name, block in module.declarations.variables.items():
        for rule in block.body.blocks_of("validation"):
            _check_variable(module, name, rule)
    for found in module.resources.values():
        for resource in found:
            _check_resource(module, resource)
    for name, block in module.declarations.outputs.items():
        for rule in block.body.blocks_of("precondition"):
            _check_output(module, name, rule)


def _check_variable(module: ModuleInstance, name: str, rule: ast.Block) -> None:
    condition = rule.body.attributes.get("condition")
    value = module.variables.get(name)
    if condition is None or value is None or isinstance(value, Unknown):
        return
    verdict = module.evaluator().value(condition)
    if not _is_false(verdict):
        return
    origin = value.origin.through(condition.value_span, "validation")
    said = "its condition is false" if value.sensitive else _message(module, rule)
    module.report(EvaluationError(f'Invalid value for variable "{name}": {said}', origin))


def _check_output(module: ModuleInstance, name: str, rule: ast.Block) -> None:
    condition = rule.body.attributes.get("condition")
    verdict = module.evaluator().value(condition) if condition is not None else None
    if verdict is not None and _is_false(verdict):
        message = f'The precondition of output "{name}" is false: {_message(module, rule)}'
        module.report(EvaluationError(message, verdict.origin))


def _check_resource(module: ModuleInstance, resource: Resource) -> None:
    if resource.is_repeated_unknown:
        return
    for lifecycle in _blocks(resource.meta["lifecycle"]):
        for rule in _blocks(lifecycle["precondition"]):
            verdict = rule["condition"].value
            if verdict is not None and _is_false(verdict):
                said = _said(rule["error_message"].value)
                message = f"The precondition of `{resource.address}` is false: {said}"
                module.report(EvaluationError(message, verdict.origin))


def _is_false(verdict: object) -> bool:
    return isinstance(verdict, Scalar) and verdict.value in (False, "false")


def _message(module: ModuleInstance, rule: ast.Block) -> str:
    attribute = rule.body.attributes.get("error_message")
    return _said(module.evaluator().value(attribute) if attribute is not None else None)


def _blocks(field: Field) -> list[Field]:
    return list(field) if isinstance(field.value, Sequence) else []


def _said(value: Value | None) -> str:
    """What a rule says of itself, unless it would tell a secret."""
    if isinstance(value, Scalar) and isinstance(value.value, str) and not value.sensitive:
        return value.value
    return "its condition is false"
