"""`infracheck rules`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from infracheck.rule import Rule

POLICY = click.option(
    "--policy", "policies", multiple=True, type=click.Path(path_type=Path), help="A folder with more rules."
)


@click.group("rules")
def command() -> None:
    """List, show, test and document rules."""


@command.command("list")
@click.option("--format", "format_name", type=click.Choice(["table", "json"]), default="table", show_default=True)
@POLICY
def list_rules(format_name: str, policies: tuple[Path, ...]) -> int:
    """Print every rule with its severity and title."""
    from infracheck import api  # noqa: PLC0415 - `--help` needs none of it

    found = api.rules(policies)
    if format_name == "json":
        click.echo(json.dumps([_data(rule) for rule in found], indent=2))
        return 0
    width = max((len(rule.id) for rule in found), default=0)
    for rule in found:
        off = "" if rule.default else " (not run unless selected)"
        click.echo(f"{rule.id:<{width}}  {rule.severity.value:<8}  {rule.title}{off}")
    return 0


@command.command("show")
@click.argument("rule_id")
@POLICY
def show_rule(rule_id: str, policies: tuple[Path, ...]) -> int:
    """Print a rule's page. RULE_ID may be another tool's id for the same check."""
    from infracheck import api  # noqa: PLC0415 - `--help` needs none of it
    from infracheck.engine.catalogue import select  # noqa: PLC0415

    for rule in select(api.rules(policies), [rule_id]):
        click.echo(f"# {rule.id}\n\n{rule.source.strip()}\n")
        click.echo(f"Severity: {rule.severity.value}. Category: {rule.category.value}. Runs on: {rule.target.value}.")
        if rule.aliases:
            click.echo(f"Elsewhere called: {', '.join(rule.aliases)}.")
    return 0


@command.command("test")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def test_rules(folder: Path | None) -> int:
    """Run the examples of the rules below FOLDER, or of all our own."""
    from infracheck import api  # noqa: PLC0415 - `--help` needs none of it
    from infracheck.cases import run_cases  # noqa: PLC0415
    from infracheck.engine.catalogue import folder_rules  # noqa: PLC0415

    found = folder_rules(folder) if folder else api.rules()
    failed = passed = 0
    for rule in found:
        for result in run_cases(rule, (folder,) if folder else ()):
            if result.problems:
                failed += 1
                click.echo(result.name + "".join(f"\n    {problem}" for problem in result.problems))
            else:
                passed += 1
    click.echo(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


@command.command("docs")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; exit 1 where the folder is not up to date.")
@POLICY
def write_docs(folder: Path, *, check: bool, policies: tuple[Path, ...]) -> int:
    """Write a page for each rule, and an index, as Markdown below FOLDER."""
    from infracheck import api  # noqa: PLC0415 - `--help` needs none of it
    from infracheck.cli import rule_pages  # noqa: PLC0415

    pages = rule_pages.rule_pages(api.rules(policies))
    if check:
        stale = rule_pages.outdated(folder, pages)
        for path in stale:
            click.echo(f"{folder / path}: not up to date")
        return 1 if stale else 0
    try:
        changed = rule_pages.write(folder, pages)
    except OSError as problem:
        raise click.ClickException(f"{problem.filename or folder}: {problem.strerror}") from problem
    click.echo(f"{len(pages)} files, {len(changed)} changed")
    return 0


def _data(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title,
        "severity": rule.severity.value,
        "category": rule.category.value,
        "target": rule.target.value,
        "default": rule.default,
        "aliases": list(rule.aliases),
        "tags": list(rule.tags),
        "remedy": rule.remedy,
    }
