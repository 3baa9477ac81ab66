"""`infracheck eval`: what `terraform console` would say, or why nobody can say yet.

Exit codes: 0 the value is known; 1 it is not, or a file of the module is broken; 2 the expression, a flag or a given
variable is wrong.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.source.errors import InfracheckError
    from infracheck.source.origin import Origin
    from infracheck.source.values import Unknown, Value
    from infracheck.terraform.modules import TerraformModule

NOT_KNOWN = 1
REFUSED = 2
GIVEN = "<variables>"
"""The file that values given on the command line are said to stand in."""
TYPED = "<expression>"
"""The file that the expression is said to stand in."""
MAX_UNKNOWN = 10
"""Unknown parts of one value that are explained."""
MAX_PARTS = 20
"""Parts of a composed value that are shown."""


@click.command("eval")
@click.argument("expression")
@click.option(
    "-C",
    "directory",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=Path(),
    help="The root module; the current directory by default.",
)
@click.option(
    "--var-file",
    "var_files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A tfvars file; the last wins.",
)
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="A variable; wins over every file.")
@click.option("--tf-var-env", is_flag=True, help="Let TF_VAR_NAME in the environment set variables, as terraform does.")
@click.option("--workspace", default="default", show_default=True, help="`terraform.workspace`.")
@click.option("--json", "as_json", is_flag=True, help="Print the value, its origin and what is unknown in it as JSON.")
@click.option("--origin", "with_origin", is_flag=True, help="Print where the value was set, and its way from there.")
def command(
    *,
    expression: str,
    directory: Path,
    var_files: tuple[Path, ...],
    variables: tuple[str, ...],
    tf_var_env: bool,
    workspace: str,
    as_json: bool,
    with_origin: bool,
) -> int:
    """Print the value of a Terraform EXPRESSION, or why it is unknown."""
    from infracheck import api  # noqa: PLC0415 - `--help` needs none of it
    from infracheck.reporters.escape import visible  # noqa: PLC0415
    from infracheck.source.errors import EvaluationError  # noqa: PLC0415

    module = api.load_terraform(
        directory,
        var_files=var_files,
        variables=dict(_assignment(text) for text in variables),
        environment=os.environ if tf_var_env else None,
        workspace=workspace,
    )
    wrong = [problem for problem in module.problems if _is_given(problem)]
    if wrong:
        raise click.UsageError(visible("\n".join(problem.message for problem in wrong)))
    is_broken = _report(module)
    try:
        value = api.evaluate_in(expression, module)
    except EvaluationError as problem:
        click.echo(visible(_refusal(problem, expression)), err=True)
        return REFUSED
    shown = _json(value) if as_json else _text(value, with_origin=with_origin)
    click.echo(visible(shown))
    return NOT_KNOWN if is_broken or not value.is_wholly_known else 0


def _assignment(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name.strip():
        raise click.BadParameter(f"{text!r}: write NAME=VALUE", param_hint="--var")
    return name.strip(), value


def _is_given(problem: InfracheckError) -> bool:
    """Whether it speaks of a value of the command line or the environment."""
    return _file(problem) == GIVEN or (problem.origin is not None and problem.origin.step == "environment")


def _file(problem: InfracheckError) -> str:
    return problem.origin.span.file.path if problem.origin is not None else ""


def _report(module: TerraformModule) -> bool:
    """Say what is wrong with the module: files that can't be read one by one, the rest as a number.

    Returns:
        Whether a file is broken, so that something may be missing.
    """
    from infracheck.reporters.escape import visible  # noqa: PLC0415 - see command
    from infracheck.source.errors import EvaluationError  # noqa: PLC0415

    broken = [problem for problem in module.problems if not isinstance(problem, EvaluationError)]
    for problem in broken:
        click.echo(f"infracheck: {visible(str(problem))}", err=True)
    for warning in module.warnings:
        click.echo(f"infracheck: warning: {visible(str(warning))}", err=True)
    others = [problem for problem in module.problems if isinstance(problem, EvaluationError)]
    if others:
        rest = f", and {len(others) - 1} more: `infracheck scan` lists them" if len(others) > 1 else ""
        click.echo(f"infracheck: the configuration is in error: {visible(str(others[0]))}{rest}", err=True)
    return bool(broken)


def _refusal(problem: InfracheckError, expression: str) -> str:
    """The error, and the place in the expression with a mark below."""
    if problem.origin is None or _file(problem) != TYPED:
        return f"infracheck: {problem}"
    span = problem.origin.span
    line = span.file.line_text(span.line)
    end = span.end_position[1] if span.end_position[0] == span.line else len(line) + 1
    mark = "^" * max(min(end, len(line) + 1) - span.column, 1)
    place = f" (line {span.line})" if "\n" in expression else ""
    return f"infracheck: {problem.message}{place}\n\n  {line}\n  {' ' * (span.column - 1)}{mark}"


def _text(value: Value, *, with_origin: bool) -> str:
    from infracheck.source.values import Unknown  # noqa: PLC0415 - see command
    from infracheck.terraform.format import shown  # noqa: PLC0415

    unknown = list(_unknown_parts(value))
    lines = ["(not known)"] if isinstance(value, Unknown) else [shown(value)]
    for path, part in unknown[:MAX_UNKNOWN]:
        lines += [f"{path} is not known"] if path else []
        lines += [f"  because {step.reason} ({step.origin.span})" for step in _chain(part)]
    if len(unknown) > MAX_UNKNOWN:
        lines.append(f"{len(unknown) - MAX_UNKNOWN} more parts are not known")
    if with_origin and not isinstance(value, Unknown):
        lines += [f"  {word} {_stated(origin)}" for word, origin in _way(value.origin)]
    return "\n".join(lines)


def _stated(origin: Origin) -> str:
    line = origin.span.file.line_text(origin.span.line).strip()
    return f"{origin}: {line}" if line else str(origin)


def _way(origin: Origin) -> Iterator[tuple[str, Origin]]:
    """Where a value was set, what went into it, what it passed through, and what it replaced."""
    yield "set at", origin._replace(via=())
    for part in origin.parts[:MAX_PARTS]:
        if part.span.file.path != TYPED:
            yield "made of", part
    for step in origin.via:
        if step.span.file.path != TYPED:
            yield "through", step
    for earlier in origin.overridden():
        yield "instead of", earlier._replace(via=())


def _chain(unknown: Unknown) -> list[Unknown]:
    """The reasons, without the one that only repeats the expression."""
    steps = list(unknown.chain())
    told = [step for step in steps if step.origin.span.file.path != TYPED]
    return told or steps


def _unknown_parts(value: Value) -> Iterator[tuple[str, Unknown]]:
    """The unknown parts of a value, each with its path."""
    from infracheck.source.values import Mapping, Sequence, Unknown  # noqa: PLC0415 - see command

    waiting: list[tuple[str, Value]] = [("", value)]
    while waiting:
        path, node = waiting.pop()
        if isinstance(node, Unknown):
            yield path, node
        elif isinstance(node, Mapping) and not node.sensitive:
            waiting += [(f"{path}.{key}" if path else key, inner) for key, inner in reversed(node.fields.items())]
        elif isinstance(node, Sequence) and not node.sensitive:
            waiting += [(f"{path}[{index}]", item) for index, item in reversed(list(enumerate(node.items)))]


def _json(value: Value) -> str:
    import json  # noqa: PLC0415 - see command

    from infracheck.terraform.types import type_of  # noqa: PLC0415

    data = {
        "known": value.is_wholly_known,
        "sensitive": value.sensitive,
        "type": str(type_of(value)),
        "value": _plain(value),
        "origin": _place(value.origin),
        "via": [_place(step) for step in value.origin.via if step.span.file.path != TYPED],
        "unknown": [
            {"path": path, "because": [{"reason": step.reason, **_place(step.origin)} for step in _chain(part)]}
            for path, part in _unknown_parts(value)
        ],
    }
    return json.dumps(data, indent=2, ensure_ascii=False)


def _place(origin: Origin) -> dict[str, Any]:
    span = origin.span
    return {"path": span.file.path, "line": span.line, "column": span.column, "step": origin.step}


def _plain(value: Value) -> Any:
    """The value as `jsonencode` has it; what is unknown or sensitive is null."""
    from decimal import Decimal  # noqa: PLC0415 - see command

    from infracheck.source.values import Mapping, Scalar, Sequence  # noqa: PLC0415

    if value.sensitive:
        return None
    if isinstance(value, Mapping):
        return {key: _plain(value.fields[key]) for key in sorted(value.fields)}
    if isinstance(value, Sequence):
        return [_plain(item) for item in value.items]
    plain = value.to_plain() if isinstance(value, Scalar) else None
    return str(plain) if isinstance(plain, Decimal) else plain
