"""Replacements: values copied from one object into others (`api/filters/replacement`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kustomize.affixes import composed_parts
from infracheck.kustomize.configuration import elements, gvk_of
from infracheck.kustomize.field_paths import MAPPING, SCALAR, SEQUENCE, PathWriter, look_up, split_dotted
from infracheck.kustomize.identity import DEFAULT_NAMESPACE, Gvk, ResourceId
from infracheck.kustomize.nodes import is_null, raw_text, text_of, untyped, with_text
from infracheck.kustomize.selectors import matches_labels
from infracheck.source.errors import RenderError
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Scalar, Sequence, Value

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kustomize.resource import Resource
    from infracheck.kustomize.resources import Resources

DEFAULT_PATH = "metadata.name"


def replace_values(resources: Resources, entries: list[Mapping]) -> None:
    """Make all replacements, in order; later ones see what earlier ones did.

    Raises:
        RenderError: a source or target is missing, ambiguous or of the wrong shape.
    """
    for entry in entries:
        source, targets = entry.get("source"), entry.get("targets")
        if not isinstance(source, Mapping) or targets is None:
            raise RenderError("replacements must specify a source and at least one target", entry.origin)
        read = _source_of(resources, source)
        for target in elements(targets):
            _replace_in(resources, read, target)


def _source_of(resources: Resources, source: Mapping) -> Callable[[], Value]:
    """What reads the source: before every write, for a target may be the source itself. A part of it is read once."""
    wanted = _id_of(source)
    found = [one for one in resources if any(_selects(wanted, known) for known in one.all_ids)]
    if len(found) != 1:
        message = f"multiple matches for selector {wanted}" if found else f"nothing selected by {wanted}"
        raise RenderError(message, source.origin)
    path = source.get("fieldPath")
    text = text_of(path) or DEFAULT_PATH
    origin = (path or source).origin

    first = look_up(found[0].root, split_dotted(text), origin)
    if first is None or is_null(first) or _is_empty(first):
        raise RenderError(f"fieldPath `{text}` is missing for replacement source {found[0].id}", origin)

    def read() -> Value:
        # A write may change what the path looks for; kustomize holds on to the node that it found.
        try:
            return look_up(found[0].root, split_dotted(text), origin) or first
        except RenderError:
            return first

    options = source.get("options")
    part = _part_of(first, options, origin)
    return (lambda: part) if _delimiter(options)[0] else read


def _is_empty(value: Value) -> bool:
    if isinstance(value, Mapping):
        return not value.fields
    return isinstance(value, Sequence) and not value.items


def _part_of(value: Value, options: Value | None, origin: Origin) -> Value:
    delimiter, index = _delimiter(options)
    if not delimiter:
        return value
    if not isinstance(value, Scalar):
        raise RenderError("delimiter option can only be used with scalar nodes", origin)
    parts = raw_text(value).split(delimiter)
    if not 0 <= index < len(parts):
        raise RenderError(f"options.index {index} is out of bounds for value {raw_text(value)}", origin)
    return with_text(value, parts[index], value.origin)


def _delimiter(options: Value | None) -> tuple[str, int]:
    if not isinstance(options, Mapping):
        return "", 0
    index = options.get("index")
    return text_of(options.get("delimiter")), int(raw_text(index), 0) if index is not None else 0


def _id_of(selector: Value | None) -> ResourceId:
    if not isinstance(selector, Mapping):
        return ResourceId(Gvk(), "")
    return ResourceId(gvk_of(selector), text_of(selector.get("name")), text_of(selector.get("namespace")))


def _selects(wanted: ResourceId, known: ResourceId) -> bool:
    """Whether a selector names an object. Replacements don't know what is cluster-scoped: it is in `default` here."""
    return (
        wanted.name in {"", known.name}
        and wanted.namespace in {"", known.namespace or DEFAULT_NAMESPACE}
        and wanted.gvk.selects(known.gvk)
    )


def _replace_in(resources: Resources, read: Callable[[], Value], target: Mapping) -> None:
    select = target.get("select")
    if not isinstance(select, Mapping):
        raise RenderError("target must specify resources to select", target.origin)
    wanted = _id_of(select)
    rejected = elements(target.get("reject"))
    for resource in resources:
        if not _labels_match(resource, select) or any(_rejects_labels(one, resource) for one in rejected):
            continue
        ids = resource.all_ids
        if any(_selects(wanted, known) for known in ids) and not any(_rejects_id(one, ids) for one in rejected):
            _write(resource, read, target)


def _labels_match(resource: Resource, selector: Mapping) -> bool:
    return matches_labels(text_of(selector.get("annotationSelector")), resource.annotations, selector.origin) and (
        matches_labels(text_of(selector.get("labelSelector")), resource.labels, selector.origin)
    )


def _rejects_labels(reject: Mapping, resource: Resource) -> bool:
    if not text_of(reject.get("annotationSelector")) and not text_of(reject.get("labelSelector")):
        return False
    return _labels_match(resource, reject)


def _rejects_id(reject: Mapping, ids: tuple[ResourceId, ...]) -> bool:
    unwanted = _id_of(reject)
    is_empty = not any((*unwanted.gvk, unwanted.name, unwanted.namespace))
    return not is_empty and any(_selects(unwanted, known) for known in ids)


def _write(resource: Resource, read: Callable[[], Value], target: Mapping) -> None:
    options = target.get("options")
    creates = isinstance(options, Mapping) and _is_true(options.get("create"))
    for path, origin in _field_paths(target):
        value = read()
        kind = SCALAR if isinstance(value, Scalar) else MAPPING if isinstance(value, Mapping) else SEQUENCE
        create = kind if creates else None
        writer = PathWriter(split_dotted(path), lambda old: _replaced(old, value, options, origin), create, origin)  # noqa: B023 - used before the loop goes on
        root = writer.write(resource.root)
        if not writer.count:
            raise RenderError(f'unable to find field "{path}" in replacement target {resource.id}', origin)
        assert isinstance(root, Mapping)  # noqa: S101 - a mapping stays one
        resource.root = root


def _is_true(value: Value | None) -> bool:
    return isinstance(value, Scalar) and value.value is True


def _field_paths(target: Mapping) -> list[tuple[str, Origin]]:
    paths = target.get("fieldPaths")
    listed = [(raw_text(path), path.origin) for path in paths.items] if isinstance(paths, Sequence) else []
    return listed or [(DEFAULT_PATH, target.origin)]


def _replaced(old: Value, value: Value, options: Value | None, origin: Origin) -> Value:
    delimiter, index = _delimiter(options)
    if not isinstance(old, Scalar):
        if delimiter:
            raise RenderError("delimiter option can only be used with scalar nodes", origin)
        return value
    source = value.origin
    made = source._replace(
        step="replacement", via=(*source.via, Origin(origin.span, "replacement")), overrode=old.origin
    )
    if not delimiter:
        return _with_text(old, raw_text(value), made, origin)
    parts = raw_text(old).split(delimiter)
    text = text_of(value)
    if index < 0:
        parts.insert(0, text)
    elif index >= len(parts):
        parts.append(text)
    else:
        parts[index] = text
    whole = made._replace(parts=(*composed_parts(old), source))
    return _with_text(old, delimiter.join(parts), whole, origin)


def _with_text(old: Scalar, text: str, made: Origin, origin: Origin) -> Scalar:
    """A new text for a scalar, which keeps its kind; one that was only just made is what its text looks like."""
    if old.origin is origin:
        return untyped(text, made._replace(overrode=None))
    return with_text(old, text, made)
