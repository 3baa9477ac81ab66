"""`infracheck eval`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("eval")
@click.argument("expression")
@click.option("-C", "directory", type=click.Path(exists=True, file_okay=False, path_type=Path), help="The root module.")
@click.option(
    "--var-file",
    "var_files",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A tfvars file; the last wins.",
)
@click.option("--var", "variables", multiple=True, metavar="NAME=VALUE", help="A variable; wins over every file.")
@click.option("--workspace", default="default", show_default=True, help="`terraform.workspace`.")
def command(
    expression: str,
    directory: Path | None,
    var_files: tuple[Path, ...],
    variables: tuple[str, ...],
    workspace: str,
) -> int:
    """Print the value of a Terraform EXPRESSION, or why it is unknown."""
    from infracheck import api  # noqa: PLC0415 - `--help` needs none of it
    from infracheck.reporters.escape import visible  # noqa: PLC0415
    from infracheck.terraform.format import why  # noqa: PLC0415

    given = dict(_assignment(text) for text in variables)
    value = api.evaluate(expression, directory, var_files=var_files, variables=given or None, workspace=workspace)
    click.echo(visible(why(value)))
    return 0


def _assignment(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator or not name:
        raise click.BadParameter(f"{text!r}: write NAME=VALUE", param_hint="--var")
    return name, value
