"""Calling a function: arguments are counted, converted, and checked for nulls and unknowns as its table says."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from infracheck.source.errors import LimitError
from infracheck.source.hcl import ast
from infracheck.source.values import Sequence, Unknown
from infracheck.terraform import construct
from infracheck.terraform.construct import deeply_sensitive, first_unknown, is_null, marked
from infracheck.terraform.conversion import ConversionError, convert
from infracheck.terraform.functions import (
    collection,
    combination,
    dates,
    encoding,
    filesystem,
    formatting,
    hashing,
    marking,
    network,
    number,
    rsa,
    string,
    tabular,
    templating,
    text_encoding,
    unknowable,
    yaml_decode,
    yaml_encode,
)
from infracheck.terraform.functions.signature import FUNCTIONS, Function, FunctionError
from infracheck.terraform.scope import EmptyScope
from infracheck.terraform.types import BOOL

if TYPE_CHECKING:
    from infracheck.source.values import Value
    from infracheck.terraform.evaluation import Evaluator

FAMILIES = (
    collection,
    combination,
    dates,
    encoding,
    filesystem,
    formatting,
    hashing,
    marking,
    network,
    number,
    rsa,
    string,
    tabular,
    templating,
    text_encoding,
    unknowable,
    yaml_decode,
    yaml_encode,
)
"""The modules that declare functions; importing them fills the table."""


def call(evaluator: Evaluator, node: ast.FunctionCall) -> Value:
    """The value of a call."""
    name = node.name.removeprefix("core::")
    if name in ("try", "can"):
        return _guarded(evaluator, node, name)
    known = FUNCTIONS.get(name)
    origin = evaluator.origin(node.start, node.end)
    if known is None and name != "templatestring" and ("::" not in name or isinstance(evaluator.scope, EmptyScope)):
        return evaluator.fail(f'There is no function named "{node.name}".', node)
    before = len(evaluator.errors)
    if name == "templatestring":
        try:
            return templating.string_template(evaluator, node, origin)
        except FunctionError as problem:
            return evaluator.fail(f'Call to function "templatestring" failed: {problem}.', node)
    arguments = [evaluator.value(argument) for argument in node.arguments]
    for argument in arguments:
        # Functions go through all that is inside, and what is shared counts as often as it occurs.
        evaluator.budget.handle(argument, lambda: origin)
    if len(evaluator.errors) > before:
        return construct.unknown("an argument is in error", origin)
    if node.expand_final:
        expanded = _expanded(evaluator, arguments, node)
        if isinstance(expanded, Unknown):
            return expanded
        arguments = expanded
    if known is None:
        return construct.unknown(f"`{name}` is a function of a provider, which is not run", origin)
    result = _apply(evaluator, known, arguments, node)
    evaluator.budget.handle(result, lambda: origin)
    return result


def _apply(evaluator: Evaluator, known: Function, arguments: list[Value], node: ast.FunctionCall) -> Value:
    converted = _converted(evaluator, known, arguments, node)
    if converted is None:
        # Of what type the result would have been does not matter to Terraform either.
        return construct.unknown("the call is in error", evaluator.origin(node.start, node.end))
    sensitive = not known.keeps_marks and any(map(deeply_sensitive, converted))
    origin = evaluator.origin(node.start, node.end, converted)
    if not known.takes_unknown:
        missing = [one for one in map(first_unknown if known.looks_inside else _itself, converted) if one is not None]
        if missing:
            reason = f"an argument of `{known.name}()` is not known"
            value = construct.unknown(reason, origin._replace(parts=()), missing[0], known.returns)
            return marked(value, any(map(deeply_sensitive, converted)))
    try:
        result = known.run(converted, origin, evaluator) if known.needs_evaluator else known.run(converted, origin)
    except (FunctionError, ConversionError) as problem:
        # The reason may quote an argument.
        hidden = any(map(deeply_sensitive, converted))
        reason = "what is wrong is not shown, since an argument is sensitive" if hidden else str(problem)
        return evaluator.fail(f'Call to function "{known.name}" failed: {reason}.', node)
    except LimitError as problem:
        return construct.unknown(problem.message, origin, type_=known.returns)
    return marked(result, sensitive)


def _itself(value: Value) -> Unknown | None:
    return value if isinstance(value, Unknown) else None


def _converted(
    evaluator: Evaluator, known: Function, arguments: list[Value], node: ast.FunctionCall
) -> list[Value] | None:
    most = len(known.parameters)
    if len(arguments) < known.required:
        evaluator.fail(f'Function "{known.name}" expects {known.required} argument(s). Missing value for one.', node)
        return None
    if len(arguments) > most and known.rest is None:
        evaluator.fail(f'Function "{known.name}" expects only {most} argument(s).', node)
        return None
    converted: list[Value] = []
    for position, argument in enumerate(arguments):
        wanted = known.parameters[position] if position < most else known.rest
        if is_null(argument) and not known.allows_null(position):
            evaluator.fail(f'Invalid value for "{known.name}" parameter: argument must not be null.', node)
            return None
        try:
            converted.append(convert(argument, wanted))  # type: ignore[arg-type] # rest is set past the fixed ones
        except ConversionError as problem:
            evaluator.fail(f'Invalid value for "{known.name}" parameter: {problem}.', node)
            return None
    return converted


def _expanded(evaluator: Evaluator, arguments: list[Value], node: ast.FunctionCall) -> list[Value] | Unknown:
    last = arguments[-1]
    if isinstance(last, Unknown):
        origin = evaluator.origin(node.start, node.end)
        return construct.unknown("the expanded argument is not known", origin, last)
    if not isinstance(last, Sequence):
        return evaluator.fail("The expanding argument (indicated by ...) must be of a tuple, list, or set type.", node)
    return [*arguments[:-1], *(marked(item, last.sensitive) for item in last.items)]


def _guarded(evaluator: Evaluator, node: ast.FunctionCall, name: str) -> Value:
    """`try` and `can`: errors of the arguments are dropped."""
    origin = evaluator.origin(node.start, node.end)
    arguments: list[partial[tuple[Value, list[Exception]]]] = [
        partial(evaluator.attempt, argument) for argument in node.arguments
    ]
    paths = list(map(_is_path, node.arguments))
    if node.expand_final:
        before = len(evaluator.errors)
        expanded = _expanded(evaluator, [evaluator.value(node.arguments[-1])], node)
        if isinstance(expanded, Unknown) or len(evaluator.errors) > before:
            return construct.unknown("the expanded argument is not known", origin)
        arguments[-1:] = [partial(_without_errors, value) for value in expanded]
        paths[-1:] = [False] * len(expanded)
    if not arguments or (name == "can" and len(arguments) != 1):
        return evaluator.fail(f'Function "{name}" expects {"1 argument" if name == "can" else "arguments"}.', node)
    problems: list[Exception] = []
    for attempt, is_path in zip(arguments, paths, strict=True):
        value, failed = attempt()
        if failed and name == "try":
            problems += failed
            continue
        unknown = None if failed else first_unknown(value)
        if name == "can":
            if unknown is not None:
                return construct.unknown("whether it can be evaluated is not known", origin, unknown, BOOL)
            return construct.boolean(not failed, origin)
        if unknown is None or isinstance(value, Unknown) or is_path:
            return value
        # What is not known yet may turn out to be an error, and the next argument the one that counts.
        reason = "a part of the first argument of `try()` that is not in error is not known"
        return marked(construct.unknown(reason, origin, unknown), deeply_sensitive(value))
    return evaluator.fail("no expression succeeded: " + "; ".join(map(str, problems[:3])), node)


def _without_errors(value: Value) -> tuple[Value, list[Exception]]:
    """What evaluating an expression that is no more than this value gives."""
    return value, []


def _is_path(node: ast.Expression) -> bool:
    """Whether an expression only follows names and literal keys: once it leads somewhere, it always will."""
    while isinstance(node, ast.GetAttr | ast.LegacyIndex) or (
        isinstance(node, ast.Index) and isinstance(node.key, ast.Literal | ast.Template)
    ):
        node = node.source
    return isinstance(node, ast.Variable)
