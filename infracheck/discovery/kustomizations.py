"""Kustomizations: which there are, and which files and directories they lead to.

A directory with a `kustomization.yaml`, `kustomization.yml` or `Kustomization` is one. One that another lists under
`resources`, `bases` or `components` is judged through it; a Component is never judged alone. A Flux `Kustomization`
(`kustomize.toolkit.fluxcd.io`) is an object for the cluster that happens to share the name. A file that a kustomization
names anywhere is no manifest of its own: it may be a patch, a generator's source or a configuration. A manifest beside
a kustomization that does not name it is not applied by anybody; it is listed as left out.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from infracheck.discovery.contents import FileKind, classify
from infracheck.discovery.graph import independent, reach
from infracheck.discovery.stacks import StackKind
from infracheck.findings.report import GapKind
from infracheck.source.errors import InfracheckError
from infracheck.source.values import Mapping, Scalar, walk
from infracheck.source.yaml import Dialect, read_documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.discovery.search import Search
    from infracheck.source.reader import Reader
    from infracheck.source.values import Value

FILE_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
DIRECTORY_FIELDS = frozenset({"resources", "bases", "components", "generators", "transformers", "validators"})
"""Fields whose entries may be directories. Field names are matched without regard to case, as kustomize does."""
FLUX_GROUP = "kustomize.toolkit.fluxcd.io/"
MANIFEST_SUFFIXES = (".yaml", ".yml", ".json")
MAX_PATH = 1024
"""Characters of a path in a kustomization; longer strings are text."""


@dataclass(frozen=True, slots=True)
class Kustomization:
    """A directory that can be built.

    Attributes:
        directory: where it is.
        file: its file.
        component: whether it is a Component.
        directories: the directories it uses, resolved lexically.
        files: every file it names.
    """

    directory: Path
    file: Path
    component: bool = False
    directories: frozenset[Path] = frozenset()
    files: frozenset[Path] = frozenset()


def read_kustomization(file: Path, reader: Reader) -> Kustomization | None:
    """The kustomization of a file; None if the file holds an object for Flux.

    One that can't be read is a kustomization all the same, without references: whoever builds it reports the fault.
    """
    try:
        documents = read_documents(reader.read(file), Dialect.KUBECTL)
    except InfracheckError:
        return Kustomization(file.parent, file)
    root = documents[0].value if documents else None
    if not isinstance(root, Mapping):
        return Kustomization(file.parent, file)
    if _text(root.get("apiVersion")).startswith(FLUX_GROUP):
        return None
    directories, files = _references(root, file.parent, reader)
    return Kustomization(file.parent, file, _text(root.get("kind")) == "Component", directories, files)


def _references(root: Mapping, directory: Path, reader: Reader) -> tuple[frozenset[Path], frozenset[Path]]:
    """The directories and files that the strings of a kustomization name; of links, both ends."""
    directories: set[Path] = set()
    files: set[Path] = set()
    for key, value in root.fields.items():
        for node in walk(value):
            for path in _paths(_text(node), directory):
                if reader.is_file(path):
                    files |= {path, reader.resolve(path)}
                elif key.lower() in DIRECTORY_FIELDS and reader.is_directory(path):
                    directories.add(reader.resolve(path))
    return frozenset(directories), frozenset(files)


def _text(value: Value | None) -> str:
    return value.value if isinstance(value, Scalar) and isinstance(value.value, str) else ""


def _paths(text: str, directory: Path) -> Iterator[Path]:
    """The paths a string may name: itself, or what follows `key=` in a generator's entry."""
    if not text or len(text) > MAX_PATH or "\n" in text or "\0" in text or "://" in text:
        return
    yield Path(os.path.normpath(directory / text))
    _, separator, after = text.partition("=")
    if separator and after:
        yield Path(os.path.normpath(directory / after))


def find_kustomizations(search: Search) -> frozenset[Path]:
    """Add a stack for each kustomization to judge; answer every file that belongs to one."""
    found: dict[Path, Kustomization] = {}
    taken: set[Path] = set()
    for folder, files in search.tree.folders.items():
        for file in files:
            one = read_kustomization(file, search.reader) if file.name in FILE_NAMES else None
            if one is not None:
                found.setdefault(folder, one)
                taken |= {file, *one.files}
    for folder in independent(_live_uses(found), search.environment):
        one = found[folder]
        if one.component:
            reason = "a component that no kustomization uses; a component is judged through its users only"
            search.leave_out(GapKind.SKIPPED, one.file, reason)
        else:
            environment = search.environment(folder)
            search.add(StackKind.KUSTOMIZATION, folder, environment, (one.file,), env_file=search.env_file(folder))
    return frozenset(taken | _leave_out_unused(search, found, taken))


def _live_uses(found: dict[Path, Kustomization]) -> dict[Path, frozenset[Path]]:
    """The directories each kustomization uses; a component that nothing builds uses none, and hides none."""
    uses = {folder: one.directories for folder, one in found.items()}
    built: set[Path] = set()
    for folder, one in found.items():
        if not one.component:
            reach(folder, uses, built)
    return {folder: used if folder in built else frozenset() for folder, used in uses.items()}


def _leave_out_unused(search: Search, found: dict[Path, Kustomization], taken: set[Path]) -> set[Path]:
    """The files beside a kustomization that it does not name; a manifest among them is worth a word."""
    unused = set()
    for folder in found:
        for file in search.tree.folders[folder]:
            if file in taken or file in search.tree.named or not file.name.endswith(MANIFEST_SUFFIXES):
                continue
            try:
                kind = classify(file, search.reader)
            except InfracheckError:
                # It is reported with the other files that can't be read.
                continue
            if kind is FileKind.MANIFEST:
                reason = "the kustomization beside it does not use it, so it is not applied and not judged"
                search.leave_out(GapKind.SKIPPED, file, reason)
                unused.add(file)
    return unused
