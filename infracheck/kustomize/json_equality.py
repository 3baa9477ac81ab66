"""Whether two values are the same to a `test` operation.

A patch in JSON is taken as it is written, and compared character by character with what Go makes of the object. So
`1.0` is not `1`, and a text with `<`, `>` or `&`, which Go writes as escapes, is only found where it is escaped. A
patch in YAML is written by Go first, which evens that out.
"""

from __future__ import annotations

import json
import re

from infracheck.kustomize.nodes import json_number
from infracheck.source.values import Mapping, Scalar, Sequence, Value

ESCAPED = re.compile("[<>&\u2028\u2029]")
"""What Go escapes in JSON, so that a browser takes none of it for HTML or for the end of a line."""


def same(found: Value | None, wanted: Value, *, exact: bool) -> bool:
    """Whether the value of a `test` operation is what was found.

    Args:
        found: what stands in the object; None for nothing.
        wanted: the value of the operation.
        exact: whether the patch is JSON.
    """
    if isinstance(found, Mapping) and isinstance(wanted, Mapping):
        return found.fields.keys() == wanted.fields.keys() and all(
            same(found.fields[key], wanted.fields[key], exact=exact) for key in found.fields
        )
    if isinstance(found, Sequence) and isinstance(wanted, Sequence):
        pairs = zip(found.items, wanted.items, strict=False)
        return len(found.items) == len(wanted.items) and all(same(a, b, exact=exact) for a, b in pairs)
    actual, content = _plain(found), _plain(wanted)
    if isinstance(actual, bool) != isinstance(content, bool) or actual != content:
        return False
    return not exact or not isinstance(found, Scalar) or not isinstance(wanted, Scalar) or _written_alike(found, wanted)


def _plain(value: Value | None) -> object:
    return value.to_plain() if value is not None else None


def _written_alike(found: Scalar, wanted: Scalar) -> bool:
    token = wanted.origin.span.text
    try:
        is_token = bool(json.loads(token) == wanted.value)
    except ValueError:
        is_token = False
    if not is_token or _is_of_same_patch(found, wanted):
        return True
    return token == _go_json(found)


def _is_of_same_patch(found: Scalar, wanted: Scalar) -> bool:
    return found.origin.step == wanted.origin.step and found.origin.span.file is wanted.origin.span.file


def _go_json(scalar: Scalar) -> str:
    """A value as Go's encoder writes it."""
    value = scalar.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return json_number(float(value))
    text = json.dumps(value, ensure_ascii=False)
    return ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
