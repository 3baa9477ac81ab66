"""From files and command line to `Settings`: find, read, merge, validate.

The nearest of `infracheck.toml`, `.infracheck.toml` and a `pyproject.toml` with `[tool.infracheck]` counts, looking
upwards from what is scanned to the root of its repository; in one folder they go in that order. A file found that way
belongs to whoever wrote what is scanned, so it may not decide what leaves the repository or what runs
(CVE-2026-21852: a repository's own settings file took over the tool that opened it). A file named by the user may.
"""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from infracheck.config.problems import Document
from infracheck.config.settings import Settings
from infracheck.source.errors import ReadError, SettingsError
from infracheck.source.files import SourceFile, Span
from infracheck.source.origin import Origin
from infracheck.source.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NAMES = ("infracheck.toml", ".infracheck.toml", "pyproject.toml")
MAX_CONFIG_BYTES = 1024 * 1024
"""The largest configuration that is read, in bytes."""

USER_ONLY = {
    "cache-dir": "it decides where files are written",
    "root": "it decides what may be read",
}
"""Settings that a scanned repository can't make for itself, and why."""


def load_settings(
    paths: Sequence[Path] = (),
    *,
    config: Path | None = None,
    isolated: bool = False,
    overrides: Mapping[str, Any] | None = None,
) -> Settings:
    """The settings for a scan.

    Args:
        paths: what will be scanned; the configuration is looked for from their common folder upwards.
        config: a file to use instead of looking for one.
        isolated: use no file at all.
        overrides: settings by field name that go before the file's, such as those of the command line. `select`
            replaces the file's `select` and `ignore`; `ignore` and `policies` add to the file's.

    Raises:
        SettingsError: the configuration can't be read or is wrong; the error names file, line and column.
    """
    start = common_folder(paths)
    document, table = None, dict[str, Any]()
    if config is not None:
        document, table = _read(Reader(config.parent, [config], max_bytes=MAX_CONFIG_BYTES), config)
    elif not isolated:
        document, table = _find(start, repository_root(start))
    given = {name.replace("_", "-"): value for name, value in (overrides or {}).items()}
    file = {name.replace("_", "-"): value for name, value in table.items()}
    if document is not None and config is None:
        _check_trust(file, document, repository_root(start))
    # Validated alone first, so that a mistake in the file is never blamed on the command line or hidden by it.
    Settings.model_validate(table, context=document)
    return Settings.model_validate(_merged(file, given), context=document)


def common_folder(paths: Sequence[Path]) -> Path:
    """The folder that holds all paths, or is the only one; the current folder if there are none."""
    absolute = [Path(os.path.abspath(path)) for path in paths] or [Path.cwd()]  # noqa: PTH100 - links stay as named
    common = Path(os.path.commonpath(absolute))
    return common.parent if common.is_file() else common


def repository_root(start: Path) -> Path:
    """The nearest folder at or above `start` with a `.git`; `start` itself outside any repository."""
    for folder in (start, *start.parents):
        if (folder / ".git").exists():
            return folder
    return start


def _find(start: Path, root: Path) -> tuple[Document | None, dict[str, Any]]:
    reader = Reader(root, max_bytes=MAX_CONFIG_BYTES)
    for folder in (start, *start.parents):
        for name in NAMES:
            if reader.is_file(folder / name):
                document, table = _read(reader, folder / name)
                if document is not None:
                    return document, table
        if folder == root:
            break
    return None, {}


def _read(reader: Reader, path: Path) -> tuple[Document | None, dict[str, Any]]:
    """The document and our table; None for a pyproject.toml that has none."""
    try:
        file = reader.read(path)
    except ReadError as problem:
        raise SettingsError(f"configuration: {problem.message}", problem.origin) from problem
    data = parse_toml(file)
    if path.name != "pyproject.toml":
        return Document(file), data
    tool = data.get("tool")
    table = tool.get("infracheck") if isinstance(tool, dict) else None
    if table is None:
        return None, {}
    document = Document(file, ("tool", "infracheck"))
    if not isinstance(table, dict):
        raise document.error((), "should be a table")
    return document, table


def parse_toml(file: SourceFile) -> dict[str, Any]:
    """The content of a TOML file.

    Raises:
        SettingsError: it is not valid TOML; the error names line and column.
    """
    try:
        return tomllib.loads(file.text)
    except tomllib.TOMLDecodeError as problem:
        message = str(problem)
        place = re.search(r" \(at line (\d+), column (\d+)\)$", message)
        offset = file.offset(int(place[1]), int(place[2])) if place else len(file.text)
        reason = re.sub(r" \(at (line \d+, column \d+|end of document)\)$", "", message)
        raise SettingsError(f"not valid TOML: {_lower(reason)}", _point(file, offset)) from problem
    except RecursionError as problem:
        raise SettingsError("not valid TOML: nested too deeply", _point(file, 0)) from problem
    except ValueError as problem:  # Python refuses to read numbers of more than 4,300 digits.
        raise SettingsError(f"not valid TOML: {_lower(str(problem))}", _point(file, 0)) from problem


def _lower(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]


def _point(file: SourceFile, offset: int) -> Origin:
    return Origin(Span(file, offset, offset))


def _check_trust(table: Mapping[str, Any], document: Document, root: Path) -> None:
    """Refuse what a repository may not decide about its own scan.

    Raises:
        SettingsError: it tries to.
    """
    advice = "set it on the command line or in a file given by --config"
    for name, reason in USER_ONLY.items():
        if name in table:
            raise document.error((name,), f'a repository can\'t set "{name}" for itself: {reason}; {advice}', key=True)
    if table.get("fail-on") == "never":
        raise document.error(("fail-on",), f"a repository can't decide that nothing fails; {advice} (--exit-zero)")
    for path, value in _paths(table):
        if isinstance(value, str) and _leads_out(value):
            raise document.error(path, "should be a path inside the repository")
        if path[0] == "policies" and isinstance(value, str) and _holds_code(root, value):
            raise document.error(path, "a repository can't run its own Python; name the folder by --policy instead")


def _paths(table: Mapping[str, Any]) -> list[tuple[tuple[str | int, ...], object]]:
    """All paths of files and folders that a configuration names."""
    found: list[tuple[tuple[str | int, ...], object]] = []
    policies = table.get("policies")
    found += [
        (("policies", index), path) for index, path in enumerate(policies if isinstance(policies, list) else [policies])
    ]
    environments = table.get("environments")
    for name, environment in environments.items() if isinstance(environments, dict) else ():
        for key in ("env-file", "env_file", "var-files", "var_files"):
            value = environment.get(key) if isinstance(environment, dict) else None
            for index, path in enumerate(value if isinstance(value, list) else [value]):
                found.append((("environments", name, key, index), path))
    return found


def _holds_code(root: Path, folder: str) -> bool:
    """Whether a folder of policies would bring Python with it, itself or by a link that leads out."""
    place = root / folder
    return not place.resolve().is_relative_to(root.resolve()) or any(place.rglob("*.py"))


def _leads_out(path: str) -> bool:
    parts = PurePosixPath(path.replace("\\", "/"))
    return parts.is_absolute() or ".." in parts.parts or re.match(r"[A-Za-z]:", path) is not None


def _merged(file: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    merged = {**file, **given}
    if given.get("select"):
        # Whoever asks for rules by name wants them, whatever the file leaves out.
        merged["ignore"] = _list(given.get("ignore"))
    else:
        merged["ignore"] = [*_list(file.get("ignore")), *_list(given.get("ignore"))]
    merged["policies"] = [*_list(file.get("policies")), *_list(given.get("policies"))]
    return merged


def _list(value: Any) -> list[Any]:
    return [value] if isinstance(value, str) else list(value or ())
