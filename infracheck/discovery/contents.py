"""What a YAML or JSON file is, told from what it says."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from infracheck.source.values import Mapping, Scalar, Sequence
from infracheck.source.yaml import Dialect, read_documents

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.source.reader import Reader
    from infracheck.source.values import Value

OTHER_TOOLS = (
    "kustomize.config.k8s.io/",
    "kind.x-k8s.io/",
    "skaffold/",
    "k3d.io/",
    "kubelet.config.k8s.io/",
    "kubeadm.k8s.io/",
    "eksctl.io/",
    "backstage.io/",
    "helm.toolkit.fluxcd.io/unmanaged",
    "builtin",
)
"""API groups of files that have a kind but are configuration of a tool, never applied to a cluster."""
NOT_OBJECTS = frozenset({"Config", "Component"})
"""Kinds without a group of their own: a kubeconfig, a kustomize component."""
MENTIONS_KIND = re.compile(r"^\s*[\"']?kind[\"']?\s*:", re.MULTILINE)
PLAN_KEYS = frozenset({"format_version", "terraform_version"})


class FileKind(Enum):
    """What to do with a file."""

    MANIFEST = "manifest"
    PLAN = "plan"
    OTHER = "other"


def classify(file: Path, reader: Reader) -> FileKind:
    """What a file is. A file that never says `kind` is not parsed, so other tools' YAML can't make a scan fail.

    Raises:
        ReadError: it can't be read.
        SyntaxProblem: it looks like a manifest but can't be parsed.
        LimitError: it is too deep or too large.
    """
    source = reader.read(file)
    text = source.text
    if file.suffix == ".json" and '"planned_values"' in text and '"format_version"' in text:
        return FileKind.PLAN
    if not MENTIONS_KIND.search(text) and '"kind"' not in text:
        return FileKind.OTHER
    documents = read_documents(source, Dialect.KUBECTL)
    return FileKind.MANIFEST if any(_is_object(document.value) for document in documents) else FileKind.OTHER


def _is_object(value: Value | None) -> bool:
    """Whether a document is an object for a cluster: it has a kind, an API version, and is no other tool's file."""
    if isinstance(value, Sequence):
        return False
    if not isinstance(value, Mapping):
        return False
    kind, version = value.get("kind"), value.get("apiVersion")
    if not (isinstance(kind, Scalar) and isinstance(version, Scalar)):
        return False
    if not (isinstance(kind.value, str) and isinstance(version.value, str)):
        return False
    return kind.value not in NOT_OBJECTS and not version.value.startswith(OTHER_TOOLS)
