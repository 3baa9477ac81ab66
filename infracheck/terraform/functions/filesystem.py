"""Functions that read files: only below the root of the scan, through its reader.

What lies outside is unknown, and whether something exists there is not told either: a pull request must not be able to
read the machine that judges it.
"""

from __future__ import annotations

import base64
import hashlib
import os
import posixpath
from pathlib import Path
from typing import TYPE_CHECKING

from infracheck.source.errors import OutsideRootError, ReadError
from infracheck.source.files import Span
from infracheck.source.hcl import parse_template
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Unknown
from infracheck.terraform import construct
from infracheck.terraform.construct import is_null, text_in
from infracheck.terraform.conversion import ConversionError, convert
from infracheck.terraform.functions.signature import function
from infracheck.terraform.types import BOOL, STRING

if TYPE_CHECKING:
    from infracheck.source.hcl import ast
    from infracheck.source.values import Value
    from infracheck.terraform.evaluation import Evaluator

HASHES = {f"file{name}": name for name in ("md5", "sha1", "sha256", "sha512")}
READERS = frozenset({"file", "fileexists", "filebase64", "templatefile", "fileset", *HASHES})
"""Functions that need the evaluator, because they read files."""


@function(STRING, returns=STRING)
def basename(arguments: list[Value], origin: Origin) -> Value:
    """`basename(path)`."""
    path = text_in(arguments[0])
    return construct.string(posixpath.basename(path.rstrip("/")) or ("/" if path else "."), origin)


@function(STRING, returns=STRING)
def dirname(arguments: list[Value], origin: Origin) -> Value:
    """`dirname(path)`."""
    return construct.string(posixpath.normpath(posixpath.dirname(text_in(arguments[0])) or "."), origin)


def read(evaluator: Evaluator, name: str, arguments: list[Value], node: ast.FunctionCall) -> Value:
    """The value of a call that reads a file."""
    origin = evaluator.origin(node.start, node.end)
    wanted = 2 if name in ("templatefile", "fileset") else 1
    if len(arguments) != wanted:
        return evaluator.fail(f'Function "{name}" expects {wanted} argument(s).', node)
    first = arguments[0]
    if is_null(first):
        return evaluator.fail("argument must not be null", node)
    if isinstance(first, Unknown):
        return construct.unknown("the path is not known", origin, first, STRING)
    access = evaluator.scope.files
    if access is None:
        return construct.unknown("there are no files here", origin, type_=STRING)
    try:
        path = Path(os.path.normpath(access.directory / text_in(convert(first, STRING))))
        if name == "fileset":
            return construct.unknown("`fileset()` lists files when terraform runs", origin)
        access.reader.resolve(path)
        if name == "fileexists":
            return construct.boolean(access.reader.is_file(path), origin)
        return _content(evaluator, name, path, arguments, node)
    except OutsideRootError:
        reason = f"`{name}()` leads outside of what is scanned"
        return construct.unknown(reason, origin, type_=BOOL if name == "fileexists" else STRING)
    except ConversionError as problem:
        return evaluator.fail(f"path: {problem}", node)
    except ReadError as problem:
        return evaluator.fail(f'Call to function "{name}" failed: {problem.message}.', node)


def _content(evaluator: Evaluator, name: str, path: Path, arguments: list[Value], node: ast.FunctionCall) -> Value:
    access = evaluator.scope.files
    assert access is not None  # noqa: S101 - checked by the caller
    origin = evaluator.origin(node.start, node.end)
    if name == "filebase64":
        return construct.string(base64.b64encode(access.reader.read_bytes(path)).decode(), origin)
    if name in HASHES:
        digest = hashlib.new(HASHES[name], access.reader.read_bytes(path), usedforsecurity=False)
        return construct.string(digest.hexdigest(), origin)
    file = access.reader.read(path)
    if name == "file":
        return construct.string(file.text, Origin(Span(file, 0, len(file.text)), "file"))
    return _template(evaluator, path, arguments[1], node)


def _template(evaluator: Evaluator, path: Path, variables: Value, node: ast.FunctionCall) -> Value:
    from infracheck.source.errors import InfracheckError  # noqa: PLC0415 - beside its only use
    from infracheck.terraform.evaluation import evaluate  # noqa: PLC0415 - they evaluate one another
    from infracheck.terraform.scope import EmptyScope  # noqa: PLC0415

    if isinstance(variables, Unknown):
        origin = evaluator.origin(node.start, node.end)
        return construct.unknown("the variables of the template are not known", origin, variables, STRING)
    if not isinstance(variables, Mapping):
        return evaluator.fail("invalid vars value: must be a map", node)
    access = evaluator.scope.files
    assert access is not None  # noqa: S101 - checked by the caller
    file = access.reader.read(path)
    try:
        return evaluate(parse_template(file), EmptyScope(access), file, names=variables.fields, budget=evaluator.budget)
    except InfracheckError as problem:
        return evaluator.fail(f'Call to function "templatefile" failed: {problem}', node)
