"""Functions that read files: only below the root of the scan, through its reader.

What lies outside is unknown, and whether something exists there is not told either: a pull request must not be able to
read the machine that judges it.
"""

from __future__ import annotations

import base64
import hashlib
import os
import posixpath
import re
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
from infracheck.terraform.types import BOOL, STRING, SetType

if TYPE_CHECKING:
    from infracheck.source.hcl import ast
    from infracheck.source.values import Value
    from infracheck.terraform.evaluation import Evaluator
    from infracheck.terraform.scope import FileAccess

HASHES = {f"file{name}": name for name in ("md5", "sha1", "sha256", "sha512")}
BASE64_HASHES = {f"filebase64{name}": name for name in ("sha256", "sha512")}
READERS = frozenset({"file", "fileexists", "filebase64", "templatefile", "fileset", *HASHES, *BASE64_HASHES})
"""Functions that need the evaluator, because they read files."""
FILES = SetType(STRING)
GLOB = re.compile(r"\\.|\*\*/|\*\*|\[[^\]]+\]|.", re.DOTALL)
GLOB_TOKENS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]", "{": "(?:", "}": ")"}


@function(STRING, returns=STRING)
def basename(arguments: list[Value], origin: Origin) -> Value:
    """`basename(path)`."""
    path = text_in(arguments[0])
    return construct.string(posixpath.basename(path.rstrip("/")) or ("/" if path else "."), origin)


@function(STRING, returns=STRING)
def dirname(arguments: list[Value], origin: Origin) -> Value:
    """`dirname(path)`."""
    return construct.string(posixpath.normpath(posixpath.dirname(text_in(arguments[0])) or "."), origin)


@function(STRING, returns=STRING)
def abspath(arguments: list[Value], origin: Origin) -> Value:
    """`abspath(path)`: known for what is absolute; the rest depends on where terraform runs."""
    path = text_in(arguments[0])
    if not path.startswith("/"):
        return construct.unknown("`abspath()` depends on where terraform runs", origin, type_=STRING)
    return construct.string(posixpath.normpath(path).replace("//", "/"), origin)


@function(STRING, returns=STRING)
def pathexpand(arguments: list[Value], origin: Origin) -> Value:
    """`pathexpand(path)`: what begins with `~` depends on the user's home directory."""
    path = text_in(arguments[0])
    if path.startswith("~"):
        return construct.unknown("`pathexpand()` depends on the user's home directory", origin, type_=STRING)
    return construct.string(path, origin)


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
            return _fileset(evaluator, access, path, arguments[1], node)
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
    if name in BASE64_HASHES:
        digest = hashlib.new(BASE64_HASHES[name], access.reader.read_bytes(path), usedforsecurity=False)
        return construct.string(base64.b64encode(digest.digest()).decode(), origin)
    if name in HASHES:
        digest = hashlib.new(HASHES[name], access.reader.read_bytes(path), usedforsecurity=False)
        return construct.string(digest.hexdigest(), origin)
    file = access.reader.read(path)
    if name == "file":
        return construct.string(file.text, Origin(Span(file, 0, len(file.text)), "file"))
    return _template(evaluator, path, arguments[1], node)


def _fileset(evaluator: Evaluator, access: FileAccess, path: Path, pattern: Value, node: ast.FunctionCall) -> Value:
    """The files below a directory that fit a pattern, sorted; links that lead outside are not among them."""
    origin = evaluator.origin(node.start, node.end)
    if isinstance(pattern, Unknown):
        return construct.unknown("the pattern is not known", origin, pattern, FILES)
    if is_null(pattern):
        return evaluator.fail("argument must not be null", node)
    expression = glob_pattern(text_in(convert(pattern, STRING)))
    found: list[str] = []
    waiting = [path]
    seen: set[Path] = set()
    while waiting:
        folder = waiting.pop()
        real = access.reader.resolve(folder)
        if real in seen or not access.reader.is_directory(folder):
            continue
        seen.add(real)
        for one in access.reader.listing(folder):
            if access.reader.is_directory(one):
                waiting.append(one)
            elif access.reader.is_file(one) and expression.fullmatch(one.relative_to(path).as_posix()):
                found.append(one.relative_to(path).as_posix())
        if len(found) > construct.MAX_ELEMENTS:
            return construct.unknown("`fileset()` finds too many files", origin, type_=FILES)
    return construct.sequence_of([construct.string(name, origin) for name in sorted(found)], FILES, origin)


def glob_pattern(pattern: str) -> re.Pattern[str]:
    """A pattern of `fileset`: `*` and `?` within a name, `**` across folders, `[...]` and `{a,b}`.

    Raises:
        ConversionError: it is malformed.
    """
    parts = []
    depth = 0
    for token in GLOB.finditer(pattern):
        text = token[0]
        depth += (text == "{") - (text == "}")
        if text == "," and depth:
            parts.append("|")
        elif text in GLOB_TOKENS:
            parts.append(GLOB_TOKENS[text])
        elif text.startswith("[") and len(text) > 1:
            letters = re.escape(text[1:-1].lstrip("!^")).replace("\\-", "-")
            parts.append(f"[^{letters}]" if text[1] in "!^" else f"[{letters}]")
        else:
            parts.append(re.escape(text.removeprefix("\\") or text))
    try:
        return re.compile("".join(parts))
    except re.error as problem:
        raise ConversionError(f"the pattern {pattern!r} is malformed: {problem}") from None


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
