"""The walk over a repository: which files there are, without opening any but ignore files.

Directory links are not followed, so the walk ends and never leaves the root. Left out without a word are what tools
download or build: `.git`, `.terraform`, `.terragrunt-cache`, `node_modules`, Python environments and caches. What git
ignores is left out where a `.git` says that there is a git at work, unless git tracks it; what the configuration
excludes always is. Both are counted. Paths the user names are taken whatever the patterns say.
"""

from __future__ import annotations

import os
import stat
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from infracheck.discovery.ignore import IgnoreFiles, Patterns
from infracheck.discovery.tracked import tracked_files
from infracheck.findings.report import Gap, GapKind
from infracheck.source.errors import OutsideRootError, ReadError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from infracheck.config.settings import Settings
    from infracheck.source.reader import Reader

MAX_ENTRIES = 200_000
"""Files and directories of one scan. The largest known monorepos of this kind hold a tenth."""
MAX_DEPTH = 64
"""Levels of directories."""
SKIPPED_NAMES = frozenset(
    {".git", ".hg", ".svn", ".terraform", ".terragrunt-cache", "node_modules", "__pycache__", ".tox", ".nox"}
    | {".mypy_cache", ".ruff_cache", ".pytest_cache", ".venv"}
)
SOURCE_SUFFIXES = (".tf", ".tofu", ".tf.json", ".tfvars", ".yaml", ".yml", ".json")
"""Files whose absence from the scan would be a loss."""


@dataclass(slots=True)
class Tree:
    """What the walk met.

    Attributes:
        folders: the regular files of each directory, sorted; directories in the order of their paths.
        named: files the user named.
        gaps: what could not be walked or was left out on request.
    """

    folders: dict[Path, tuple[Path, ...]] = field(default_factory=dict)
    named: tuple[Path, ...] = ()
    gaps: list[Gap] = field(default_factory=list)

    def files(self) -> list[Path]:
        """Every file, in order."""
        return [path for files in self.folders.values() for path in files]


@dataclass(frozen=True, slots=True)
class _Place:
    """A directory on the way, with the rules in force there."""

    path: Path
    depth: int
    ignores: IgnoreFiles
    repository: Path | None
    tracked: frozenset[bytes] | None


def walk(paths: Sequence[Path], reader: Reader, settings: Settings) -> Tree:
    """Walk directories and take named files; the order of the paths does not matter.

    Raises:
        ReadError: a path does not exist, or leads outside the root.
    """
    directories: set[Path] = set()
    files: set[Path] = set()
    for path in paths:
        real = reader.resolve(path)
        if real.is_dir():
            directories.add(real)
        elif os.path.lexists(real):
            files.add(real)
        else:
            raise ReadError(f"{path}: no such file or directory")
    return _Walk(reader, settings).run(sorted(directories), sorted(files))


class _Walk:
    def __init__(self, reader: Reader, settings: Settings) -> None:
        self.reader = reader
        self.excludes = Patterns(settings.exclude)
        self.respect_gitignore = settings.respect_gitignore
        self.folders: dict[Path, list[Path]] = {}
        self.gaps: list[Gap] = []
        self.ignored: Counter[Path] = Counter()
        self.excluded = 0
        self.entries = 0

    def run(self, directories: list[Path], files: list[Path]) -> Tree:
        for directory in directories:
            self._descend(self._start(directory))
        for file in files:
            known = self.folders.setdefault(file.parent, [])
            if file not in known:
                known.append(file)
        self._count()
        folders = {path: tuple(sorted(self.folders[path])) for path in sorted(self.folders)}
        return Tree(folders, tuple(files), self.gaps)

    def _start(self, directory: Path) -> _Place:
        """A directory the user named, with the ignore files of the directories above it."""
        place = _Place(self.reader.root, 0, IgnoreFiles(), None, None)
        if not directory.is_relative_to(self.reader.root):
            return _Place(directory, 0, IgnoreFiles(), None, None)
        for part in directory.relative_to(self.reader.root).parts:
            place = self._enter(place)
            place = _Place(place.path / part, place.depth + 1, place.ignores, place.repository, place.tracked)
        if place.ignores.hides(directory, directory=True):
            return _Place(directory, place.depth, IgnoreFiles(), None, None)
        return place

    def _enter(self, place: _Place) -> _Place:
        """The place with its own ignore file in force; a nested repository starts afresh."""
        ignores, repository, tracked = place.ignores, place.repository, place.tracked
        if self.respect_gitignore and os.path.lexists(place.path / ".git"):
            ignores, repository = IgnoreFiles(), place.path
            tracked = tracked_files(place.path, self.reader)
        if repository is not None:
            ignores = ignores.entering(place.path, self.reader)
        return _Place(place.path, place.depth, ignores, repository, tracked)

    def _descend(self, start: _Place) -> None:
        waiting = [start]
        while waiting:
            place = waiting.pop()
            if place.path in self.folders:
                continue
            if place.depth > MAX_DEPTH:
                self._gap(
                    GapKind.BROKEN, place.path, f"more than {MAX_DEPTH} levels of directories; name a path inside"
                )
                continue
            try:
                entries = self.reader.listing(place.path)
            except ReadError as problem:
                self._gap(GapKind.BROKEN, place.path, self._reason(place.path, problem))
                continue
            if place.path.joinpath("pyvenv.cfg") in entries and place.path != start.path:
                continue
            here = self._enter(place)
            self.folders[place.path] = []
            below = [child for child in entries if self._visit(child, here)]
            if self.entries > MAX_ENTRIES:
                reason = f"more than {MAX_ENTRIES:,} files and directories; name fewer paths or exclude some"
                self._gap(GapKind.BROKEN, start.path, reason)
                return
            waiting.extend(
                _Place(child, here.depth + 1, here.ignores, here.repository, here.tracked) for child in reversed(below)
            )

    def _visit(self, path: Path, here: _Place) -> bool:
        """Take an entry if it is a file; true if it is a directory to walk."""
        self.entries += 1
        try:
            mode = path.lstat().st_mode
        except OSError as problem:
            self._gap(GapKind.BROKEN, path, (problem.strerror or "unreadable").lower())
            return False
        directory = stat.S_ISDIR(mode)
        if (directory and path.name in SKIPPED_NAMES) or self._left_out(path, here, directory=directory):
            return False
        if directory:
            return True
        if stat.S_ISLNK(mode):
            return self._visit_link(path)
        if stat.S_ISREG(mode):
            self.folders[here.path].append(path)
        elif path.name.endswith(SOURCE_SUFFIXES):
            self._gap(GapKind.SKIPPED, path, "not a regular file")
        return False

    def _visit_link(self, path: Path) -> bool:
        try:
            real = self.reader.resolve(path)
        except OutsideRootError:
            self._gap(GapKind.OUTSIDE, path, "a link that leads outside the scanned root is not followed")
            return False
        except ReadError as problem:
            self._gap(GapKind.BROKEN, path, self._reason(path, problem))
            return False
        if self.reader.is_file(path):
            self.folders[path.parent].append(path)
        elif not real.is_dir() and path.name.endswith(SOURCE_SUFFIXES):
            self._gap(GapKind.BROKEN, path, "a link that leads to no file")
        return False

    def _left_out(self, path: Path, here: _Place, *, directory: bool) -> bool:
        relative = path.relative_to(self.reader.root).as_posix() if path.is_relative_to(self.reader.root) else path.name
        if self.excludes.match(relative + "/" if directory else relative):
            self.excluded += 1
            return True
        if here.repository is None or not here.ignores.hides(path, directory=directory):
            return False
        if here.tracked is not None:
            name = os.fsencode(path.relative_to(here.repository).as_posix())
            if name in here.tracked:
                return False
        self.ignored[here.repository] += 1
        return True

    def _count(self) -> None:
        for repository, count in sorted(self.ignored.items()):
            reason = f"{count} files or directories that git ignores and does not track"
            self._gap(GapKind.SKIPPED, repository, reason, count=count)
        if self.excluded:
            reason = f"{self.excluded} files or directories excluded by the configuration"
            self._gap(GapKind.SKIPPED, self.reader.root, reason, count=self.excluded)
        for pattern in self.excludes.dropped:
            reason = f"the pattern {pattern[:80]!r} is not honoured: too many wildcards, or malformed"
            self._gap(GapKind.SKIPPED, self.reader.root, reason)

    def _gap(self, kind: GapKind, path: Path, reason: str, *, count: int = 1) -> None:
        self.gaps.append(Gap(kind, self.reader.display(path), reason, count=count))

    def _reason(self, path: Path, problem: ReadError) -> str:
        """The reason of an error that names its file first, as the gap does already."""
        return problem.message.removeprefix(f"{self.reader.display(path)}: ")
