"""Patches: told apart, matched with their targets, applied (`api/internal/builtins/Patch*.go`)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.kustomize.configuration import gvk_of
from infracheck.kustomize.folding import as_written
from infracheck.kustomize.json_patch import Operation, apply_operations, parse_operations
from infracheck.kustomize.key_problems import Repeats, adopted
from infracheck.kustomize.manifests import read_resources
from infracheck.kustomize.nodes import (
    get,
    is_tagged_null,
    quoted,
    raw_text,
    recorded,
    string,
    styled,
    text_of,
    untyped,
    with_field,
    with_path,
)
from infracheck.kustomize.selectors import Selector
from infracheck.kustomize.strategic_merge import DIRECTIVE, Merger
from infracheck.source.errors import InfracheckError, LimitError, RenderError
from infracheck.source.values import Mapping, Scalar
from infracheck.source.yaml import Dialect, Excerpt, read_first

if TYPE_CHECKING:
    from infracheck.kustomize.loader import Loader
    from infracheck.kustomize.resource import Resource
    from infracheck.kustomize.resources import Resources
    from infracheck.kustomize.schema import SchemaBook
    from infracheck.kustomize.session import Session
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value


@dataclass(frozen=True)
class Patch:
    """One entry of `patches`.

    Attributes:
        objects: strategic merge patches; empty for a JSON patch.
        operations: the operations of a JSON patch; None for strategic merge patches.
        target: what it is for; None for the object it names itself.
        origin: the entry.
    """

    objects: tuple[Resource, ...]
    operations: tuple[Operation, ...] | None
    target: Selector | None
    origin: Origin

    def apply(self, resources: Resources, session: Session) -> None:
        """Change the objects it is for, under the schema of the session.

        Raises:
            RenderError: the target is missing or the patch does not fit it.
        """
        if self.operations is not None or not self.objects:
            # A text without any object is taken for a JSON patch, even where it can't be one.
            if self.target is None:
                raise RenderError("must specify a target for a JSON patch", self.origin)
            for resource in resources.select(self.target):
                if self.operations is None:
                    raise RenderError("not a JSON patch: expected a list of operations", self.origin)
                apply_json(resource, self.operations)
        elif self.target is None:
            for patch in self.objects:
                merge_into(resources.the_one(patch.original_id, patch.root.origin), patch, session.book, resources)
        else:
            for resource in resources.select(self.target):
                merge_into(resource, _for_target(self.objects[0], resource), session.book, resources)
            # Kustomize collects all objects anew here, those that the patch is not for as well.
            resources.require_distinct(self.origin)


def read_patch(entry: Mapping, loader: Loader) -> Patch:
    """An entry of `patches`, its text read from a file or from the entry itself.

    Raises:
        RenderError: it is neither, or both, or no patch at all.
    """
    excerpt = _patch_text(entry, loader)
    target = selector_of(entry.get("target")) if isinstance(entry.get("target"), Mapping) else None
    merges, operations, problem = _classify(excerpt)
    if merges is not None and operations is not None:
        raise RenderError("illegally qualifies as both a strategic merge and a JSON patch: it is empty", entry.origin)
    if merges is None and operations is None:
        assert problem is not None  # noqa: S101 - one of the two readings said why
        raise RenderError(
            f"neither a strategic merge nor a JSON patch: {problem.message}", problem.origin or entry.origin
        )
    if merges is not None:
        if target is not None and len(merges) > 1:
            raise RenderError(
                "multiple strategic merge patches in one entry can't have a target; give each an entry", entry.origin
            )
        for patch in merges:
            _allow_changes(patch, entry.get("options"))
    return Patch(tuple(merges or ()), operations, target, entry.origin)


def _patch_text(entry: Mapping, loader: Loader) -> Excerpt:
    inline, path = entry.get("patch"), entry.get("path")
    has_inline = bool(text_of(inline).strip())
    if not has_inline and not text_of(path):
        raise RenderError("must specify one of patch and path", entry.origin)
    if has_inline and text_of(path):
        raise RenderError("patch and path can't be set at the same time", entry.origin)
    if has_inline:
        assert isinstance(inline, Scalar)  # noqa: S101 - only scalars have text
        excerpt = Excerpt.of_scalar(inline)
        # White space around the text does not count: a document separator must not appear to follow a line.
        start = len(excerpt.text) - len(excerpt.text.lstrip())
        return excerpt.part(start, len(excerpt.text.rstrip()))
    assert path is not None  # noqa: S101 - its text is not empty
    return Excerpt.of_file(loader.read(text_of(path), path.origin))


def _classify(
    excerpt: Excerpt,
) -> tuple[list[Resource] | None, tuple[Operation, ...] | None, InfracheckError | None]:
    """The objects of a text, the operations of a text, and why it is not objects."""
    merges, operations, problem = None, None, None
    if not excerpt.text:
        return None, (), None
    try:
        merges = read_patch_objects(excerpt)
    except LimitError:
        raise
    except InfracheckError as cause:
        problem = cause
    try:
        operations = read_operations(excerpt)
    except LimitError:
        raise
    except InfracheckError as cause:
        problem = cause if problem is None or excerpt.text.lstrip().startswith(("[", "-")) else problem
    return merges, operations, problem


def read_patch_objects(excerpt: Excerpt) -> list[Resource]:
    """The objects of a text, their values on record as a patch."""
    found = read_resources(excerpt, as_patches=True)
    for patch in found:
        root = recorded(patch.root, "patch")
        assert isinstance(root, Mapping)  # noqa: S101 - a mapping stays one
        patch.root = root
    return found


def read_operations(excerpt: Excerpt) -> tuple[Operation, ...] | None:
    """The operations of a JSON patch in JSON or YAML 1.1; an empty text holds none; None for anything else.

    Raises:
        SyntaxProblem: it is not YAML.
    """
    is_json = excerpt.text.startswith("[")
    if is_json:
        try:
            json.loads(excerpt.text)
        except (ValueError, RecursionError):
            return None
    document = read_first(excerpt, Dialect.KUBECTL)
    value = document.value if document is not None else None
    if value is None or (isinstance(value, Scalar) and value.value is None):
        return ()
    return parse_operations(value, is_json=is_json)


def _allow_changes(patch: Resource, options: object) -> None:
    if isinstance(options, Mapping):
        for name in ("allowNameChange", "allowKindChange"):
            value = options.get(name)
            allowed = isinstance(value, Scalar) and value.value is True
            if name == "allowNameChange":
                patch.allow_name_change = allowed
            else:
                patch.allow_kind_change = allowed


def selector_of(entry: object) -> Selector:
    """A target selector as it is written."""
    assert isinstance(entry, Mapping)  # noqa: S101 - the shape of the kustomization says so
    name, namespace, labels, annotations = (
        text_of(entry.get(key)) for key in ("name", "namespace", "labelSelector", "annotationSelector")
    )
    return Selector(gvk_of(entry), name, namespace, labels, annotations, entry.origin)


def _for_target(patch: Resource, target: Resource) -> Resource:
    """The patch as it is merged into a selected object: of the object's version."""
    copy = with_text_entries(patch)
    api_version = target.root.fields.get("apiVersion")
    if not raw_text(api_version) or is_tagged_null(api_version):
        api_version = styled(untyped(raw_text(api_version), patch.root.origin), patch.root.fields.get("apiVersion"))
    copy.root = with_field(copy.root, "apiVersion", api_version)
    return copy


def with_text_entries(patch: Resource) -> Resource:
    """A patch whose labels and annotations are texts, and absent if there are none; a null is the text `null`.

    They are written anew in place of the first key of that name. Where it comes again, they go into what stands there.
    """
    copy = patch.copy()
    root = patch.root
    repeats = Repeats(patch.problems)
    for field in ("labels", "annotations"):
        metadata = get(root, "metadata")
        entries = get(metadata, field)
        if entries is None:
            continue
        texts: dict[str, Value] = {}
        keys: dict[str, Scalar] = {}
        if isinstance(entries, Mapping):
            keys = dict(entries.keys)
            texts = {key: _as_text(value) for key, value in entries.fields.items()}
        again = repeats.next(metadata, field) if isinstance(metadata, Mapping) else None
        rest = recorded(again.value, "patch") if again is not None and again.value is not None else None
        if isinstance(rest, Mapping):
            texts, keys = {**rest.fields, **texts}, {**rest.keys, **keys}
        new: Value | None = Mapping(texts, entries.origin, keys) if texts else rest
        root = with_path(root, ("metadata", field), new, entries.origin)
    copy.root = root
    copy.problems = tuple(one for one in patch.problems if one not in repeats.used)
    return copy


def _as_text(value: Value) -> Scalar:
    if isinstance(value, Scalar) and isinstance(value.value, str):
        return value
    text = raw_text(value)
    return Scalar(text, value.origin, text)


def merge_into(resource: Resource, patch: Resource, book: SchemaBook, resources: Resources) -> None:
    """Merge one patch into one object, which keeps its kind, name and namespace unless the patch may change them.

    Raises:
        RenderError: the patch does not fit the object.
    """
    before = resource.root
    repeats = Repeats((*resource.problems, *patch.problems))
    if patch.allow_name_change or patch.allow_kind_change:
        resource.remember_id()
    merged = Merger(book, repeats, again=resource.was_merged).merge(before, patch.root)
    if raw_text(patch.root.get(DIRECTIVE)) == "replace":
        # Kustomize keeps working on the object it had, so that nothing comes of replacing all of it.
        merged = before
    elif _takes_annotations(patch.root):
        resource.forget()
    if merged is None or not merged.fields:
        resources.items = [item for item in resources.items if item is not resource]
        return
    if not patch.allow_kind_change:
        kind = _restored(get(before, "kind"), get(merged, "kind"))
        merged = with_field(merged, "kind", kind)
    for key in ("namespace",) if patch.allow_name_change else ("name", "namespace"):
        value = _restored(get(before, "metadata", key), get(merged, "metadata", key))
        merged = with_path(merged, ("metadata", key), value, before.origin)
    resource.root = merged
    resource.was_merged = True
    if resource.problems or patch.problems:
        problems = (*resource.problems, *adopted(patch.problems, merged))
        resource.problems = tuple(one for one in problems if one not in repeats.used)
    resource.changes_in_flow = resource.changes_in_flow or patch.changes_in_flow


def _takes_annotations(patch: Mapping) -> bool:
    """Whether a patch deletes or replaces all annotations, and with them the notes that kustomize keeps there."""
    metadata = patch.get("metadata")
    annotations = get(metadata, "annotations")
    return is_tagged_null(annotations) or any(
        raw_text(get(one, DIRECTIVE)) in {"delete", "replace"} for one in (metadata, annotations)
    )


def _restored(old: Value | None, merged: Value | None) -> Value | None:
    """What stood before, put back as a text without a type into the style of what the patch left there."""
    if not isinstance(old, Scalar) or not text_of(old):
        return None
    style: Value | None = merged if isinstance(merged, Scalar) else old
    if merged is old and old.tag is None:
        # The merge has put what the patch does not speak of in the quotes it needs.
        style = quoted(old)
    new = styled(untyped(raw_text(old), old.origin), style)
    # A text that stays what it was needs no new node.
    return old if new == old or (merged is old and isinstance(new, Scalar) and new.value == old.value) else new


def apply_json(resource: Resource, operations: tuple[Operation, ...], *, remember: bool = True) -> None:
    """Apply a JSON patch to one object.

    Args:
        resource: the object.
        operations: the patch.
        remember: whether other objects may go on naming it as it was called before.

    Raises:
        RenderError: an operation can't be applied, or the object loses its kind or name.
    """
    if remember:
        resource.remember_id()
    resource.require_sound_keys()
    if resource.changes_in_flow:
        root = as_written(resource.root)
        assert isinstance(root, Mapping)  # noqa: S101 - a mapping stays one
        resource.root, resource.changes_in_flow = root, False
    root = apply_operations(_with_records(resource), operations)
    _require_identity(root, operations)
    annotations = get(root, "metadata", "annotations")
    records = resource.records
    if isinstance(annotations, Mapping):
        fields = {key: value for key, value in annotations.fields.items() if key not in records}
        annotations = Mapping(fields, annotations.origin, annotations.keys)
    elif records:
        annotations = None
    # The object was read anew: no node of it stands in two places any more.
    resource.shared = ()
    resource.root = with_path(root, ("metadata", "annotations"), annotations, root.origin)


def _with_records(resource: Resource) -> Mapping:
    """The object with kustomize's own annotations, which a patch may test, move and copy."""
    root, records = resource.root, resource.records
    metadata = get(root, "metadata")
    if not records or not isinstance(metadata, Mapping):
        return root
    annotations = get(metadata, "annotations")
    known = annotations if isinstance(annotations, Mapping) else Mapping({}, metadata.origin)
    noted = {key: string(text, metadata.origin) for key, text in records.items()}
    return with_path(
        root, ("metadata", "annotations"), Mapping({**known.fields, **noted}, known.origin, known.keys), root.origin
    )


def _require_identity(root: Mapping, operations: tuple[Operation, ...]) -> None:
    kind, name = get(root, "kind"), get(root, "metadata", "name")
    origin = operations[-1].origin if operations else root.origin
    if not text_of(kind):
        raise RenderError("missing kind in the object that the patch leaves", origin)
    if not text_of(name) and not text_of(kind).endswith("List"):
        raise RenderError("missing metadata.name in the object that the patch leaves", origin)
