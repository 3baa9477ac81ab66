"""JSON patches (RFC 6902) with the habits of the library kustomize uses (`evanphx/json-patch` v4), on value trees.

`replace` adds what is missing, negative indices count from the end, and a path without a leading slash loses its first
segment. The whole object passes through JSON on the way, where every number is a 64-bit float.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.kustomize.folding import QUOTES, refolded, require_readable
from infracheck.kustomize.json_equality import same
from infracheck.kustomize.nodes import (
    float_text,
    recorded,
    require_sound,
    scalar_text,
    string,
    text_of,
    with_field,
    with_items,
)
from infracheck.kustomize.scalar_style import style_of
from infracheck.source.errors import LimitError, RenderError
from infracheck.source.values import Mapping, Scalar, Sequence, Value, walk
from infracheck.source.yaml.dialect import whole

if TYPE_CHECKING:
    from infracheck.source.origin import Origin

OPERATIONS = ("add", "remove", "replace", "move", "copy", "test")
INTEGER = re.compile(r"[-+]?[0-9]{1,18}\Z")
MAX_SIZE = 200_000
"""Nodes an object may have after a patch: copies can double it with every operation (CVE-2019-1002100)."""


@dataclass(frozen=True)
class Operation:
    """One step of a patch.

    Attributes:
        op: what to do.
        path: where, as written.
        source: the `from` of move and copy.
        value: the value of add, replace and test.
        origin: the operation as a whole.
        place: the line to change for what it sets or takes away: that of its value, else of its path.
        has_value: whether a value is written at all.
        has_path: whether a path is.
        is_json: whether the patch is JSON rather than YAML.
    """

    op: str
    path: str
    source: str
    value: Value
    origin: Origin
    place: Origin
    has_value: bool = True
    has_path: bool = True
    is_json: bool = False


def parse_operations(value: Value | None, *, is_json: bool) -> tuple[Operation, ...] | None:
    """The operations of a patch in JSON or YAML, or None if it isn't one: a list of mappings."""
    if not isinstance(value, Sequence):
        return None
    operations = []
    for item in value.items:
        if not isinstance(item, Mapping):
            return None
        null = Scalar(None, item.origin, "null")
        operations.append(
            Operation(
                text_of(item.get("op")),
                text_of(item.get("path")),
                text_of(item.get("from")),
                through_json(recorded(item.get("value") or null, "json6902")),
                item.origin,
                item.key_origin("value" if "value" in item.fields else "path")._replace(step="json6902"),
                "value" in item.fields,
                "path" in item.fields,
                is_json,
            )
        )
    return tuple(operations)


def apply_operations(root: Mapping, operations: tuple[Operation, ...]) -> Mapping:
    """The object after all operations.

    Raises:
        RenderError: one of them can't be applied, or a test fails.
        LimitError: the object grows out of bounds.
    """
    root_value = through_json(root)
    assert isinstance(root_value, Mapping)  # noqa: S101 - a mapping stays one
    for operation in operations:
        root_value = _apply(root_value, operation)
        if operation.op == "copy" and sum(1 for _ in walk(root_value)) > MAX_SIZE:
            raise LimitError(f"the patch makes the object larger than {MAX_SIZE:,} values", operation.origin)
    return root_value


def through_json(value: Value) -> Value:
    """A tree as it comes back from Go's JSON: numbers as floats, quotes only where they are needed.

    Raises:
        RenderError: a text is not what its tag says.
    """
    if isinstance(value, Mapping):
        fields = {key: through_json(item) for key, item in value.fields.items()}
        if all(fields[key] is item for key, item in value.fields.items()):
            return value
        return Mapping(fields, value.origin, value.keys)
    if isinstance(value, Sequence):
        items = [through_json(item) for item in value.items]
        if all(new is old for new, old in zip(items, value.items, strict=True)):
            return value
        return with_items(value, items)
    return _scalar_through_json(value) if isinstance(value, Scalar) else value


def _scalar_through_json(scalar: Scalar) -> Scalar:
    require_sound(scalar)
    require_readable(scalar)
    value = scalar.value
    if isinstance(value, str):
        if scalar.style == ">":
            value = refolded(value)
        if scalar.style in QUOTES:
            # What comes from JSON has no quotes yet.
            require_readable(Scalar(value, scalar.origin, value))
        style = style_of(value)
        if scalar.text == value and scalar.style == style and scalar.tag is None:
            return scalar
        return Scalar(value, scalar.origin, value, style)
    if isinstance(value, int | float) and not isinstance(value, bool):
        text = float_text(float(value))
        value = whole(float(value)) if float(value).is_integer() else value
    else:
        text = scalar_text(value)
    if scalar.text == text and not scalar.style and scalar.tag is None and value == scalar.value:
        return scalar
    return Scalar(value, scalar.origin, text)


def _apply(root: Mapping, operation: Operation) -> Mapping:
    if operation.op not in OPERATIONS:
        raise RenderError(f"unexpected operation `{operation.op}`; one of {', '.join(OPERATIONS)}", operation.origin)
    if not operation.has_path:
        raise RenderError(f"the {operation.op} operation needs a path", operation.origin)
    if operation.op == "replace" and not operation.path and not isinstance(operation.value, Sequence):
        # Without a path the value is the whole object; plain values are passed over.
        return operation.value if isinstance(operation.value, Mapping) else root
    keys = _keys(operation.path, operation)
    if operation.op == "test":
        _test(root, keys, operation)
        return root
    if operation.op == "remove":
        return _changed(root, keys, operation, _remove)
    if operation.op in {"move", "copy"}:
        source = _keys(operation.source, operation)
        value = _lookup(root, source, operation)
        if value is None and operation.op == "move":
            raise RenderError(f"nothing to move at `{operation.source}`", operation.origin)
        # A copy of nothing is a null.
        value = value or Scalar(None, operation.origin, "null")
        if operation.op == "move":
            root = _changed(root, source, operation, _remove)
    else:
        value = operation.value

    def put(container: Value, key: str, operation: Operation) -> Value:
        return (
            _replace(container, key, value, operation)
            if operation.op == "replace"
            else _add(container, key, value, operation)
        )

    return _changed(root, keys, operation, put)


def _keys(path: str, operation: Operation) -> list[str]:
    parts = path.split("/")
    if len(parts) < 2:
        raise RenderError(f"`{path}` is not a path: begin it with `/`", operation.origin)
    return [part.replace("~1", "/").replace("~0", "~") for part in parts[1:]]


def _lookup(value: Value | None, keys: list[str], operation: Operation) -> Value | None:
    for index, key in enumerate(keys):
        last = index == len(keys) - 1
        if isinstance(value, Mapping):
            value = value.fields.get(key)
        elif isinstance(value, Sequence):
            value = value.items[_index(value, key, operation)]
        else:
            raise _missing(operation)
        if value is None and not last:
            raise _missing(operation)
    return value


def _changed(root: Mapping, keys: list[str], operation: Operation, change: object) -> Mapping:
    new = _descend(root, keys, operation, change)
    assert isinstance(new, Mapping)  # noqa: S101 - a mapping stays one
    return new


def _descend(value: Value, keys: list[str], operation: Operation, change: object) -> Value:
    key = keys[0]
    if not isinstance(value, Mapping | Sequence):
        raise _missing(operation)
    if len(keys) == 1:
        return change(value, key, operation)  # type: ignore[operator,no-any-return]
    if isinstance(value, Mapping):
        below = value.fields.get(key)
        if below is None:
            raise _missing(operation)
        return with_field(value, key, _descend(below, keys[1:], operation, change))
    index = _index(value, key, operation)
    items = list(value.items)
    items[index] = _descend(items[index], keys[1:], operation, change)
    return with_items(value, items)


def _missing(operation: Operation) -> RenderError:
    return RenderError(
        f"the {operation.op} operation does not apply: nothing stands above `{operation.path}`", operation.origin
    )


def _index(sequence: Sequence, key: str, operation: Operation, length: int | None = None) -> int:
    """An index that exists, negative ones counted from the end."""
    length = len(sequence.items) if length is None else length
    if not INTEGER.match(key):
        raise RenderError(f"`{key}` in `{operation.path}` is not an index of a list", operation.origin)
    index = int(key)
    if not -length <= index < length:
        raise RenderError(
            f"index {index} in `{operation.path}` is out of range of a list of {len(sequence.items)}", operation.origin
        )
    return index + length if index < 0 else index


def _remove(container: Value, key: str, operation: Operation) -> Value:
    if isinstance(container, Mapping):
        if key not in container.fields:
            raise RenderError(f"cannot remove `{operation.path}`: it does not exist", operation.origin)
        # What is taken away is nowhere in the result; its key says who took it.
        gone = string(key, operation.place.overriding(container.fields[key].origin))
        rest = with_field(container, key, None)
        return Mapping(rest.fields, rest.origin, {**rest.keys, key: gone}, rest.type, rest.sensitive)
    assert isinstance(container, Sequence)  # noqa: S101 - `_descend` checked
    index = _index(container, key, operation)
    return with_items(container, (*container.items[:index], *container.items[index + 1 :]))


def _add(container: Value, key: str, value: Value, operation: Operation) -> Value:
    if isinstance(container, Mapping):
        return _put(container, key, value, operation)
    assert isinstance(container, Sequence)  # noqa: S101 - `_descend` checked
    if key == "-":
        return with_items(container, (*container.items, value))
    index = _index(container, key, operation, len(container.items) + 1)
    return with_items(container, (*container.items[:index], value, *container.items[index:]))


def _replace(container: Value, key: str, value: Value, operation: Operation) -> Value:
    if isinstance(container, Mapping):
        return _put(container, key, value, operation)
    assert isinstance(container, Sequence)  # noqa: S101 - `_descend` checked
    index = _index(container, key, operation)
    items = list(container.items)
    items[index] = _over(value, items[index])
    return with_items(container, items)


def _put(container: Mapping, key: str, value: Value, operation: Operation) -> Mapping:
    """The mapping with a value of the patch, whose key is from now on that of the patch."""
    return with_field(container, key, _over(value, container.fields.get(key)), string(key, operation.place))


def _over(value: Value, old: Value | None) -> Value:
    if not (isinstance(value, Scalar) and isinstance(old, Scalar)):
        return value
    return Scalar(value.value, value.origin._replace(overrode=old.origin), value.text, value.style, value.tag)


def _test(root: Mapping, keys: list[str], operation: Operation) -> None:
    if not operation.has_value:
        raise RenderError("a test operation needs a value", operation.origin)
    found = _lookup(root, keys, operation)
    if not same(found, operation.value, exact=operation.is_json):
        raise RenderError(f"testing value {operation.path} failed", operation.origin)
