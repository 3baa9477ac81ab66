"""The transformer configuration: which fields each transformer writes; built in, from `configurations:` and `crds:`."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from infracheck.kustomize.defaults import DEFAULT_FIELDS, NAME_REFERENCES
from infracheck.kustomize.fieldspec import FieldSpec, merge_specs
from infracheck.kustomize.identity import Gvk
from infracheck.kustomize.nodes import text_of
from infracheck.kustomize.order import by_kind
from infracheck.kustomize.shape import BOOLEAN, CONVERTED, STRING, Struct, conform, sequence_of
from infracheck.source.values import Mapping, Scalar, Sequence, Value

if TYPE_CHECKING:
    from infracheck.source.origin import Origin

FIELDS = (
    "namePrefix",
    "nameSuffix",
    "namespace",
    "commonLabels",
    "labels",
    "templateLabels",
    "commonAnnotations",
    "varReference",
    "images",
    "replicas",
)
GVK_SHAPE = {"group": STRING, "version": STRING, "kind": STRING}
FIELD_SPEC = Struct({**GVK_SHAPE, "path": STRING, "create": BOOLEAN})
CONFIGURED_SPEC = Struct({**GVK_SHAPE, "path": CONVERTED, "create": BOOLEAN})
CONFIGURATION = Struct(
    {name: sequence_of(CONFIGURED_SPEC) for name in FIELDS}
    | {"nameReference": sequence_of(Struct({**GVK_SHAPE, "fieldSpecs": sequence_of(CONFIGURED_SPEC)}))}
)


@dataclass(frozen=True, slots=True)
class Configuration:
    """Field specs per transformer.

    Attributes:
        fields: field specs by the name of their list ("commonLabels", "images", ...).
        name_references: for each kind of target, the fields that hold a name of one.
    """

    fields: dict[str, tuple[FieldSpec, ...]] = field(default_factory=dict)
    name_references: tuple[tuple[Gvk, tuple[FieldSpec, ...]], ...] = ()

    def __getitem__(self, name: str) -> tuple[FieldSpec, ...]:
        return self.fields.get(name, ())

    def merge(self, other: Configuration, origin: Origin) -> Configuration:
        """Both together, sorted by kind; of the specs for one path, those for one kind come before that for any.

        So a spec for any kind is lost as soon as it is merged behind one for a single kind, built in or not.

        Raises:
            RenderError: field specs contradict each other.
        """
        if other is self or not (other.fields or other.name_references):
            return self
        if other is default_configuration() and not (self.fields or self.name_references):
            return other
        fields = dict(self.fields)
        for name, specs in other.fields.items():
            fields[name] = tuple(sorted(merge_specs(fields.get(name, ()), specs, origin), key=_order))
        references = list(self.name_references)
        for target, specs in other.name_references:
            known = next((index for index, (gvk, _) in enumerate(references) if gvk == target), None)
            if known is None:
                references.append((target, specs))
            else:
                references[known] = (target, merge_specs(references[known][1], specs, origin))
        return Configuration(fields, tuple(sorted(references, key=_rank)))


def _rank(reference: tuple[Gvk, tuple[FieldSpec, ...]]) -> tuple[int, str]:
    return by_kind(reference[0])


def _order(spec: FieldSpec) -> tuple[int, str]:
    return by_kind(spec.gvk)


@cache
def default_configuration() -> Configuration:
    """What kustomize has built in."""
    fields = {name: tuple(sorted(specs, key=_order)) for name, specs in DEFAULT_FIELDS.items()}
    return Configuration(fields, tuple(sorted(NAME_REFERENCES, key=_rank)))


def read_configuration(value: Value | None, shown: str) -> Configuration:
    """A file named under `configurations:`.

    Raises:
        RenderError: it has fields that a configuration doesn't have.
    """
    if value is None:
        return Configuration()
    root = conform(value, CONFIGURATION, shown)
    assert isinstance(root, Mapping)  # noqa: S101 - the shape says so
    fields = {name: tuple(map(field_spec, elements(root.get(name)))) for name in FIELDS if root.get(name)}
    references = tuple(
        (gvk_of(entry), tuple(map(field_spec, elements(entry.get("fieldSpecs")))))
        for entry in elements(root.get("nameReference"))
    )
    return Configuration(fields, references)


def elements(value: Value | None) -> list[Mapping]:
    """The mappings of a sequence."""
    return [item for item in value.items if isinstance(item, Mapping)] if isinstance(value, Sequence) else []


def gvk_of(entry: Mapping) -> Gvk:
    """The group, version and kind that a mapping names."""
    return Gvk(text_of(entry.get("group")), text_of(entry.get("version")), text_of(entry.get("kind")))


def field_spec(entry: Mapping) -> FieldSpec:
    """One field spec as it is written in a file."""
    create = entry.get("create")
    return FieldSpec(text_of(entry.get("path")), gvk_of(entry), isinstance(create, Scalar) and create.value is True)
