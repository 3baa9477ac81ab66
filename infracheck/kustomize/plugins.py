"""`transformers:` and `generators:`: configurations of kustomize's built-in plugins, run in process."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from infracheck.kustomize.affixes import add_affix
from infracheck.kustomize.configuration import elements, field_spec
from infracheck.kustomize.generators import generate
from infracheck.kustomize.hashing import append_hashes
from infracheck.kustomize.images import set_image
from infracheck.kustomize.kustomization import (
    FIELD_SPECS,
    GENERATOR,
    IMAGE,
    PATCH,
    REPLACEMENT,
    REPLICA,
    SELECTOR,
    STRING_MAP,
    STRINGS,
)
from infracheck.kustomize.labels import add_entries
from infracheck.kustomize.legacy_patches import LegacyJsonPatch, read_merge_patches
from infracheck.kustomize.namespaces import SUBJECT_MODES, set_namespace
from infracheck.kustomize.nodes import raw_text, text_of
from infracheck.kustomize.patches import read_patch
from infracheck.kustomize.replacements import replace_values
from infracheck.kustomize.replicas import set_replicas
from infracheck.kustomize.service_accounts import generate_service_account
from infracheck.kustomize.shape import ANYTHING, BOOLEAN, STRING, Shape, Struct, conform, sequence_of
from infracheck.kustomize.value_add import add_value
from infracheck.source.errors import RenderError
from infracheck.source.values import Mapping, Scalar, Sequence, Value
from infracheck.source.yaml import Dialect, Excerpt, read_first, resolve

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kustomize.fieldspec import FieldSpec
    from infracheck.kustomize.loader import Loader
    from infracheck.kustomize.resource import Resource
    from infracheck.kustomize.resources import Resources
    from infracheck.kustomize.session import Session

    Transformer: TypeAlias = Callable[[Resources], None]
    Builder: TypeAlias = Callable[[Mapping, Loader, Session], Transformer]

METADATA = {"apiVersion": STRING, "kind": STRING, "metadata": ANYTHING}
FIELDS = {"fieldSpecs": FIELD_SPECS}


def _shape(**fields: Shape) -> Struct:
    return Struct({**METADATA, **fields})


SHAPES: dict[str, Struct] = {
    "AnnotationsTransformer": _shape(annotations=STRING_MAP, **FIELDS),
    "LabelTransformer": _shape(labels=STRING_MAP, **FIELDS),
    "PrefixTransformer": _shape(prefix=STRING, **FIELDS),
    "SuffixTransformer": _shape(suffix=STRING, **FIELDS),
    "PrefixSuffixTransformer": _shape(prefix=STRING, suffix=STRING, **FIELDS),
    "NamespaceTransformer": _shape(namespace=STRING, setRoleBindingSubjects=STRING, unsetOnly=BOOLEAN, **FIELDS),
    "ImageTagTransformer": _shape(imageTag=IMAGE, **FIELDS),
    "ReplicaCountTransformer": _shape(replica=REPLICA, **FIELDS),
    "PatchTransformer": _shape(**PATCH.fields),
    "PatchJson6902Transformer": _shape(target=SELECTOR, path=STRING, jsonOp=STRING),
    "PatchStrategicMergeTransformer": _shape(paths=STRINGS, patches=STRING),
    "ReplacementTransformer": _shape(replacements=sequence_of(REPLACEMENT)),
    "HashTransformer": _shape(),
    "ValueAddTransformer": _shape(value=STRING, targetFilePath=STRING, targets=sequence_of(ANYTHING)),
    "ConfigMapGenerator": _shape(**GENERATOR),
    "IAMPolicyGenerator": _shape(
        cloud=STRING,
        kubernetesService=Struct({"name": STRING, "namespace": STRING}),
        serviceAccount=Struct({"name": STRING, "projectId": STRING}),
    ),
    "SecretGenerator": _shape(**GENERATOR, type=STRING),
}


def specs_of(config: Mapping) -> tuple[FieldSpec, ...]:
    """The field specs of a configuration."""
    return tuple(map(field_spec, elements(config.get("fieldSpecs"))))


def json_value(value: Value) -> Value:
    """A resource's tree as Go's typed decoder sees it: the words of YAML 1.1 are booleans again."""
    if isinstance(value, Mapping):
        return Mapping({key: json_value(item) for key, item in value.fields.items()}, value.origin, value.keys)
    if isinstance(value, Sequence):
        return Sequence(tuple(json_value(item) for item in value.items), value.origin)
    if isinstance(value, Scalar) and value.text is not None:
        return Scalar(resolve(value, Dialect.KUBERNETES), value.origin, value.text, value.style, value.tag)
    return value


def configured(resource: Resource) -> Mapping:
    """The fields of a plugin's configuration, checked.

    Raises:
        RenderError: a field has the wrong type.
    """
    config = conform(json_value(resource.root), SHAPES[resource.kind], f"the {resource.kind}", lenient=True)
    assert isinstance(config, Mapping)  # noqa: S101 - the shape says so
    return config


def is_builtin(resource: Resource) -> bool:
    """Whether a configuration is for a plugin that runs in process."""
    return resource.gvk.group == "" and resource.gvk.version == "builtin"


def build_transformer(resource: Resource, loader: Loader, session: Session) -> Transformer:
    """The transformer that a configuration describes.

    Raises:
        RenderError: there is no such plugin, or its configuration is wrong.
    """
    builder = TRANSFORMERS.get(resource.kind)
    if builder is None:
        raise RenderError(f"unable to load builtin {resource.kind}", resource.origin_of("kind"))
    return builder(configured(resource), loader, session)


def build_generated(resource: Resource, loader: Loader) -> Resource:
    """The object that a generator's configuration describes.

    Raises:
        RenderError: there is no such plugin, or its configuration is wrong.
    """
    if resource.kind == "IAMPolicyGenerator":
        return generate_service_account(configured(resource))
    kinds = {"ConfigMapGenerator": "ConfigMap", "SecretGenerator": "Secret"}
    if resource.kind not in kinds:
        raise RenderError(f"unable to load builtin {resource.kind}", resource.origin_of("kind"))
    config = configured(resource)
    metadata = config.get("metadata")
    if isinstance(metadata, Mapping):
        named: dict[str, Value] = {key: metadata.fields[key] for key in ("name", "namespace") if key in metadata.fields}
        config = Mapping({**named, **config.fields}, config.origin, config.keys)
    return generate(kinds[resource.kind], config, None, loader)


def _annotations(config: Mapping, _loader: Loader, _session: Session) -> Transformer:
    pairs = _pairs(config, "annotations")
    return lambda resources: add_entries(resources, pairs, specs_of(config), "annotations")


def _labels(config: Mapping, _loader: Loader, _session: Session) -> Transformer:
    pairs = _pairs(config, "labels")
    return lambda resources: add_entries(resources, pairs, specs_of(config), "labels")


def _pairs(config: Mapping, field: str) -> Mapping:
    value = config.get(field)
    return value if isinstance(value, Mapping) else Mapping({}, config.origin)


def _affix(config: Mapping, _loader: Loader, _session: Session) -> Transformer:
    def transform(resources: Resources) -> None:
        for field, prefix in (("prefix", True), ("suffix", False)):
            value = config.get(field)
            if isinstance(value, Scalar):
                add_affix(resources, value, specs_of(config), prefix=prefix)

    return transform


def _namespace(config: Mapping, _loader: Loader, _session: Session) -> Transformer:
    metadata = config.get("metadata")
    node = config.get("namespace")
    if not text_of(node) and isinstance(metadata, Mapping):
        node = metadata.get("namespace")
    mode = text_of(config.get("setRoleBindingSubjects"))
    if mode not in SUBJECT_MODES:
        raise RenderError(
            f"invalid value for setRoleBindingSubjects: `{mode}`", config.fields["setRoleBindingSubjects"].origin
        )
    unset_only = config.get("unsetOnly")
    only = isinstance(unset_only, Scalar) and unset_only.value is True

    def transform(resources: Resources) -> None:
        if isinstance(node, Scalar):
            set_namespace(resources, node, specs_of(config), mode, unset_only=only)

    return transform


def _image(config: Mapping, _loader: Loader, _session: Session) -> Transformer:
    entry = config.get("imageTag")

    def transform(resources: Resources) -> None:
        if isinstance(entry, Mapping):
            set_image(resources, entry, specs_of(config))

    return transform


def _replicas(config: Mapping, _loader: Loader, _session: Session) -> Transformer:
    entry = config.get("replica")

    def transform(resources: Resources) -> None:
        if isinstance(entry, Mapping):
            set_replicas(resources, entry, specs_of(config))

    return transform


def _patch(config: Mapping, loader: Loader, session: Session) -> Transformer:
    patch = read_patch(config, loader)
    return lambda resources: patch.apply(resources, session)


def _json_patch(config: Mapping, loader: Loader, _session: Session) -> Transformer:
    return LegacyJsonPatch.read(config, config.get("jsonOp"), loader).apply


def _merge_patch(config: Mapping, loader: Loader, session: Session) -> Transformer:
    paths = config.get("paths")
    listed = [item for item in paths.items if isinstance(item, Scalar)] if isinstance(paths, Sequence) else []
    inline = config.get("patches")
    patches = read_merge_patches(listed, inline if isinstance(inline, Scalar) else None, loader, session, config.origin)
    return patches.apply


def _replacement(config: Mapping, loader: Loader, _session: Session) -> Transformer:
    entries = read_replacements(elements(config.get("replacements")), loader)
    return lambda resources: replace_values(resources, entries)


def _hash(_config: Mapping, _loader: Loader, _session: Session) -> Transformer:
    return append_hashes


def _value_add(config: Mapping, loader: Loader, _session: Session) -> Transformer:
    return lambda resources: add_value(resources, config, loader)


def read_replacements(entries: list[Mapping], loader: Loader) -> list[Mapping]:
    """Replacements, those in files of their own included.

    Raises:
        RenderError: an entry is both, or a file is not a replacement or a list of them.
    """
    result: list[Mapping] = []
    for entry in entries:
        path = entry.get("path")
        if not text_of(path) or path is None:
            result.append(entry)
            continue
        if "source" in entry.fields or "targets" in entry.fields:
            raise RenderError("cannot specify both path and inline replacement", entry.origin)
        document = read_first(Excerpt.of_file(loader.read(raw_text(path), path.origin)), Dialect.KUBECTL)
        value = document.value if document is not None else None
        if value is None:
            continue
        listed = value if isinstance(value, Sequence) else Sequence((value,), value.origin)
        result += elements(conform(listed, sequence_of(REPLACEMENT), "a replacement", lenient=True))
    return result


TRANSFORMERS: dict[str, Builder] = {
    "AnnotationsTransformer": _annotations,
    "LabelTransformer": _labels,
    "PrefixTransformer": _affix,
    "SuffixTransformer": _affix,
    "PrefixSuffixTransformer": _affix,
    "NamespaceTransformer": _namespace,
    "ImageTagTransformer": _image,
    "ReplicaCountTransformer": _replicas,
    "PatchTransformer": _patch,
    "PatchJson6902Transformer": _json_patch,
    "PatchStrategicMergeTransformer": _merge_patch,
    "ReplacementTransformer": _replacement,
    "HashTransformer": _hash,
    "ValueAddTransformer": _value_add,
}
"""The built-in transformers by kind."""
