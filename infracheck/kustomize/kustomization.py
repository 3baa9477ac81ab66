"""Kustomization files: found, read strictly, and brought into their current form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.kustomize.nodes import is_null, raw_text, text_of
from infracheck.kustomize.shape import ANYTHING, BOOLEAN, INTEGER, STRING, MapOf, Shape, Struct, conform, sequence_of
from infracheck.source.errors import ReadError, RenderError
from infracheck.source.files import Span
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Scalar, Sequence, Value
from infracheck.source.yaml import Dialect, Excerpt, read_first

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.source.files import SourceFile
    from infracheck.source.reader import Reader

FILE_NAMES = ("kustomization.yaml", "kustomization.yml", "Kustomization")
API_VERSIONS = {
    "Kustomization": "kustomize.config.k8s.io/v1beta1",
    "Component": "kustomize.config.k8s.io/v1alpha1",
}

STRINGS = sequence_of(STRING)
STRING_MAP = MapOf(STRING)
GVK = {"group": STRING, "version": STRING, "kind": STRING}
FIELD_SPECS = sequence_of(Struct({**GVK, "path": STRING, "create": BOOLEAN}))
SELECTOR = Struct({**GVK, "name": STRING, "namespace": STRING, "labelSelector": STRING, "annotationSelector": STRING})
OPTIONS = Struct(
    {"labels": STRING_MAP, "annotations": STRING_MAP, "disableNameSuffixHash": BOOLEAN, "immutable": BOOLEAN}
)
GENERATOR: dict[str, Shape] = {
    "name": STRING,
    "namespace": STRING,
    "behavior": STRING,
    "literals": STRINGS,
    "files": STRINGS,
    "envs": STRINGS,
    "env": STRING,
    "options": OPTIONS,
}
CONFIG_MAP_GENERATOR = Struct(GENERATOR)
SECRET_GENERATOR = Struct({**GENERATOR, "type": STRING})
PATCH = Struct({"path": STRING, "patch": STRING, "target": SELECTOR, "options": MapOf(BOOLEAN)})
IMAGE = Struct({"name": STRING, "newName": STRING, "newTag": STRING, "digest": STRING, "tagSuffix": STRING})
REPLICA = Struct({"name": STRING, "count": INTEGER})
FIELD_OPTIONS = Struct({"delimiter": STRING, "index": INTEGER, "encoding": STRING, "create": BOOLEAN})
REPLACEMENT = Struct(
    {
        "source": Struct({**GVK, "name": STRING, "namespace": STRING, "fieldPath": STRING, "options": FIELD_OPTIONS}),
        "targets": sequence_of(
            Struct(
                {
                    "select": SELECTOR,
                    "reject": sequence_of(SELECTOR),
                    "fieldPaths": STRINGS,
                    "options": FIELD_OPTIONS,
                }
            )
        ),
        "path": STRING,
    }
)
VARIABLE = Struct(
    {
        "name": STRING,
        "objref": Struct({**GVK, "apiVersion": STRING, "name": STRING, "namespace": STRING}),
        "fieldref": Struct({"fieldPath": STRING}),
    }
)
LABEL = Struct({"pairs": STRING_MAP, "includeSelectors": BOOLEAN, "includeTemplates": BOOLEAN, "fields": FIELD_SPECS})
KUSTOMIZATION = Struct(
    {
        "apiVersion": STRING,
        "kind": STRING,
        "metadata": Struct({"name": STRING, "namespace": STRING, "labels": STRING_MAP, "annotations": STRING_MAP}),
        "resources": STRINGS,
        "bases": STRINGS,
        "components": STRINGS,
        "crds": STRINGS,
        "configurations": STRINGS,
        "openapi": STRING_MAP,
        "namePrefix": STRING,
        "nameSuffix": STRING,
        "namespace": STRING,
        "commonLabels": STRING_MAP,
        "labels": sequence_of(LABEL),
        "commonAnnotations": STRING_MAP,
        "patchesStrategicMerge": STRINGS,
        "patchesJson6902": sequence_of(PATCH),
        "patches": sequence_of(PATCH),
        "images": sequence_of(IMAGE),
        "imageTags": sequence_of(IMAGE),
        "replicas": sequence_of(REPLICA),
        "replacements": sequence_of(REPLACEMENT),
        "vars": sequence_of(VARIABLE),
        "sortOptions": Struct(
            {"order": STRING, "legacySortOptions": Struct({"orderFirst": STRINGS, "orderLast": STRINGS})}
        ),
        "configMapGenerator": sequence_of(CONFIG_MAP_GENERATOR),
        "secretGenerator": sequence_of(SECRET_GENERATOR),
        "generatorOptions": OPTIONS,
        "helmGlobals": Struct({"chartHome": STRING, "configHome": STRING}),
        "helmCharts": sequence_of(ANYTHING),
        "helmChartInflationGenerator": sequence_of(ANYTHING),
        "generators": STRINGS,
        "transformers": STRINGS,
        "validators": STRINGS,
        "buildMetadata": STRINGS,
    }
)
"""The fields of a kustomization (`api/types/kustomization.go`)."""

DEPRECATED = {
    "commonLabels": "labels",
    "patchesJson6902": "patches",
    "patchesStrategicMerge": "patches",
    "vars": "replacements",
    "imageTags": "images",
    "bases": "resources",
}


@dataclass(frozen=True)
class Kustomization:
    """A kustomization file.

    Attributes:
        file: its text.
        directory: the real path of its directory.
        root: its fields, names in their canonical case.
        warnings: deprecated fields it uses, as kustomize prints them.
    """

    file: SourceFile
    directory: Path
    root: Mapping
    warnings: tuple[str, ...]

    @property
    def origin(self) -> Origin:
        """The file as a whole."""
        return self.root.origin

    @property
    def is_component(self) -> bool:
        """Whether it changes the resources of whoever names it, instead of bringing its own."""
        return self.text("kind") == "Component"

    def text(self, field: str) -> str:
        """A text field, "" where it is not set."""
        return text_of(self.root.get(field))

    def items(self, field: str) -> tuple[Value, ...]:
        """The elements of a list field, nulls left out."""
        value = self.root.get(field)
        return tuple(item for item in value.items if not is_null(item)) if isinstance(value, Sequence) else ()

    def entries(self, field: str) -> list[Mapping]:
        """The mappings of a list field."""
        return [item for item in self.items(field) if isinstance(item, Mapping)]

    def strings(self, field: str) -> list[Scalar]:
        """The texts of a list field."""
        value = self.root.get(field)
        return [item for item in value.items if isinstance(item, Scalar)] if isinstance(value, Sequence) else []

    def origin_of(self, field: str) -> Origin:
        """Where a field is set, or the file."""
        value = self.root.get(field)
        return value.origin if value is not None else self.origin


def find_kustomization(directory: Path, reader: Reader) -> SourceFile | None:
    """The kustomization file of a directory, or None.

    Raises:
        RenderError: there is more than one.
        ReadError: it can't be read.
    """
    found = [directory / name for name in FILE_NAMES if reader.is_file(directory / name)]
    if len(found) > 1:
        names = " and ".join(path.name for path in found)
        file = reader.read(found[1])
        raise RenderError(f"found multiple kustomization files: {names}; keep one", Origin(Span(file, 0, 0)))
    return reader.read(found[0]) if found else None


def read_kustomization(directory: Path, reader: Reader, asked_by: Origin | None = None) -> Kustomization:
    """The kustomization of a directory.

    Raises:
        RenderError: there is none, it is empty, or it has fields that no kustomization has.
        SyntaxProblem: it is not YAML.
        ReadError: it can't be read.
    """
    file = find_kustomization(directory, reader)
    if file is None:
        shown = reader.display(directory) or "."
        message = f"unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in '{shown}'"
        if asked_by is None:
            raise ReadError(message)
        raise RenderError(message, asked_by)
    document = read_first(Excerpt.of_file(file), Dialect.KUBECTL)
    value = document.value if document is not None else None
    whole = Origin(Span(file, 0, 0))
    if is_null(value) or value is None:
        raise RenderError("kustomization.yaml is empty", whole)
    if not isinstance(value, Mapping):
        raise RenderError("a kustomization must be a mapping", value.origin)
    warnings = _deprecated(value, file)
    root = conform(value, KUSTOMIZATION, "a kustomization")
    assert isinstance(root, Mapping)  # noqa: S101 - the shape says so
    _require_content(root, whole)
    _require_version(root)
    return Kustomization(file, directory, _joined(root), warnings)


def _deprecated(value: Mapping, file: SourceFile) -> tuple[str, ...]:
    return tuple(
        f"{file.path}: '{old}' is deprecated. Please use '{new}' instead."
        for old, new in DEPRECATED.items()
        if not is_null(value.get(old))
    )


def _require_content(root: Mapping, whole: Origin) -> None:
    for name, value in root.fields.items():
        if name in {"apiVersion", "kind"}:
            continue
        if isinstance(value, Scalar) and value.value in {"", False}:
            continue
        if isinstance(value, Mapping) and not value.fields and name not in {"metadata", "generatorOptions"}:
            continue
        return
    raise RenderError("kustomization.yaml is empty", whole)


def _require_version(root: Mapping) -> None:
    kind = text_of(root.get("kind")) or "Kustomization"
    if kind not in API_VERSIONS:
        raise RenderError("kind should be Kustomization or Component", (root.get("kind") or root).origin)
    version = root.get("apiVersion")
    if version is not None and raw_text(version) not in {"", API_VERSIONS[kind]}:
        raise RenderError(f"apiVersion for {kind} should be {API_VERSIONS[kind]}", version.origin)


def _joined(root: Mapping) -> Mapping:
    """`bases` at the end of `resources`, `imageTags` of `images`, `env` of `envs`."""
    fields = dict(root.fields)
    for old, name in (("bases", "resources"), ("imageTags", "images")):
        last, first = fields.pop(old, None), fields.get(name)
        if isinstance(last, Sequence):
            earlier = first.items if isinstance(first, Sequence) else ()
            fields[name] = Sequence((*earlier, *last.items), (first or last).origin)
    for name in ("configMapGenerator", "secretGenerator"):
        generators = fields.get(name)
        if isinstance(generators, Sequence):
            fields[name] = Sequence(tuple(_with_envs(item) for item in generators.items), generators.origin)
    return Mapping(fields, root.origin, root.keys)


def _with_envs(generator: Value) -> Value:
    if not isinstance(generator, Mapping) or not text_of(generator.get("env")):
        return generator
    fields = dict(generator.fields)
    last = fields.pop("env")
    envs = fields.get("envs")
    earlier = envs.items if isinstance(envs, Sequence) else ()
    fields["envs"] = Sequence((*earlier, last), last.origin)
    return Mapping(fields, generator.origin, generator.keys)
