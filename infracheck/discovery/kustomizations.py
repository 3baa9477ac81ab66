"""Kustomizations: which there are, and which files and directories they lead to.

A directory with a `kustomization.yaml`, `kustomization.yml` or `Kustomization` is one. One that another lists under
`resources`, `bases` or `components` is judged through it; a Component is never judged alone. A Flux `Kustomization`
(`kustomize.toolkit.fluxcd.io`) is an object for the cluster that happens to share the name. A file that a kustomization
names anywhere is no manifest of its own: it may be a patch, a generator's source or a configuration.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from infracheck.source.errors import InfracheckError
from infracheck.source.field import Field
from infracheck.source.values import Mapping, Scalar, walk
from infracheck.source.yaml import Dialect, read_documents

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.source.reader import Reader

FILE_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
DIRECTORY_FIELDS = frozenset({"resources", "bases", "components", "generators", "transformers", "validators"})
"""Fields whose entries may be directories. Field names are matched without regard to case, as kustomize does."""
FLUX_GROUP = "kustomize.toolkit.fluxcd.io/"
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
    directory = file.parent
    try:
        documents = read_documents(reader.read(file), Dialect.KUBECTL)
    except InfracheckError:
        return Kustomization(directory, file)
    root = documents[0].value if documents else None
    if not isinstance(root, Mapping):
        return Kustomization(directory, file)
    cursor = Field(root)
    if isinstance(root.get("apiVersion"), Scalar) and (cursor["apiVersion"].text() or "").startswith(FLUX_GROUP):
        return None
    directories: set[Path] = set()
    files: set[Path] = set()
    for key, value in root.fields.items():
        for node in walk(value):
            text = node.value if isinstance(node, Scalar) else None
            if not isinstance(text, str):
                continue
            for path in _paths(text, directory):
                if reader.is_file(path):
                    files.add(_real(path, reader))
                elif key.lower() in DIRECTORY_FIELDS and reader.is_directory(path):
                    directories.add(_real(path, reader))
    kind = root.get("kind")
    component = isinstance(kind, Scalar) and kind.value == "Component"
    return Kustomization(directory, file, component, frozenset(directories), frozenset(files))


def _paths(text: str, directory: Path) -> Iterator[Path]:
    """The paths a string may name: itself, or what follows `key=` in a generator's entry."""
    if not text or len(text) > MAX_PATH or "\n" in text or "\0" in text or "://" in text:
        return
    yield Path(os.path.normpath(directory / text))
    _, separator, after = text.partition("=")
    if separator and after:
        yield Path(os.path.normpath(directory / after))


def _real(path: Path, reader: Reader) -> Path:
    return reader.resolve(path)
