"""Following the paths that kustomizations name, under kustomize's load restrictions and the reader's root."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from infracheck.source.errors import LimitError, ReadError, RenderError

if TYPE_CHECKING:
    from infracheck.source.files import SourceFile
    from infracheck.source.origin import Origin
    from infracheck.source.reader import Reader

REMOTE = re.compile(
    r"(?:git::|gh:|(?:https?|ssh|git|file|s3|gcs|hg)://|github\.com[:/]|(?:[\w.-]+@)[\w.-]+[:/]|[\w.-]+:[\w./~-]+\.git)"
    r"|.*\.git(?:/|\?|$)|.*/_git/|.*\?(?:ref|version|timeout|submodules)="
)
"""What kustomize takes for a repository or a URL (`api/internal/git/repospec.go`)."""
MAX_DEPTH = 50
"""Bases below bases; real trees stay below ten."""


def is_remote(path: str) -> bool:
    """Whether a path names something that would have to be fetched."""
    return REMOTE.match(path) is not None


@dataclass(frozen=True)
class Loader:
    """Where one kustomization may look.

    Attributes:
        reader: opens the files.
        root: the real path of its directory.
        parents: the directories of the kustomizations that led here, outermost first.
        restricted: whether files must be in or below `root`.
    """

    reader: Reader
    root: Path
    parents: tuple[Path, ...] = ()
    restricted: bool = True

    def exists(self, path: str) -> bool:
        """Whether anything stands at a path that may be read."""
        place = self.root / path
        return self.reader.is_file(place) or self.reader.is_directory(place)

    def resolve(self, path: str, origin: Origin) -> Path:
        """The real path of a file that may be read.

        Raises:
            RenderError: it is missing, not a file, or outside the directory.
            ReadError: it is outside the scanned repository.
        """
        if not path:
            raise RenderError("an empty path", origin)
        real = self._resolved(self.root / path, origin)
        if not real.is_file():
            what = "is a directory" if real.is_dir() else "does not exist"
            if real.exists() and not real.is_dir():
                what = "is not a regular file"
            raise RenderError(f"'{path}' {what}; expected a file", origin)
        if self.restricted and not real.is_relative_to(self.root):
            raise RenderError(
                f"security; file '{path}' is not in or below the directory of the kustomization that names it. "
                "Move it, or render with --load-restrictor LoadRestrictionsNone",
                origin,
            )
        return real

    def read(self, path: str, origin: Origin) -> SourceFile:
        """The text of a file.

        Raises:
            RenderError: it may not be read, or can't be.
        """
        real = self.resolve(path, origin)
        try:
            return self.reader.read(real)
        except ReadError as problem:
            raise self._refused(problem, origin) from problem

    def read_bytes(self, path: str, origin: Origin) -> bytes:
        """The bytes of a file.

        Raises:
            RenderError: it may not be read, or can't be.
        """
        real = self.resolve(path, origin)
        try:
            return self.reader.read_bytes(real)
        except ReadError as problem:
            raise self._refused(problem, origin) from problem

    def enter(self, path: str, origin: Origin) -> Loader:
        """The loader of another directory.

        Raises:
            RenderError: it is not a directory, or contains the directory that names it.
            LimitError: bases are nested too deeply.
        """
        if not path:
            raise RenderError("an empty path", origin)
        if Path(path).is_absolute():
            raise RenderError(
                f"the directory '{path}' cannot be absolute; name it relative to the kustomization", origin
            )
        real = self._resolved(self.root / path, origin)
        if not real.is_dir():
            what = "is not a directory" if real.exists() else "does not exist"
            raise RenderError(f"'{path}' {what}", origin)
        for visited in (self.root, *reversed(self.parents)):
            if visited.is_relative_to(real):
                raise RenderError(
                    f"cycle detected: '{path}' contains the directory of a kustomization that needs it", origin
                )
        if len(self.parents) >= MAX_DEPTH:
            raise LimitError(f"bases are nested more than {MAX_DEPTH} levels deep", origin)
        return Loader(self.reader, real, (*self.parents, self.root), self.restricted)

    def _resolved(self, path: Path, origin: Origin) -> Path:
        try:
            return self.reader.resolve(path)
        except ReadError as problem:
            raise self._refused(problem, origin) from problem
        except OSError as problem:
            raise RenderError(f"cannot follow the path: {problem.strerror}", origin) from problem

    def _refused(self, problem: ReadError, origin: Origin) -> ReadError | RenderError:
        """The same refusal at the line that names the file; what passes a limit stays a limit."""
        if isinstance(problem, LimitError):
            return type(problem)(problem.message, origin)
        return RenderError(problem.message, origin)
