"""Operators: arithmetic, comparison, logic, and the conditional."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from infracheck.source.errors import LimitError
from infracheck.source.values import Scalar, Unknown
from infracheck.terraform import construct, numbers
from infracheck.terraform.construct import deeply_sensitive, first_unknown, is_null, marked, number_in
from infracheck.terraform.conversion import ConversionError, convert, convert_branch
from infracheck.terraform.equality import equals
from infracheck.terraform.types import BOOL, DYNAMIC, NUMBER, Dynamic, MapType, ObjectType, TupleType, type_of
from infracheck.terraform.unification import unify

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.source.hcl import ast
    from infracheck.source.values import Value
    from infracheck.terraform.evaluation import Evaluator
    from infracheck.terraform.types import Type

ARITHMETIC: dict[str, Callable[[numbers.Number, numbers.Number], numbers.Number]] = {
    "+": numbers.add,
    "-": numbers.subtract,
    "*": numbers.multiply,
    "/": numbers.divide,
    "%": numbers.modulo,
}

COMPARISON: dict[str, Callable[[int], bool]] = {
    "<": lambda order: order < 0,
    ">": lambda order: order > 0,
    "<=": lambda order: order <= 0,
    ">=": lambda order: order >= 0,
}


def binary(evaluator: Evaluator, node: ast.Binary) -> Value:
    """`left operator right`. Both sides are always evaluated; see `Scope.short_circuits` for their errors."""
    before = len(evaluator.errors)
    left = evaluator.value(node.left)
    right, failed = evaluator.attempt(node.right)
    if evaluator.scope.short_circuits and _decides(node.operator, left) and len(evaluator.errors) == before:
        origin = evaluator.origin(node.start, node.end, (left, right))
        return marked(construct.boolean(node.operator == "||", origin), left.sensitive or right.sensitive)
    evaluator.errors.extend(failed)
    if node.operator in ("==", "!="):
        if len(evaluator.errors) > before:
            return _failed(evaluator, node, BOOL)
        return _equality(evaluator, node, left, right)
    operand = BOOL if node.operator in ("&&", "||") else NUMBER
    result = NUMBER if node.operator in ARITHMETIC else BOOL
    left = _operand(evaluator, left, operand, "left", node.left)
    right = _operand(evaluator, right, operand, "right", node.right)
    if len(evaluator.errors) > before:
        return _failed(evaluator, node, result)
    if is_null(left) or is_null(right):
        evaluator.fail("Error during operation: argument must not be null.", node)
        return _failed(evaluator, node, result)
    sensitive = left.sensitive or right.sensitive
    if operand == BOOL:
        return marked(_logic(evaluator, node, left, right), sensitive)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return marked(_from_unknown(evaluator, node, left, right, result), sensitive)
    return marked(_computed(evaluator, node, number_in(left), number_in(right), (left, right)), sensitive)


def _decides(operator: str, left: Value) -> bool:
    """Whether the left side of `&&` or `||` says what comes out, whatever the right side is."""
    if operator not in ("&&", "||") or is_null(left):
        return False
    try:
        decision = convert(left, BOOL)
    except ConversionError:
        return False
    return isinstance(decision, Scalar) and decision.value is (operator == "||")


def _failed(evaluator: Evaluator, node: ast.Expression, kind: Type) -> Unknown:
    return construct.unknown("the operation is in error", evaluator.origin(node.start, node.end), type_=kind)


def _operand(evaluator: Evaluator, value: Value, wanted: Type, side: str, node: ast.Expression) -> Value:
    try:
        return convert(value, wanted)
    except ConversionError as problem:
        return evaluator.fail(f"Unsuitable value for {side} operand: {problem}.", node)


def _from_unknown(evaluator: Evaluator, node: ast.Binary, left: Value, right: Value, kind: Type) -> Unknown:
    cause = next(side for side in (left, right) if isinstance(side, Unknown))
    reason = f"an operand of `{node.operator}` is not known"
    return construct.unknown(reason, evaluator.origin(node.start, node.end), cause, kind)


def _computed(
    evaluator: Evaluator, node: ast.Binary, left: numbers.Number, right: numbers.Number, operands: tuple[Value, Value]
) -> Value:
    origin = evaluator.origin(node.start, node.end, operands)
    if node.operator in COMPARISON:
        return construct.boolean(COMPARISON[node.operator](numbers.compare(left, right)), origin)
    try:
        if node.operator == "%" and left.is_infinite():
            raise ArithmeticError("an infinite number has no remainder")  # noqa: TRY301 - as those of `numbers`
        return construct.number(ARITHMETIC[node.operator](left, right), origin)
    except ArithmeticError as problem:
        evaluator.fail(f"Error during operation: {problem}.", node)
        return _failed(evaluator, node, NUMBER)
    except LimitError as problem:
        return construct.unknown(problem.message, origin, type_=NUMBER)


def _logic(evaluator: Evaluator, node: ast.Binary, left: Value, right: Value) -> Value:
    decisive = node.operator == "||"
    origin = evaluator.origin(node.start, node.end, (left, right))
    for side in (left, right):
        # One operand can decide alone, whatever the other turns out to be.
        if isinstance(side, Scalar) and side.value is decisive:
            return construct.boolean(decisive, origin)
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return _from_unknown(evaluator, node, left, right, BOOL)
    return construct.boolean(not decisive, origin)


def _equality(evaluator: Evaluator, node: ast.Binary, left: Value, right: Value) -> Value:
    evaluator.budget.weigh(left)
    evaluator.budget.weigh(right)
    verdict = equals(left, right)
    sensitive = deeply_sensitive(left) or deeply_sensitive(right)
    origin = evaluator.origin(node.start, node.end, (left, right))
    if verdict is None:
        cause = first_unknown(left) or first_unknown(right)
        reason = f"an operand of `{node.operator}` is not known"
        return marked(construct.unknown(reason, origin._replace(parts=()), cause, BOOL), sensitive)
    return marked(construct.boolean(verdict == (node.operator == "=="), origin), sensitive)


def unary(evaluator: Evaluator, node: ast.Unary) -> Value:
    """`-operand` and `!operand`."""
    before = len(evaluator.errors)
    wanted = NUMBER if node.operator == "-" else BOOL
    value = _operand(evaluator, evaluator.value(node.operand), wanted, "unary", node.operand)
    if len(evaluator.errors) > before:
        return _failed(evaluator, node, wanted)
    if is_null(value):
        evaluator.fail("Error during operation: argument must not be null.", node)
        return _failed(evaluator, node, wanted)
    origin = evaluator.origin(node.start, node.end)
    if isinstance(value, Unknown):
        reason = f"the operand of `{node.operator}` is not known"
        return construct.unknown(reason, origin, value, wanted)
    # What is turned around is decided where the operand is, and so is the result.
    origin = value.origin.through(origin.span, "negation")
    if wanted == BOOL:
        return marked(construct.boolean(not (isinstance(value, Scalar) and value.value), origin), value.sensitive)
    return marked(construct.number(numbers.negate(number_in(value)), origin), value.sensitive)


def conditional(evaluator: Evaluator, node: ast.Conditional) -> Value:
    """`condition ? then : otherwise`: both are evaluated for their types, errors of the one not chosen are dropped."""
    return choose(
        evaluator,
        node,
        evaluator.attempt(node.condition),
        evaluator.attempt(node.then),
        evaluator.attempt(node.otherwise),
    )


def choose(
    evaluator: Evaluator,
    node: ast.Conditional | ast.TemplateIf,
    condition: tuple[Value, list[Exception]],
    then: tuple[Value, list[Exception]],
    otherwise: tuple[Value, list[Exception]],
) -> Value:
    """One of two values, both given with the errors met on the way."""
    evaluator.budget.weigh(then[0])
    evaluator.budget.weigh(otherwise[0])
    kind = _common_type(then[0], otherwise[0])
    if kind is None:
        message = _inconsistent(type_of(then[0]), type_of(otherwise[0]))
        evaluator.errors.extend([*then[1], *otherwise[1]] or condition[1])
        return evaluator.fail(message, node)
    decision, failed = condition
    evaluator.errors.extend(failed)
    if is_null(decision):
        failure = evaluator.fail("The condition value is null. Conditions must either be true or false.", node)
        return replace(failure, type=kind)
    try:
        decision = convert(decision, BOOL)
    except ConversionError:
        return replace(evaluator.fail("The condition expression must be of type bool.", node), type=kind)
    # The one not chosen would show through where it decides the type.
    sensitive = decision.sensitive or then[0].sensitive or otherwise[0].sensitive
    if isinstance(decision, Unknown):
        origin = evaluator.origin(node.start, node.end)
        if is_null(then[0]) and is_null(otherwise[0]):
            return marked(construct.null(kind, origin), sensitive)
        return marked(construct.unknown("the condition is not known", origin, decision, kind), sensitive)
    first = isinstance(decision, Scalar) and decision.value is True
    chosen, failed = then if first else otherwise
    evaluator.errors.extend(failed)
    try:
        return marked(convert_branch(chosen, type_of((otherwise if first else then)[0]), kind), sensitive)
    except ConversionError as problem:
        return evaluator.fail(f"The result value has the wrong type: {problem}.", node)


def _common_type(then: Value, otherwise: Value) -> Type | None:
    """The type of both results. An untyped null takes the other's type; an unknown type leaves it open."""
    first, second = type_of(then), type_of(otherwise)
    if isinstance(first, Dynamic) and is_null(then):
        return second
    if isinstance(second, Dynamic) and is_null(otherwise):
        return first
    if isinstance(first, Dynamic) or isinstance(second, Dynamic):
        return DYNAMIC
    return first if first == second else unify([first, second])


def _inconsistent(then: Type, otherwise: Type) -> str:
    return "The true and false result expressions must have consistent types. " + _difference(then, otherwise)


def _difference(then: Type, otherwise: Type) -> str:
    """Where two types that can't be reconciled differ."""
    if isinstance(then, ObjectType) and isinstance(otherwise, ObjectType):
        for name in sorted(then.attributes.keys() | otherwise.attributes.keys()):
            if name not in otherwise.attributes:
                return f"The 'true' value includes object attribute \"{name}\", which is absent in the 'false' value."
            if name not in then.attributes:
                return f"The 'false' value includes object attribute \"{name}\", which is absent in the 'true' value."
            a, b = then.attributes[name], otherwise.attributes[name]
            if a != b:
                return f'Type mismatch for object attribute "{name}": {_difference(a, b)}'
    if isinstance(then, TupleType) and isinstance(otherwise, TupleType):
        if len(then.elements) != len(otherwise.elements):
            return (
                f"The 'true' tuple has length {len(then.elements)}, but the 'false' tuple has length "
                f"{len(otherwise.elements)}."
            )
        for position, (a, b) in enumerate(zip(then.elements, otherwise.elements, strict=True)):
            if a != b:
                return f"Type mismatch for tuple element {position}: {_difference(a, b)}"
    if isinstance(then, MapType) and isinstance(otherwise, MapType):
        return f"Mismatched map element types: {_difference(then.element, otherwise.element)}"
    return f"The 'true' value is {then}, but the 'false' value is {otherwise}."
