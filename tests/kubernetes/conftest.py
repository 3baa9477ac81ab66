"""Builds the index of objects from YAML text, and unknown values from `${NAMES}`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from textwrap import dedent
from typing import TYPE_CHECKING, cast

import pytest

from infracheck.findings.severity import Profile
from infracheck.kubernetes.objects import Objects
from infracheck.rule import Context
from infracheck.source.field import Field
from infracheck.source.files import SourceFile
from infracheck.source.values import Mapping, Scalar, Sequence, Unknown, Value
from infracheck.source.yaml import Dialect, read_documents

if TYPE_CHECKING:
    from infracheck.config.settings import Settings
    from infracheck.kubernetes.workload import Workload

CONTEXT = Context("production", Profile.PRODUCTION, "overlays/production", cast("Settings", None))

Build = Callable[[str], Objects]


def tree(text: str) -> list[Value]:
    """The roots of a YAML text; a string that is `${NAME}` as a whole becomes an unknown."""
    documents = read_documents(SourceFile("manifest.yaml", dedent(text)), Dialect.KUBERNETES)
    return [_unknowns(document.value) for document in documents if document.value is not None]


def _unknowns(value: Value) -> Value:
    if isinstance(value, Scalar) and isinstance(value.value, str) and value.value.startswith("${"):
        return Unknown(f"{value.value} is not set", value.origin)
    if isinstance(value, Mapping):
        return replace(value, fields={key: _unknowns(below) for key, below in value.fields.items()})
    if isinstance(value, Sequence):
        return replace(value, items=tuple(_unknowns(item) for item in value.items))
    return value


@pytest.fixture(scope="session")
def field() -> Callable[[str], Field]:
    """A field from YAML text."""
    return lambda text: Field(tree(text)[0])


@pytest.fixture(scope="session")
def build() -> Build:
    """The index of the objects in a YAML text."""

    def build(text: str) -> Objects:
        roots = [root for root in tree(text) if isinstance(root, Mapping)]
        return Objects.build([(root, CONTEXT, "") for root in roots], CONTEXT)

    return build


@pytest.fixture(scope="session")
def workload(build: Build) -> Callable[[str], Workload]:
    """The first workload of a YAML text."""
    return lambda text: build(text).workloads[0]
