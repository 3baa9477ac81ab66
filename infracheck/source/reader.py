"""The one place that opens files of a scanned repository.

Every path is resolved and compared with the real root before it is opened; what is opened must be a regular file of
bounded size, and each file is read once. The checks follow CVE-2022-24878 (Flux), CVE-2025-53109 (links) and
CVE-2025-53110 (prefix confusion): compare resolved paths by their parts, open without following, check the same
descriptor that is read.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from infracheck.source.errors import LimitError, OutsideRootError, ReadError
from infracheck.source.files import SourceFile

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_FILE_BYTES = 10 * 1024 * 1024
"""The largest file that is read, in bytes. Real manifests stay below a tenth of it."""

MAX_PLAN_BYTES = 100 * 1024 * 1024
"""The largest plan of Terraform that is read, in bytes. Most of a plan is passed over, so that one of 90 MB, of 13,500
resources, took 550 MB of memory (measured with Python 3.11 on Linux)."""

BOMS = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)


class Reader:
    """Reads files below one root, and nothing else.

    Attributes:
        root: the resolved directory that holds everything that may be read.
        allowed: further files that the user named, resolved.
    """

    def __init__(self, root: Path, allowed: Iterable[Path] = (), *, max_bytes: int = MAX_FILE_BYTES) -> None:
        self.root = root.resolve()
        self.allowed = frozenset(path.resolve() for path in allowed)
        self.max_bytes = max_bytes
        self._read: dict[Path, SourceFile | ReadError] = {}

    def resolve(self, path: Path) -> Path:
        """The real path of a file or directory, links followed.

        Raises:
            OutsideRootError: it leads outside the root.
            ReadError: links form a loop, the name is impossible or too long, or it may not be looked at.
        """
        try:
            real = Path(os.path.realpath(path, strict=False))
        except (OSError, ValueError) as problem:
            raise ReadError(f"{self.display(path)}: {_why(problem)}") from problem
        if not (real.is_relative_to(self.root) or real in self.allowed):
            raise OutsideRootError(f"{self.display(path)} leads outside {self.root.name or 'the scanned directory'}")
        try:
            real.lstat()
        except (FileNotFoundError, NotADirectoryError):
            pass
        except OSError as problem:
            # Too long a name, or a directory that may not be entered: said here, not by whoever looks at the path next.
            raise ReadError(f"{self.display(path)}: {_why(problem)}") from problem
        return real

    def display(self, path: Path) -> str:
        """How a path is shown: relative to the root with forward slashes, undecodable bytes escaped."""
        absolute = Path(os.path.abspath(path))  # noqa: PTH100 - Path.absolute keeps `..`
        for candidate in (absolute, path):
            if candidate.is_relative_to(self.root):
                return os.fsencode(PurePosixPath(candidate.relative_to(self.root))).decode("utf-8", "backslashreplace")
        return os.fsencode(path.name or path).decode("utf-8", "backslashreplace")

    def is_file(self, path: Path) -> bool:
        """Whether a path inside the root is a regular file. Outside the root nothing is a file."""
        try:
            return self.resolve(path).is_file()
        except (ReadError, OSError):
            return False

    def is_directory(self, path: Path) -> bool:
        """Whether a path inside the root is a directory. Outside the root nothing is."""
        try:
            return self.resolve(path).is_dir()
        except (ReadError, OSError):
            return False

    def listing(self, directory: Path) -> list[Path]:
        """The entries of a directory inside the root, sorted by name.

        Raises:
            ReadError: it can't be listed.
        """
        real = self.resolve(directory)
        try:
            return sorted(directory / name for name in os.listdir(real))  # noqa: PTH208 - keeps the path as the caller wrote it
        except OSError as problem:
            raise ReadError(f"{self.display(directory)}: {_why(problem)}") from problem

    def read(self, path: Path, *, max_bytes: int | None = None) -> SourceFile:
        """The text of a file; the same object however often and by whatever link it is asked for.

        Args:
            path: the file.
            max_bytes: the largest file to read, where it is of a kind that may be larger than others.

        Raises:
            OutsideRootError: the path leads outside the root.
            LimitError: the file is larger than `max_bytes`.
            ReadError: it is absent, not a regular file, unreadable, or not text.
        """
        real = self.resolve(path)
        if real not in self._read or (max_bytes is not None and isinstance(self._read[real], FileSizeError)):
            try:
                data = self._bytes(real, max_bytes or self.max_bytes)
                self._read[real] = SourceFile(self.display(path), _decode(data, self.display(path)))
            except ReadError as problem:
                self._read[real] = problem
        known = self._read[real]
        if isinstance(known, ReadError):
            raise known
        return known

    def files(self) -> tuple[SourceFile, ...]:
        """The files that were read so far, sorted by path."""
        read = {file.path: file for file in self._read.values() if isinstance(file, SourceFile)}
        return tuple(read[path] for path in sorted(read))

    def read_bytes(self, path: Path, *, max_bytes: int | None = None) -> bytes:
        """The bytes of a file, for content that need not be text (`binaryData`, `filebase64`).

        Args:
            path: the file.
            max_bytes: as in `read`.

        Raises:
            ReadError: as in `read`.
        """
        return self._bytes(self.resolve(path), max_bytes or self.max_bytes)

    def _bytes(self, real: Path, most: int) -> bytes:
        shown = self.display(real)
        try:
            # O_NONBLOCK: opening a FIFO must not wait for a writer.
            descriptor = os.open(real, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as problem:
            raise ReadError(f"{shown}: {_why(problem)}") from problem
        with os.fdopen(descriptor, "rb") as stream:
            state = os.fstat(stream.fileno())
            if not stat.S_ISREG(state.st_mode):
                raise ReadError(f"{shown}: not a regular file")
            if state.st_size > most:
                raise FileSizeError(f"{shown}: {state.st_size:,} bytes, more than the limit of {most:,}")
            try:
                data = stream.read(most + 1)
            except OSError as problem:
                raise ReadError(f"{shown}: {_why(problem)}") from problem
        if len(data) > most:
            raise FileSizeError(f"{shown}: more than the limit of {most:,} bytes")
        return data


class FileSizeError(ReadError, LimitError):
    """A file is larger than the reader accepts."""


def _decode(data: bytes, shown: str) -> str:
    encoding = "utf-8"
    for mark, name in BOMS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], name
            break
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise ReadError(
            f"{shown}:{line}: not {encoding.upper()} text (byte {problem.start}); save it as UTF-8"
        ) from problem


def _why(problem: OSError | ValueError) -> str:
    reason = problem.strerror if isinstance(problem, OSError) else str(problem)
    return (reason or type(problem).__name__).lower()
