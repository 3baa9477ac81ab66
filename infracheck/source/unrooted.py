"""A reader for a directory with no repository around it."""

from __future__ import annotations

import os
from pathlib import Path, PurePosixPath

from infracheck.source.reader import Reader


class UnrootedReader(Reader):
    """Reads anything on the same drive, as terraform and kubectl do; shows paths relative to the directory in hand.

    Args:
        directory: what is evaluated or rendered.
        allowed: as in `Reader`.
    """

    def __init__(self, directory: Path, allowed: tuple[Path, ...] = ()) -> None:
        self._directory = directory.resolve()
        super().__init__(Path(self._directory.anchor), allowed)

    def display(self, path: Path) -> str:
        """The path relative to the directory: `main.tf`, `../modules/vpc/main.tf`."""
        shown = os.path.relpath(path, self._directory)
        return os.fsencode(PurePosixPath(Path(shown))).decode("utf-8", "backslashreplace")
