"""What a search for stacks knows and has found so far."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.discovery.environment import Environments
from infracheck.discovery.stacks import StackKind, StackSource
from infracheck.findings.finding import Location
from infracheck.findings.report import Gap, GapKind

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.config.settings import Settings
    from infracheck.discovery.walk import Tree
    from infracheck.source.errors import InfracheckError
    from infracheck.source.reader import Reader


class Search:
    """One search through a tree.

    Attributes:
        tree: the files there are.
        reader: reads them.
        settings: those of the scan.
        environments: tells the environment of a path.
        stacks: what was found.
        gaps: what was left out.
    """

    def __init__(self, tree: Tree, reader: Reader, settings: Settings) -> None:
        self.tree = tree
        self.reader = reader
        self.settings = settings
        self.environments = Environments(settings, [path for path in map(self._relative, tree.folders) if path])
        self.stacks: list[StackSource] = []
        self.gaps: list[Gap] = list(tree.gaps)

    def name(self, path: Path) -> str:
        """A path as shown: relative to the root, "." for the root itself."""
        return self.reader.display(path)

    def environment(self, directory: Path) -> str:
        """The environment a directory belongs to by its place, or ""."""
        relative = self._relative(directory)
        return self.environments.of_path(relative) if relative is not None else ""

    def _relative(self, path: Path) -> Path | None:
        return path.relative_to(self.reader.root) if path.is_relative_to(self.reader.root) else None

    def add(
        self,
        kind: StackKind,
        path: Path,
        environment: str,
        files: tuple[Path, ...],
        *,
        var_files: tuple[Path, ...] = (),
        env_file: Path | None = None,
    ) -> None:
        """Record a stack. Its profile and the final spelling of its environment are settled when all are found."""
        self.stacks.append(
            StackSource(kind, path, self.name(path), environment, files=files, var_files=var_files, env_file=env_file)
        )

    def leave_out(self, kind: GapKind, path: Path, reason: str, *, command: str = "", count: int = 1) -> None:
        """Record that something is not taken."""
        self.gaps.append(Gap(kind, self.name(path), reason, command=command, count=count))

    def broken(self, path: Path, problem: InfracheckError, kind: GapKind = GapKind.BROKEN) -> None:
        """Record that a file can't be read, with the line where that is known."""
        shown = self.name(path)
        if problem.origin is not None:
            span = problem.origin.span
            place = Location(span.file.path, span.line, span.column)
            self.gaps.append(Gap(kind, shown, problem.message, place))
            return
        told = re.match(rf"{re.escape(shown)}(?::(\d+))?: ", problem.message)
        reason = problem.message[told.end() :] if told else problem.message
        line = int(told[1]) if told and told[1] else 1
        self.gaps.append(Gap(kind, shown, reason, Location(shown, line)))

    def env_file(self, directory: Path) -> Path | None:
        """The file whose variables `envsubst` puts into what is rendered in a directory.

        The configured file of the directory's environment; else a file called `env` in the directory or, for a
        directory inside an overlay (`overlays/production/core-api`), in the nearest one above it that still belongs to
        the same environment.
        """
        environment = self.environment(directory)
        configured = self.settings.environments.get(environment)
        if configured is not None and configured.env_file:
            return self.reader.root / configured.env_file
        while directory.is_relative_to(self.reader.root):
            if self.reader.is_file(directory / "env"):
                return directory / "env"
            directory = directory.parent
            if not environment or self.environment(directory) != environment:
                break
        return None
