"""What a YAML or JSON file is, told from what it says."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from infracheck.source.errors import SyntaxProblem
from infracheck.source.reader import MAX_PLAN_BYTES, FileSizeError
from infracheck.source.values import Mapping, Scalar
from infracheck.source.yaml import Dialect, read_documents

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.source.files import SourceFile
    from infracheck.source.reader import Reader
    from infracheck.source.values import Value

OTHER_TOOLS = re.compile(
    r"(?:kustomize\.config\.k8s\.io|kind\.x-k8s\.io|k3d\.io|ctlptl\.dev|skaffold|kubelet\.config\.k8s\.io"
    r"|kubeproxy\.config\.k8s\.io|kubescheduler\.config\.k8s\.io|kubeadm\.k8s\.io|apiserver\.config\.k8s\.io"
    r"|apiserver\.k8s\.io|audit\.k8s\.io|client\.authentication\.k8s\.io|eksctl\.io|backstage\.io|cli\.kyverno\.io"
    r"|chainsaw\.kyverno\.io|kuttl\.dev|krew\.googlecontainertools\.github\.com)/"
)
"""API groups of files that have a kind but configure a tool or a program on a node; no cluster stores them."""
OWN_KINDS = {"v1": frozenset({"Config"}), "builtin": None}
"""API versions without a group of their own, and the kinds (None: all) that are another tool's: a kubeconfig,
kustomize's built-in generators and transformers."""
BLOCK_KEYS = tuple(re.compile(rf"^[\"']?{key}[\"']?[ \t]*:", re.MULTILINE) for key in ("apiVersion", "kind"))
MENTIONS = re.compile(r"\bapiVersion\b.*\bkind\b|\bkind\b.*\bapiVersion\b", re.DOTALL)
TEMPLATE = re.compile(r"\{\{|\{%|<%")
"""Marks of Go templates, Jinja and ERB."""


class FileKind(Enum):
    """What to do with a file."""

    MANIFEST = "manifest"
    """It holds at least one object for a cluster."""
    PLAN = "plan"
    """`terraform show -json` of a plan."""
    TEMPLATE = "template"
    """Another program makes a manifest of it."""
    OTHER = "other"


def classify(file: Path, reader: Reader) -> FileKind:
    """What a file is.

    YAML is parsed even where it is no manifest, so that a file whose text is damaged is not taken for something else;
    JSON, which is mostly data, only where it speaks of an API version and a kind.

    Raises:
        ReadError: it can't be read.
        SyntaxProblem: it is neither YAML nor a template of YAML.
        LimitError: it is too deep or too large.
    """
    try:
        source = reader.read(file)
    except FileSizeError:
        if file.suffix == ".json" and is_large_plan(file, reader):
            return FileKind.PLAN
        raise
    text = source.text
    if file.suffix == ".json":
        if is_plan(text):
            return FileKind.PLAN
        if not MENTIONS.search(text):
            return FileKind.OTHER
    try:
        documents = read_documents(source, Dialect.KUBECTL)
    except SyntaxProblem:
        if TEMPLATE.search(text):
            return FileKind.TEMPLATE if _speaks_of_objects(source) else FileKind.OTHER
        raise
    return FileKind.MANIFEST if any(is_object(document.value) for document in documents) else FileKind.OTHER


def is_plan(text: str) -> bool:
    """Whether a text is what `terraform show -json PLAN` prints."""
    return text.lstrip()[:1] == "{" and '"planned_values"' in text and '"format_version"' in text


def is_large_plan(file: Path, reader: Reader) -> bool:
    """As `is_plan`, for a file that is too large for anything else. A plan is UTF-8 as Terraform prints it.

    Raises:
        ReadError: it can't be read, or is larger than plans may be.
    """
    data = reader.read_bytes(file, max_bytes=MAX_PLAN_BYTES)
    return data[:1] == b"{" and b'"planned_values"' in data and b'"format_version"' in data


def _speaks_of_objects(source: SourceFile) -> bool:
    return all(key.search(source.text) for key in BLOCK_KEYS)


def is_object(value: Value | None) -> bool:
    """Whether a document is an object for a cluster: it has a kind and an API version, and is no other tool's file."""
    if not isinstance(value, Mapping):
        return False
    kind, version = value.get("kind"), value.get("apiVersion")
    if not (isinstance(kind, Scalar) and isinstance(version, Scalar)):
        return False
    if not (isinstance(kind.value, str) and isinstance(version.value, str)):
        return False
    if version.value in OWN_KINDS:
        kinds = OWN_KINDS[version.value]
        return kinds is not None and kind.value not in kinds
    return OTHER_TOOLS.match(version.value) is None
