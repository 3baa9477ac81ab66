"""The suffix that tells two contents of a ConfigMap or Secret apart (`api/hasher`)."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from infracheck.kustomize.affixes import composed, composed_parts
from infracheck.kustomize.folding import NEXT_LINE, unbroken
from infracheck.kustomize.nodes import get, raw_text, string, styled, with_path
from infracheck.source.values import Mapping, Scalar, Value

if TYPE_CHECKING:
    from infracheck.kustomize.resource import Resource
    from infracheck.kustomize.resources import Resources

ENCODED = str.maketrans("0 1 3 a e".replace(" ", ""), "g h k m t".replace(" ", ""))
"""Digits that could spell words, or be read as others, are exchanged."""
LENGTH = 10


def append_hashes(resources: Resources) -> None:
    """Append the hash of its content to the name of every object that wants it."""
    for resource in resources:
        if resource.needs_hash:
            _append_hash(resource)


def _append_hash(resource: Resource) -> None:
    old = resource.name_node()
    if old is None:
        return
    resource.remember_id()
    name = f"{raw_text(old)}-{content_hash(resource)}"
    content = get(resource.root, "data") or get(resource.root, "binaryData") or resource.root
    part = content.origin._replace(step="hash")
    origin = composed(old.origin, (*composed_parts(old), part), old)
    resource.root = with_path(resource.root, ("metadata", "name"), styled(string(name, origin), old), origin)


def content_hash(resource: Resource) -> str:
    """The hash of an object's content."""
    root, kind = resource.root, resource.kind
    if kind == "ConfigMap":
        content = {"data": _content(root, "data"), "kind": kind, "name": ""}
        optional = "binaryData"
    elif kind == "Secret":
        content = {"data": _content(root, "data"), "kind": kind, "name": "", "type": _content(root, "type")}
        optional = "stringData"
    else:
        content, optional = root.to_plain(), ""
    extra = get(root, optional) if optional else None
    if isinstance(extra, Mapping):
        content[optional] = extra.to_plain()
    digest = hashlib.sha256(go_json(_read_again(content)).encode("utf-8", "surrogatepass")).hexdigest()
    return digest[:LENGTH].translate(ENCODED)


def _content(root: Mapping, key: str) -> Any:
    value: Value | None = root.fields.get(key)
    if isinstance(value, Scalar):
        return raw_text(value)
    return value.to_plain() if value is not None else ""


def _read_again(content: Any) -> Any:
    """Content as kustomize reads it from the JSON that it wrote: breaks of the kind U+0085 are folded."""
    if isinstance(content, dict):
        return {key: _read_again(item) for key, item in content.items()}
    if isinstance(content, list):
        return [_read_again(item) for item in content]
    return unbroken(content) if isinstance(content, str) and NEXT_LINE in content else content


def go_json(content: Any) -> str:
    """JSON as Go writes it: sorted keys, no spaces, characters that HTML gives a meaning escaped."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
