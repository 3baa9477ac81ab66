"""`infracheck scan`."""

from __future__ import annotations

import os
import shutil
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from infracheck.cli import stop_writing
from infracheck.reporters import FORMATS, render
from infracheck.reporters.style import Style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infracheck.config.settings import Settings
    from infracheck.findings.report import Report
    from infracheck.rule import Rule

SEVERITIES = ["critical", "high", "medium", "low", "info", "never"]
WIDTH = 120
"""Columns where no terminal says how many there are."""
LEAST_WIDTH = 40
SYSTEM_FOLDERS = ("/dev", "/proc")
"""Where names stand for devices and open files, and nothing is ever replaced."""
QUIET_SECONDS = 1.0
"""How long a scan runs before it says what it is doing."""


@click.command("scan")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option("--select", multiple=True, metavar="RULES", help="Rules to run: ids, domains, patterns, tags, aliases.")
@click.option("--ignore", multiple=True, metavar="RULES", help="Rules not to run; wins over --select.")
@click.option("--env", "environments", multiple=True, metavar="NAME", help="Judge only this environment.")
@click.option(
    "-o",
    "--output",
    "outputs",
    multiple=True,
    metavar="FORMAT[=FILE]",
    help=f"One of {', '.join(FORMATS)}; repeatable.",
)
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="Least severity that makes the exit code 1.")
@click.option("--strict", is_flag=True, default=None, help="What was not covered or not judged fails too.")
@click.option("--exit-zero", is_flag=True, help="Exit 0 whatever is found.")
@click.option("--config", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A configuration file.")
@click.option("--isolated", is_flag=True, help="Read no configuration file.")
@click.option("--policy", "policies", multiple=True, type=click.Path(path_type=Path), help="A folder with more rules.")
@click.option("--tf-var-env", is_flag=True, help="Let TF_VAR_NAME in the environment set variables, as terraform does.")
@click.option("--load-restrictor", type=click.Choice(["root-only", "none"]), help="As for kubectl kustomize.")
@click.option("--statistics", is_flag=True, help="A count for each rule instead of its findings.")
@click.option("-q", "--quiet", is_flag=True, help="Findings only: no summary, no notes.")
@click.option("-v", "--verbose", count=True, help="Sum nothing up: every finding, gap and open judgement.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
def command(paths: tuple[Path, ...], outputs: tuple[str, ...], **options: Any) -> int:
    """Judge everything below PATHS (the current directory by default)."""
    from infracheck import api  # noqa: PLC0415 - `--help` needs none of it
    from infracheck.findings.report import GapKind  # noqa: PLC0415
    from infracheck.source.errors import SettingsError  # noqa: PLC0415

    wanted = [_output(text) for text in outputs or ("text",)]
    roots = list(paths or (Path(),))
    settings = _settings(roots, options)
    report = api.scan(
        roots,
        settings,
        policies=options["policies"],
        environments=options["environments"],
        tf_var_environment=os.environ if options["tf_var_env"] else None,
        today=datetime.now(tz=UTC).date(),
        progress=_progress(options["quiet"]),
    )
    if not report.coverage.stacks and all(gap.kind is GapKind.SKIPPED for gap in report.gaps):
        shown = ", ".join(str(path) for path in roots)
        raise SettingsError(f"nothing to scan below {shown}: no Terraform, Kustomize, manifest or workflow")
    rules = api.rules(options["policies"]) if _needs_rules(wanted) else ()
    try:
        _write(report, wanted, options, rules)
        sys.stdout.flush()
    except BrokenPipeError:
        stop_writing()
    return _exit_code(report, settings, exit_zero=options["exit_zero"])


def _exit_code(report: Report, settings: Settings, *, exit_zero: bool) -> int:
    """2 where a rule crashed: it says nothing about the tree, and no option makes that a success."""
    if report.errors:
        return 2
    return int(report.fails(settings.fail_on, strict=settings.strict) and not exit_zero)


def _settings(paths: list[Path], options: dict[str, Any]) -> Settings:
    from infracheck.config.loading import load_settings  # noqa: PLC0415 - see command

    given: dict[str, Any] = {
        name: value
        for name, value in (
            ("select", _split(options["select"])),
            ("ignore", _split(options["ignore"])),
            ("fail_on", options["fail_on"]),
            ("strict", options["strict"]),
            ("load_restrictor", options["load_restrictor"]),
        )
        if value
    }
    return load_settings(paths, config=options["config"], isolated=options["isolated"], overrides=given)


def _split(texts: tuple[str, ...]) -> list[str]:
    """`--select a,b --select c` selects three."""
    return [name.strip() for text in texts for name in text.split(",") if name.strip()]


def _output(text: str) -> tuple[str, Path | None]:
    name, _, file = text.partition("=")
    if name not in FORMATS:
        raise click.BadParameter(f"{name!r} is no format; there are: {', '.join(FORMATS)}", param_hint="--output")
    return name, Path(file) if file else None


def _needs_rules(wanted: list[tuple[str, Path | None]]) -> bool:
    return any(name in ("sarif", "html") for name, _ in wanted)


def _write(
    report: Report, wanted: list[tuple[str, Path | None]], options: dict[str, Any], rules: Sequence[Rule]
) -> None:
    for name, file in wanted:
        text = render(name, report, rules, style(options, to_file=file is not None))
        if file is None:
            data = text.encode(_encoding() if name == "text" else "utf-8", "backslashreplace")
            sys.stdout.flush()
            sys.stdout.buffer.write(data)
        else:
            write_file(file, text)


def write_file(file: Path, text: str) -> None:
    """Write a report whole or not at all, and never through a link that somebody left at its place.

    Raises:
        SettingsError: the file can't be written.
    """
    from infracheck.source.errors import SettingsError  # noqa: PLC0415 - see command

    data = text.encode("utf-8", "backslashreplace")
    try:
        if _is_device(file):
            _write_through(file, data)
        else:
            _replace(file, data)
    except OSError as problem:
        raise SettingsError(f"{file}: can't be written: {problem.strerror or problem}") from problem


def _is_device(file: Path) -> bool:
    """Whether it is no file to be replaced: a pipe or a device that the user named, such as `/dev/stderr`.

    What stands for the standard streams are links to whatever they lead to, which may be a file; elsewhere a link is
    not trusted, wherever it leads.
    """
    holder = Path(os.path.realpath(file.parent))
    if any(holder.is_relative_to(system) for system in SYSTEM_FOLDERS):
        return True
    return file.exists() and not file.is_symlink() and not file.is_file()


def _write_through(file: Path, data: bytes) -> None:
    state = file.stat()
    for stream in (sys.stdout, sys.stderr):
        if os.path.samestat(state, os.fstat(stream.fileno())):
            # Opened anew, it would be written from its beginning, over what is there already.
            stream.flush()
            stream.buffer.write(data)
            stream.flush()
            return
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_APPEND), "wb") as device:
        device.write(data)


def _replace(file: Path, data: bytes) -> None:
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with draft.open("xb") as stream:
            stream.write(data)
        draft.replace(file)
    except FileExistsError:
        raise
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def style(options: dict[str, Any], *, to_file: bool) -> Style:
    """How a report is to look, by the options, the environment and where it goes."""
    return Style(
        colour=not to_file and _colour(options["color"]),
        unicode=to_file or _can_draw(),
        width=max(shutil.get_terminal_size((WIDTH, 24)).columns, LEAST_WIDTH),
        statistics=options["statistics"],
        quiet=options["quiet"],
        verbose=options["verbose"] > 0,
    )


def _colour(choice: str) -> bool:
    """As no-color.org and force-color.org have it."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return sys.stdout.isatty() and os.environ.get("TERM") != "dumb"


def _encoding() -> str:
    return sys.stdout.encoding or "utf-8"


def _can_draw() -> bool:
    try:
        "\u250c\u2502".encode(_encoding())
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def _progress(quiet: bool) -> Any:  # noqa: FBT001 - the only argument
    """Says what is going on, on a terminal, once a scan takes long enough for somebody to wonder."""
    if quiet or not sys.stderr.isatty():
        return None
    started = time.monotonic()

    def tell(text: str) -> None:
        if time.monotonic() - started > QUIET_SECONDS:
            click.echo(f"infracheck: {text}", err=True)

    return tell
