"""`infracheck render`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("render")
@click.argument("overlay", type=click.Path(path_type=Path), default=Path())
@click.option("--origins", is_flag=True, help="Show beside each changed field the line that set it.")
@click.option(
    "--load-restrictor",
    type=click.Choice(["root-only", "none"]),
    default="root-only",
    show_default=True,
    help="As for kubectl kustomize: whether files outside the kustomization's folder may be used.",
)
def command(overlay: Path, *, origins: bool, load_restrictor: str) -> int:
    """Print what `kubectl kustomize OVERLAY` prints. Nothing is fetched or run; what that leaves out is said.

    Exits with 1 where kubectl would refuse the overlay, and with 2 where there is none.
    """
    from infracheck import api  # noqa: PLC0415 - `--help` needs none of it
    from infracheck.engine.redact import redact  # noqa: PLC0415
    from infracheck.kustomize.emit import emit  # noqa: PLC0415
    from infracheck.reporters.escape import one_line, visible  # noqa: PLC0415
    from infracheck.source.errors import InfracheckError  # noqa: PLC0415

    try:
        rendering = api.render(overlay, load_restrictor=load_restrictor)
    except InfracheckError as problem:
        if problem.origin is None:
            # No file is to blame: there is nothing to render.
            raise
        click.echo(f"infracheck: {visible(str(problem))}", err=True)
        return 1
    click.echo(emit(rendering, origins=origins), nl=False)
    for gap in rendering.gaps:
        hint = f" (`{gap.command}`)" if gap.command else ""
        click.echo(f"infracheck: not rendered: {one_line(redact(f'{gap.entry}: {gap.reason}{hint}'))}", err=True)
    return 0
