"""Where the source of a module call leads: a directory inside the root, or nowhere on this disk."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from infracheck.source.errors import InfracheckError, OutsideRootError, ReadError

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.source.origin import Origin
    from infracheck.source.reader import Reader


@dataclass(frozen=True, slots=True)
class ModuleGap:
    """A module that could not be looked into, or a file that must not be.

    Attributes:
        subject: the module's address, `module.vpc`, or the file of the configuration that asks for one outside.
        reason: why, in a sentence, with what to do about it.
        origin: the `source` argument, or the call of the function that reads.
        command: what would bring it onto the disk, or "".
    """

    subject: str
    reason: str
    origin: Origin
    command: str = ""


def is_local(source: str) -> bool:
    """Whether a module source is a directory of the same repository."""
    return source.startswith(("./", "../", ".\\", "..\\")) or source in (".", "..")


class ModuleSources:
    """Finds the directories of modules.

    Args:
        root: the root module's directory, where `terraform init` leaves `.terraform`.
        reader: confines everything to the scanned root.
    """

    def __init__(self, root: Path, reader: Reader) -> None:
        self._root = root
        self._reader = reader
        self._installed: dict[str, str] | None = None
        self.problems: list[InfracheckError] = []

    def find(self, source: str, version: str, caller: Path, path: tuple[str, ...], origin: Origin) -> Path | ModuleGap:
        """The directory of a module, or why there is none.

        Args:
            source: the `source` argument.
            version: the `version` argument, or "".
            caller: the directory of the calling module.
            path: the names of the calls that lead there, from the root.
            origin: the `source` argument's place.
        """
        subject = ".".join(f"module.{name}" for name in path)
        if is_local(source):
            directory = caller / source.replace("\\", "/")
            try:
                self._reader.resolve(directory)
            except OutsideRootError:
                return ModuleGap(subject, f"module source {source} leads outside the scanned directory", origin)
            except ReadError as problem:
                return ModuleGap(subject, problem.message, origin)
            if not self._reader.is_directory(directory):
                return ModuleGap(subject, f"module source {source} is not a directory", origin)
            return directory
        installed = self._modules().get(".".join(path))
        if installed is not None:
            directory = self._root / installed
            if self._reader.is_directory(directory):
                return directory
        shown = f"{source} {version}".strip()
        reason = f"the module {shown} is not on disk, so its resources are not judged and its outputs are unknown"
        return ModuleGap(subject, reason, origin, "terraform init")

    def _modules(self) -> dict[str, str]:
        """What `terraform init` noted in `.terraform/modules/modules.json`: directories by dotted call path."""
        if self._installed is None:
            self._installed = {}
            manifest = self._root / ".terraform" / "modules" / "modules.json"
            if self._reader.is_file(manifest):
                try:
                    self._installed = _directories(json.loads(self._reader.read(manifest).text))
                except ReadError as problem:
                    self.problems.append(problem)
                except (ValueError, RecursionError):
                    shown = self._reader.display(manifest)
                    self.problems.append(ReadError(f"{shown}: not valid JSON; run terraform init again"))
        return self._installed


def _directories(manifest: Any) -> dict[str, str]:
    entries = manifest.get("Modules") if isinstance(manifest, dict) else None
    if not isinstance(entries, list):
        return {}
    return {
        entry["Key"]: entry["Dir"]
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get("Key"), str) and isinstance(entry.get("Dir"), str)
    }
