"""`infracheck patterns`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from infracheck.patterns import Row, Survey
    from infracheck.patterns.checklist import Demand

MARKS = {"met": "ok", "unmet": "unmet", "unknown": "unknown"}


@click.command("patterns")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--env", "environments", multiple=True, metavar="NAME", help="Only this environment.")
@click.option("--format", "format_name", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--config", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A configuration file.")
@click.option("--check", is_flag=True, help="Exit 1 where a service does not follow its pattern.")
@click.option("-v", "--verbose", is_flag=True, help="What is met and what is not known too.")
def command(
    paths: tuple[Path, ...],
    environments: tuple[str, ...],
    format_name: str,
    config: Path | None,
    *,
    check: bool,
    verbose: bool,
) -> int:
    """Show which deployment pattern each service below PATHS follows, and how far, environment by environment.

    Exits with 1 where a file is broken, or with --check where a service does not follow its pattern, and with 2 where
    there is nothing to look at.
    """
    from infracheck import api  # noqa: PLC0415 - `--help` needs none of it
    from infracheck.config.loading import load_settings  # noqa: PLC0415
    from infracheck.findings.report import GapKind  # noqa: PLC0415
    from infracheck.source.errors import SettingsError  # noqa: PLC0415

    roots = list(paths or (Path(),))
    found, gaps = api.patterns(roots, load_settings(roots, config=config), environments=environments)
    if not found.rows and not found.left_out and not gaps:
        raise SettingsError(f"nothing to look at below {', '.join(map(str, roots))}: no workload of Kubernetes")
    click.echo(json.dumps(_data(found), indent=2) if format_name == "json" else _text(found, verbose=verbose))
    for gap in gaps:
        click.echo(f"infracheck: not covered: {_line(f'{gap.location or gap.subject}: {gap.reason}')}", err=True)
    broken = any(gap.kind is GapKind.BROKEN for gap in gaps)
    return int(broken or (check and any(row.unmet for row in found.rows)))


def _text(found: Survey, *, verbose: bool) -> str:
    if not found.rows:
        return "No services: no Deployment, StatefulSet or Rollout was found."
    table = [["service", "pattern", *found.environments]]
    table += [[_name(row), row.classification.pattern.value, *_cells(row, found.environments)] for row in found.rows]
    widths = [max(len(line[column]) for line in table) for column in range(len(table[0]))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in table]
    for row in found.rows:
        lines += _details(row, verbose=verbose)
    left_out = ", ".join(f"{count} {kind}" for kind, count in found.left_out.items())
    unmet = sum(len(row.unmet) for row in found.rows)
    lines += ["", f"{_count(len(found.rows), 'service')}, {_count(unmet, 'demand')} not met."]
    if left_out:
        lines.append(f"No pattern speaks of {left_out}.")
    return "\n".join(_escaped(line) for line in lines)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _cells(row: Row, environments: tuple[str, ...]) -> list[str]:
    return [_cell(row.environments.get(name)) for name in environments]


def _cell(demands: tuple[Demand, ...] | None) -> str:
    if demands is None:
        return "-"
    counts = {word: sum(one.verdict == verdict for one in demands) for verdict, word in MARKS.items()}
    parts = [f"{counts[word]} {word}" for word in ("unmet", "unknown") if counts[word]]
    return ", ".join(parts) or "ok"


def _details(row: Row, *, verbose: bool) -> list[str]:
    shown = [
        (name, one)
        for name, demands in row.environments.items()
        for one in demands
        if verbose or one.verdict == "unmet"
    ]
    if not shown:
        return []
    title = f"{_name(row)} is {row.classification.pattern.value}: {_without_secrets(row.classification.why)}"
    return ["", title, *(f"  {name}: {_told(one)}" for name, one in shown)]


def _told(demand: Demand) -> str:
    verdict = "" if demand.verdict == "unmet" else f" ({demand.verdict.value.replace('-', ' ')})"
    place = f" [{demand.origin.span.file.path}:{demand.origin.span.line}]" if demand.origin is not None else ""
    # The note alone: the demand "secrets" in front of it would make its first word look like the value of one.
    return f"{demand.name}{verdict}: {_without_secrets(demand.note)}{place}"


def _name(row: Row) -> str:
    return f"{row.namespace}/{row.service}"


def _line(text: str) -> str:
    return _escaped(_without_secrets(text))


def _escaped(text: str) -> str:
    from infracheck.reporters.escape import one_line  # noqa: PLC0415 - `--help` needs none of it

    return one_line(text)


def _without_secrets(text: str) -> str:
    from infracheck.engine.redact import redact  # noqa: PLC0415 - `--help` needs none of it

    return redact(text)


def _data(found: Survey) -> dict[str, Any]:
    return {
        "environments": list(found.environments),
        "services": [_row_data(row) for row in found.rows],
        "left_out": found.left_out,
    }


def _row_data(row: Row) -> dict[str, Any]:
    return {
        "service": row.service,
        "namespace": row.namespace,
        "kind": row.kind,
        "pattern": row.classification.pattern.value,
        "why": row.classification.why,
        "declared": row.classification.declared,
        "environments": {name: [_demand_data(one) for one in demands] for name, demands in row.environments.items()},
    }


def _demand_data(demand: Demand) -> dict[str, Any]:
    span = demand.origin.span if demand.origin is not None else None
    return {
        "demand": demand.name,
        "verdict": demand.verdict.value,
        "note": _without_secrets(demand.note),
        "location": {"path": span.file.path, "line": span.line} if span is not None else None,
    }
