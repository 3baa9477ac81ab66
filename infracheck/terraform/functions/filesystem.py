"""Functions that read files: only below the root of the scan, through its reader.

What lies outside is unknown, and whether something exists there is not told either: a pull request must not be able to
read the machine that judges it.
"""

from __future__ import annotations

import base64
import os
import posixpath
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from infracheck.source.errors import OutsideRootError, ReadError
from infracheck.source.files import Span
from infracheck.source.origin import Origin
from infracheck.terraform import construct
from infracheck.terraform.construct import text_in
from infracheck.terraform.equality import set_of
from infracheck.terraform.functions.globs import Globber, alternatives, compiled
from infracheck.terraform.functions.hashing import digest
from infracheck.terraform.functions.signature import FunctionError, function
from infracheck.terraform.types import BOOL, STRING, SetType

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.source.values import Value
    from infracheck.terraform.evaluation import Evaluator
    from infracheck.terraform.scope import FileAccess
    from infracheck.terraform.types import Type


@function(STRING, returns=STRING)
def basename(arguments: list[Value], origin: Origin) -> Value:
    """`basename(path)`."""
    path = text_in(arguments[0])
    return construct.string(posixpath.basename(path.rstrip("/")) or ("/" if path else "."), origin)


@function(STRING, returns=STRING)
def dirname(arguments: list[Value], origin: Origin) -> Value:
    """`dirname(path)`."""
    path = text_in(arguments[0])
    return construct.string(cleaned(path[: path.rfind("/") + 1]), origin)


def cleaned(path: str) -> str:
    """A path without `.`, `..` and doubled slashes, as Go's `filepath.Clean` has it."""
    shortest = posixpath.normpath(path) if path else "."
    return shortest[1:] if shortest.startswith("//") else shortest


class Reading(NamedTuple):
    """How a function reads a file.

    Attributes:
        name: of the function.
        read: makes a value of a file: takes where files may be read, the path, and the origin of the call.
        returns: the type of the result.
    """

    name: str
    read: Callable[[FileAccess, Path, Origin], Value]
    returns: Type


def _reading(name: str, read: Callable[[FileAccess, Path, Origin], Value], returns: Type) -> None:
    def run(arguments: list[Value], origin: Origin, evaluator: Evaluator) -> Value:
        return reading(evaluator, text_in(arguments[0]), origin, Reading(name, read, returns))

    function(STRING, returns=returns, needs_evaluator=True, name=name)(run)


def reading(evaluator: Evaluator, path: str, origin: Origin, how: Reading) -> Value:
    """What a function makes of a file, or an unknown where the file must not be looked at.

    Raises:
        FunctionError: the file can't be read.
    """
    access = evaluator.scope.files
    if access is None:
        return construct.unknown("there are no files here", origin, type_=how.returns)
    if path.startswith("~"):
        return _refused(access, f"`{how.name}()` leads to the user's home", origin, how)
    try:
        # Go takes a path apart as text, whatever links stand on the way.
        full = Path(os.path.normpath(access.directory / path))
        access.reader.resolve(full)
        return how.read(access, full, origin)
    except OutsideRootError:
        return _refused(access, f"`{how.name}()` leads outside of what is scanned", origin, how)
    except (ReadError, OSError, ValueError) as problem:
        if isinstance(problem, FunctionError):
            raise
        message = problem.message if isinstance(problem, ReadError) else "the path is not valid"
        raise FunctionError(message) from None


def _refused(access: FileAccess, reason: str, origin: Origin, how: Reading) -> Value:
    if access.refused is not None:
        access.refused(reason, origin)
    return construct.unknown(reason, origin, type_=how.returns)


def _text(access: FileAccess, path: Path, origin: Origin) -> Value:
    del origin
    try:
        text = access.reader.read_bytes(path).decode("utf-8")
    except UnicodeDecodeError:
        raise FunctionError(f"contents of {access.reader.display(path)} are not valid UTF-8") from None
    file = access.reader.read(path)
    return construct.string(text, Origin(Span(file, 0, len(file.text)), "file"))


def _base64(access: FileAccess, path: Path, origin: Origin) -> Value:
    return construct.string(base64.b64encode(access.reader.read_bytes(path)).decode(), origin)


def _exists(access: FileAccess, path: Path, origin: Origin) -> Value:
    if access.reader.is_directory(path):
        raise FunctionError(f"{access.reader.display(path)} is a directory, not a file")
    return construct.boolean(access.reader.is_file(path), origin)


def _hash(access: FileAccess, path: Path, origin: Origin, *, kind: str, as_base64: bool) -> Value:
    return construct.string(digest(kind, access.reader.read_bytes(path), as_base64=as_base64), origin)


_reading("file", _text, STRING)
_reading("filebase64", _base64, STRING)
_reading("fileexists", _exists, BOOL)
for _kind in ("md5", "sha1", "sha256", "sha512"):
    _reading(f"file{_kind}", partial(_hash, kind=_kind, as_base64=False), STRING)
for _kind in ("sha256", "sha512"):
    _reading(f"filebase64{_kind}", partial(_hash, kind=_kind, as_base64=True), STRING)


@function(STRING, STRING, returns=SetType(STRING), needs_evaluator=True)
def fileset(arguments: list[Value], origin: Origin, evaluator: Evaluator) -> Value:
    """`fileset(path, pattern)`: the regular files that match, relative to the path."""
    path, pattern = map(text_in, arguments)

    def find(access: FileAccess, directory: Path, origin: Origin) -> Value:
        if ".." not in pattern and not access.reader.is_directory(directory):
            return set_of([], STRING, origin)  # A pattern that is never tried is not found to be malformed.
        globber = Globber(access.reader)
        names: set[str] = set()
        for option in alternatives(pattern):
            full = Path(os.path.normpath(directory / option)) if option else directory
            steps = os.path.relpath(full, directory).split("/")
            ups = 0
            while ups < len(steps) and steps[ups] == "..":
                ups += 1
            for step in steps:
                compiled(step)
            base = Path(os.path.normpath(directory / "/".join(steps[:ups]))) if ups else directory
            for found in globber.files(base, steps[ups:] or ["."]):
                names.add(os.path.relpath(found, directory))
        return set_of([construct.string(name, origin) for name in sorted(names)], STRING, origin)

    return reading(evaluator, path, origin, Reading("fileset", find, SetType(STRING)))
