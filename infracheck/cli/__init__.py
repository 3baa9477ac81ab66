"""The command line: arguments in, exit code out. One file per subcommand, loaded when it is asked for.

Exit codes: 0 nothing at or above `--fail-on`; 1 findings, or something in the tree is broken; 2 wrong usage or
configuration, nothing to scan, or an internal error.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from infracheck.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

COMMANDS = {
    "scan": ("infracheck.cli.scan", "Judge Terraform, Kustomize, manifests and workflows."),
    "render": ("infracheck.cli.render", "Print what `kubectl kustomize` prints, with origins if wanted."),
    "eval": ("infracheck.cli.evaluate", "Print a Terraform expression's value, or why it is unknown."),
    "patterns": ("infracheck.cli.patterns", "Show which deployment pattern each service follows, and how far."),
    "rules": ("infracheck.cli.rules", "List, show and test rules."),
    "init": ("infracheck.cli.init", "Write a commented infracheck.toml."),
}
USAGE_ERROR = 2
INTERRUPTED = 130
"""128 and SIGINT, as shells have it."""
COLLECTIONS = (50_000, 20, 100)
"""How rarely garbage is looked for: a run makes hundreds of thousands of nodes that stay, and next to no cycles, and
Python's own thresholds cost a tenth of a scan."""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of their use."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of a name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(COMMANDS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what goes wrong inside of it is shown whole to whoever asks for that."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.Abort, click.exceptions.Exit, BrokenPipeError):
            raise
        except Exception:
            if ctx.params.get("traceback"):
                import traceback  # noqa: PLC0415 - only when something is wrong

                traceback.print_exc()
            raise

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command meant; a near miss is named."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as problem:
            from difflib import get_close_matches  # noqa: PLC0415 - only to word an error

            near = get_close_matches(args[0], COMMANDS, n=1)
            if near:
                raise click.UsageError(f"{problem.message} Did you mean {near[0]}?", ctx) from None
            raise


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, message="infracheck %(version)s")
@click.option("--traceback", is_flag=True, help="Show where an error comes from, for a report to us.")
def group(*, traceback: bool) -> None:
    """Is this infrastructure secure, will it stay up, and which line do I change?"""
    del traceback  # see LazyGroup.invoke


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    gc.set_threshold(*COLLECTIONS)
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        The exit code.
    """
    if sys.stdout is None:  # closed by the caller: `infracheck scan >&-`
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - lives as long as the process
    try:
        outcome: Any = group.main(args=arguments, prog_name="infracheck", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as problem:
        problem.show()
        return USAGE_ERROR
    except (click.Abort, KeyboardInterrupt):
        click.echo("infracheck: interrupted", err=True)
        return INTERRUPTED
    except BrokenPipeError:
        stop_writing()
        return 0
    except Exception as problem:  # noqa: BLE001 - the last resort: one kind line instead of a traceback
        return _failed(problem)
    return outcome if isinstance(outcome, int) else 0


def stop_writing() -> None:
    """After a closed pipe: whoever read the output has read enough, and nothing more may be written at exit either."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _failed(problem: Exception) -> int:
    from infracheck.reporters.escape import visible  # noqa: PLC0415 - only when something is wrong
    from infracheck.source.errors import InfracheckError  # noqa: PLC0415

    if isinstance(problem, InfracheckError):
        click.echo(f"infracheck: {visible(str(problem))}", err=True)
    else:
        click.echo(
            f"infracheck: internal error: {type(problem).__name__}: {visible(str(problem))}\n"
            "This is a fault of infracheck, not of your files. Please report it together with what "
            "`infracheck --traceback ...` prints.",
            err=True,
        )
    return USAGE_ERROR
