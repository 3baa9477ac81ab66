"""The transformers that the fields of a kustomization ask for, in the order kustomize runs them.

The order is that of `configureBuiltinTransformers` in `api/internal/target/kusttarget_configplugin.go`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from infracheck.kustomize.affixes import add_affix
from infracheck.kustomize.configuration import elements, field_spec
from infracheck.kustomize.fieldspec import FieldSpec, merge_specs
from infracheck.kustomize.images import SeenImages, set_image
from infracheck.kustomize.labels import add_entries
from infracheck.kustomize.legacy_patches import LegacyJsonPatch, read_merge_patches
from infracheck.kustomize.namespaces import set_namespace
from infracheck.kustomize.nodes import text_of
from infracheck.kustomize.patches import read_patch
from infracheck.kustomize.plugins import read_replacements
from infracheck.kustomize.replacements import replace_values
from infracheck.kustomize.replicas import set_replicas
from infracheck.source.values import Mapping, Scalar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    from infracheck.kustomize.configuration import Configuration
    from infracheck.kustomize.kustomization import Kustomization
    from infracheck.kustomize.loader import Loader
    from infracheck.kustomize.resources import Resources
    from infracheck.kustomize.session import Session

    Transform: TypeAlias = Callable[[Resources], None]

AFFIXES = (("namePrefix", True, "PrefixTransformer"), ("nameSuffix", False, "SuffixTransformer"))


def field_steps(
    kustomization: Kustomization, loader: Loader, session: Session, configuration: Configuration
) -> Iterator[tuple[Transform, str]]:
    """Each transformer, and the kind by which kustomize keeps it on record.

    Raises:
        InfracheckError: an entry, or a file it names, can't be read.
    """
    paths = kustomization.strings("patchesStrategicMerge")
    if paths:
        origin = kustomization.origin_of("patchesStrategicMerge")
        yield read_merge_patches(paths, None, loader, session, origin).apply, "PatchStrategicMergeTransformer"
    for entry in kustomization.entries("patches"):
        yield partial(read_patch(entry, loader).apply, session=session), "PatchTransformer"
    namespace = kustomization.root.get("namespace")
    if isinstance(namespace, Scalar) and text_of(namespace):
        specs = configuration["namespace"]
        yield partial(set_namespace, namespace=namespace, specs=specs), "NamespaceTransformer"
    for field, is_prefix, kind in AFFIXES:
        affix = kustomization.root.get(field)
        if isinstance(affix, Scalar) and text_of(affix):
            yield partial(add_affix, affix=affix, specs=configuration[field], prefix=is_prefix), kind
    yield from _label_steps(kustomization, configuration)
    for entry in kustomization.entries("patchesJson6902"):
        yield LegacyJsonPatch.read(entry, entry.get("patch"), loader).apply, "PatchJson6902Transformer"
    for entry in kustomization.entries("replicas"):
        yield partial(set_replicas, entry=entry, specs=configuration["replicas"]), "ReplicaCountTransformer"
    seen = SeenImages()
    for entry in kustomization.entries("images"):
        yield partial(set_image, entry=entry, specs=configuration["images"], seen=seen), "ImageTagTransformer"
    if kustomization.entries("replacements"):
        entries = read_replacements(kustomization.entries("replacements"), loader)
        yield partial(replace_values, entries=entries), "ReplacementTransformer"


def _label_steps(kustomization: Kustomization, configuration: Configuration) -> Iterator[tuple[Transform, str]]:
    entries = kustomization.entries("labels")
    for entry in entries:
        specs = _label_specs(entry, configuration)
        yield partial(add_entries, pairs=_pairs(entry, "pairs"), specs=specs, step="labels"), "LabelTransformer"
    common = _pairs(kustomization.root, "commonLabels")
    if entries or common.fields:
        # Where there are any labels, this one runs too, and is on record, even with nothing to add.
        specs = configuration["commonLabels"]
        yield partial(add_entries, pairs=common, specs=specs, step="labels"), "LabelTransformer"
    annotations = _pairs(kustomization.root, "commonAnnotations")
    if annotations.fields:
        specs = configuration["commonAnnotations"]
        yield partial(add_entries, pairs=annotations, specs=specs, step="annotations"), "AnnotationsTransformer"


def _pairs(entry: Mapping, field: str) -> Mapping:
    value = entry.get(field)
    return value if isinstance(value, Mapping) else Mapping({}, entry.origin)


def _label_specs(entry: Mapping, configuration: Configuration) -> tuple[FieldSpec, ...]:
    """Where the labels of one entry go."""
    specs = tuple(map(field_spec, elements(entry.get("fields"))))
    specs = merge_specs(specs, configuration["labels"], entry.origin)
    if _is_true(entry, "includeSelectors"):
        return merge_specs(specs, configuration["commonLabels"], entry.origin)
    if _is_true(entry, "includeTemplates"):
        specs = merge_specs(specs, configuration["templateLabels"], entry.origin)
    return merge_specs(specs, (FieldSpec("metadata/labels", create=True),), entry.origin)


def _is_true(entry: Mapping, field: str) -> bool:
    value = entry.get(field)
    return isinstance(value, Scalar) and value.value is True
