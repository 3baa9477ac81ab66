"""The values of a root module's variables, in the order of precedence that Terraform documents.

From https://developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence, weakest first:
defaults, the environment, `terraform.tfvars`, `terraform.tfvars.json`, `*.auto.tfvars` and `*.auto.tfvars.json` by
name, then what the command line says, in order.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from infracheck.source.errors import EvaluationError, InfracheckError, LimitError, ReadError, SyntaxProblem
from infracheck.source.files import SourceFile, Span
from infracheck.source.hcl import parse_body, parse_expression, parse_json_body
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Scalar, Sequence
from infracheck.terraform import construct
from infracheck.terraform.evaluation import evaluate
from infracheck.terraform.references import calls_in
from infracheck.terraform.scope import EmptyScope
from infracheck.terraform.types import Dynamic, Primitive

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping as Given
    from pathlib import Path

    from infracheck.source.hcl import ast
    from infracheck.source.reader import Reader
    from infracheck.source.values import Value
    from infracheck.terraform.types import Type


@dataclass
class Inputs:
    """What is given to a root module.

    Attributes:
        values: by variable; the strongest wins and remembers what it overrode.
        problems: files and values that can't be read.
        warnings: values for variables that nobody declares.
    """

    values: dict[str, Value] = field(default_factory=dict)
    problems: list[InfracheckError] = field(default_factory=list)
    warnings: list[InfracheckError] = field(default_factory=list)

    def give(self, name: str, value: Value) -> None:
        """A value that is stronger than those given before."""
        earlier = self.values.get(name)
        if earlier is not None:
            value = replace(value, origin=value.origin.overriding(earlier.origin))
        self.values[name] = value


def read_inputs(
    directory: Path,
    reader: Reader,
    types: Given[str, Type],
    *,
    var_files: Iterable[Path] = (),
    variables: Given[str, Any] | None = None,
    declared: Given[str, Span] | None = None,
    environment: Given[str, str] | None = None,
) -> Inputs:
    """The inputs of the root module in a directory.

    Args:
        directory: the root module.
        reader: reads the variable files.
        types: the type of each declared variable.
        var_files: as given with `-var-file`.
        variables: as given with `-var`. A text for a variable of a collection type is read as an expression.
        declared: the header of each declared variable. A value from the environment stands in no file, and is said to
            be set there.
        environment: where `TF_VAR_name` may be set. The process's own environment is never looked at.
    """
    inputs = Inputs()
    for name, text in sorted((environment or {}).items()):
        variable = name.removeprefix("TF_VAR_")
        if name.startswith("TF_VAR_") and variable in types:
            span = (declared or {}).get(variable) or _stated(variable, text)
            _give_plain(variable, text, types[variable], Origin(span, "environment"), inputs)
    for path in [*automatic_files(directory, reader), *var_files]:
        _give_file(path, reader, types, inputs)
    for variable, value in (variables or {}).items():
        if variable not in types:
            origin = Origin(_stated(variable, value))
            message = f'Value for undeclared variable: no variable "{variable}" is declared in the root module'
            inputs.problems.append(EvaluationError(message, origin))
        else:
            _give_plain(variable, value, types[variable], Origin(_stated(variable, value), "variable"), inputs)
    return inputs


def automatic_files(directory: Path, reader: Reader) -> list[Path]:
    """The variable files that Terraform reads unasked, weakest first."""
    found = [path for path in reader.listing(directory) if path.name.endswith((".tfvars", ".tfvars.json"))]
    by_name = {path.name: path for path in found if reader.is_file(path)}
    fixed = [by_name[name] for name in ("terraform.tfvars", "terraform.tfvars.json") if name in by_name]
    return fixed + [by_name[name] for name in sorted(by_name) if ".auto.tfvars" in name]


def _give_file(path: Path, reader: Reader, types: Given[str, Type], inputs: Inputs) -> None:
    try:
        file = reader.read(path)
    except ReadError as problem:
        inputs.problems.append(problem)
        return
    is_json = path.name.endswith(".json")
    parsed = parse_json_body(file, templates=False) if is_json else parse_body(file)
    inputs.problems.extend(parsed.problems)
    for block in parsed.body.blocks:
        message = (
            f'Blocks are not allowed in a variable file; "{block.type}" is missing an equals sign, or is misplaced'
        )
        inputs.problems.append(EvaluationError(message, Origin(block.header_span)))
    for name, attribute in parsed.body.attributes.items():
        if name not in types:
            message = f'Value for undeclared variable: no variable "{name}" is declared in the root module'
            inputs.warnings.append(EvaluationError(message, Origin(attribute.name_span)))
            continue
        value = _constant(attribute, inputs)
        if value is not None:
            inputs.give(name, restepped(value, "tfvars"))


def _constant(attribute: ast.Attribute, inputs: Inputs) -> Value | None:
    calls = calls_in(attribute.expression)
    if calls:
        message = f"Function calls not allowed: {calls[0]} can't be called in a variable file"
        inputs.problems.append(EvaluationError(message, Origin(attribute.value_span)))
        return None
    try:
        return evaluate(attribute.expression, EmptyScope(), attribute.file)
    except (EvaluationError, LimitError) as problem:
        inputs.problems.append(problem)
        return None


def _stated(name: str, value: Any) -> Span:
    """A made-up line to point at for what no file holds."""
    shown = value if isinstance(value, str) else json.dumps(value, default=str)
    file = SourceFile("<variables>", f"{name} = {shown}")
    return Span(file, 0, len(file.text))


def _give_plain(name: str, value: Any, type_: Type, origin: Origin, inputs: Inputs) -> None:
    if not isinstance(value, str) or isinstance(type_, Primitive | Dynamic):
        inputs.give(name, from_plain(value, origin))
        return
    file = SourceFile("<variables>", value)
    try:
        read = evaluate(parse_expression(file), EmptyScope(), file)
    except (SyntaxProblem, EvaluationError, LimitError) as problem:
        source = f" in TF_VAR_{name}" if origin.step == "environment" else ""
        message = f'Invalid value for variable "{name}"{source}: {problem.message}'
        inputs.problems.append(EvaluationError(message, origin))
        return
    inputs.give(name, restepped(read, origin.step) if origin.step == "variable" else _placed(read, origin))


def from_plain(value: Any, origin: Origin) -> Value:
    """Python data as a Terraform value."""
    if isinstance(value, Scalar | Mapping | Sequence):
        return construct.typed(value)
    if value is None or isinstance(value, str | bool | int | float | Decimal):
        return construct.typed(Scalar(value, origin))
    if isinstance(value, dict):
        return construct.object_of({str(key): from_plain(inner, origin) for key, inner in value.items()}, origin)
    return construct.tuple_of([from_plain(inner, origin) for inner in value], origin)


def _placed(value: Value, origin: Origin) -> Value:
    """The value and all that is in it, at one place."""
    if isinstance(value, Mapping):
        fields = {key: _placed(inner, origin) for key, inner in value.fields.items()}
        return replace(value, fields=fields, origin=origin)
    if isinstance(value, Sequence):
        return replace(value, items=tuple(_placed(item, origin) for item in value.items), origin=origin)
    return replace(value, origin=origin)


def restepped(value: Value, step: str) -> Value:
    """The value and all that is in it, with another word for how its text acts."""
    origin = value.origin._replace(step=step)
    if isinstance(value, Mapping):
        fields = {key: restepped(inner, step) for key, inner in value.fields.items()}
        return replace(value, fields=fields, origin=origin)
    if isinstance(value, Sequence):
        return replace(value, items=tuple(restepped(item, step) for item in value.items), origin=origin)
    return replace(value, origin=origin)
