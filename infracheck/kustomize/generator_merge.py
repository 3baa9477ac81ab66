"""What becomes of an object that a generator merges into, or replaces."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kustomize.nodes import get, is_null, text_of, with_field, with_path, written_string
from infracheck.source.values import Mapping, Scalar, Value

if TYPE_CHECKING:
    from infracheck.kustomize.resource import Resource


def merged(old: Resource, new: Resource) -> Resource:
    """The generated object under the name, namespace, labels and history of the one that was there.

    A hash is appended to its name only if both want it. With `behavior: merge` it keeps the old entries it doesn't set.
    """
    result = new.copy()
    root = new.root
    for field in ("labels", "annotations"):
        root = _joined(root, old.root, ("metadata", field))
    for key in ("name", "namespace"):
        root = with_path(root, ("metadata", key), _kept(get(old.root, "metadata", key)), root.origin)
    if new.behavior == "merge":
        root = _joined(_joined(root, old.root, ("data",)), old.root, ("binaryData",))
    result.root = root
    result.needs_hash = old.needs_hash and new.needs_hash
    result.previous, result.prefixes, result.suffixes = old.previous, old.prefixes, old.suffixes
    result.variables = old.variables
    result.changed_by = old.changed_by
    if new.behavior == "merge":
        result.made_by = old.made_by
    return result


def _kept(value: Value | None) -> Value | None:
    return None if is_null(value) or not text_of(value) else value


def _joined(root: Mapping, old: Mapping, path: tuple[str, ...]) -> Mapping:
    """Entries of the old object and of the new one, which wins; as text."""
    before, after = get(old, *path), get(root, *path)
    fields: dict[str, Value] = {}
    for source in (before, after):
        if isinstance(source, Mapping):
            for key, value in source.fields.items():
                earlier = fields.get(key)
                fields[key] = _as_string(value, earlier if source is after else None)
    if not fields:
        return _without(root, path)
    joined = Mapping(dict(sorted(fields.items())), after.origin if after is not None else root.origin)
    return with_path(root, path, joined, root.origin)


def _without(root: Mapping, path: tuple[str, ...]) -> Mapping:
    if len(path) == 1:
        return with_field(root, path[0], None)
    inner = root.fields.get(path[0])
    return with_field(root, path[0], with_field(inner, path[1], None)) if isinstance(inner, Mapping) else root


def _as_string(value: Value, earlier: Value | None) -> Value:
    text = text_of(value)
    origin = value.origin if not isinstance(earlier, Scalar) else value.origin._replace(overrode=earlier.origin)
    new = written_string(text, origin)
    if isinstance(value, Scalar) and isinstance(value.value, str) and earlier is None:
        return Scalar(value.value, origin, value.text, new.style, None, value.type, value.sensitive)
    return new
