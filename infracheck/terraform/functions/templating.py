"""`templatefile` and `templatestring`: templates with variables of their own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from infracheck.source.errors import EvaluationError, InfracheckError
from infracheck.source.files import SourceFile
from infracheck.source.hcl import ast, parse_template
from infracheck.source.values import Mapping, Unknown
from infracheck.terraform import construct
from infracheck.terraform.construct import marked, text_in
from infracheck.terraform.functions.filesystem import Reading, reading
from infracheck.terraform.functions.signature import FunctionError, function
from infracheck.terraform.types import DYNAMIC, STRING, Dynamic, MapType, ObjectType, type_of

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.source.files import Span
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value
    from infracheck.terraform.evaluation import Evaluator
    from infracheck.terraform.scope import FileAccess, Resolved, Scope


class TemplateScope:
    """What the names in a template mean beside its variables: nothing. It can't call for further templates either.

    Attributes:
        files: the files that functions may read.
        short_circuits: as where the template is called for.
    """

    def __init__(self, caller: Scope) -> None:
        self.files = caller.files
        self.short_circuits = caller.short_circuits

    def resolve(self, root: str, names: tuple[str, ...], span: Span) -> Resolved:
        """No name leads anywhere.

        Raises:
            EvaluationError: always.
        """
        del names
        from infracheck.source.origin import Origin  # noqa: PLC0415 - only needed where something is wrong

        raise EvaluationError(f'vars map does not contain key "{root}"', Origin(span))


@function(STRING, DYNAMIC, needs_evaluator=True)
def templatefile(arguments: list[Value], origin: Origin, evaluator: Evaluator) -> Value:
    """`templatefile(path, variables)`."""
    variables = _variables(arguments[1])
    _refuse_nesting(evaluator)

    def render(access: FileAccess, path: Path, origin: Origin) -> Value:
        del origin
        return _rendered(access.reader.read(path), variables, evaluator)

    return reading(evaluator, text_in(arguments[0]), origin, Reading("templatefile", render, DYNAMIC))


def string_template(evaluator: Evaluator, node: ast.FunctionCall, origin: Origin) -> Value:
    """`templatestring(reference, variables)`: the first argument must be a reference to a string, not an expression.

    Raises:
        FunctionError: the call is in error.
    """
    if len(node.arguments) != 2 or node.expand_final:
        raise FunctionError("two arguments are expected")
    if not _is_reference(node.arguments[0]):
        raise FunctionError(
            "invalid template expression: must be a direct reference to a single string from elsewhere, containing "
            "valid Terraform template syntax"
        )
    text, variables = (evaluator.value(argument) for argument in node.arguments)
    if isinstance(text, Unknown) or isinstance(variables, Unknown):
        cause = text if isinstance(text, Unknown) else variables if isinstance(variables, Unknown) else None
        return construct.unknown("an argument of `templatestring()` is not known", origin, cause, STRING)
    if type_of(text) != STRING or getattr(text, "value", None) is None:
        raise FunctionError("invalid template value: a string is required")
    _refuse_nesting(evaluator)
    file = SourceFile("<template>", text_in(text))
    result = _rendered(file, _variables(variables), evaluator)
    # The text of the template is a value here: what comes of it comes from the call.
    return marked(replace(result, origin=origin), text.sensitive)


def _is_reference(node: ast.Expression) -> bool:
    while isinstance(node, ast.GetAttr | ast.Index):
        if isinstance(node, ast.Index) and not isinstance(node.key, ast.Literal | ast.Template):
            return False
        node = node.source
    return isinstance(node, ast.Variable)


def _variables(value: Value) -> Mapping:
    if not isinstance(type_of(value), MapType | ObjectType | Dynamic) or not isinstance(value, Mapping):
        raise FunctionError("invalid vars value: must be a map")
    for name in value.fields:
        if not name.replace("-", "_").isidentifier():
            raise FunctionError(
                f"invalid template variable name {name!r}: must start with a letter, followed by zero or more letters, "
                "digits, and underscores"
            )
    return value


def _refuse_nesting(evaluator: Evaluator) -> None:
    if isinstance(evaluator.scope, TemplateScope):
        raise FunctionError("cannot recursively call templatefile or templatestring from inside a template")


def _rendered(file: SourceFile, variables: Mapping, evaluator: Evaluator) -> Value:
    from infracheck.terraform.evaluation import evaluate  # noqa: PLC0415 - they evaluate one another

    names = {name: marked(value, variables.sensitive) for name, value in variables.fields.items()}
    scope = TemplateScope(evaluator.scope)
    try:
        return evaluate(parse_template(file), scope, file, names=names, budget=evaluator.budget)
    except InfracheckError as problem:
        raise FunctionError(str(problem)) from None
