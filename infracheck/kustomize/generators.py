"""ConfigMaps and Secrets generated from literals, env files and files (`api/internal/generators`, `api/kv`)."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from infracheck.kustomize.labels import untyped_keys
from infracheck.kustomize.nodes import string, text_of, written_string
from infracheck.kustomize.resource import Resource
from infracheck.source.errors import ReadError, RenderError
from infracheck.source.files import Span
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Scalar, Sequence, Value
from infracheck.source.yaml import Excerpt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kustomize.loader import Loader

STEP = "generator"
LINE = 70
"""Base64 longer than this is broken into lines of as many characters."""
BEHAVIORS = frozenset({"create", "merge", "replace"})


class Pair(NamedTuple):
    """One entry of the data.

    Attributes:
        key: its name.
        content: its bytes.
        origin: what decides its content.
    """

    key: str
    content: bytes
    origin: Origin


def generate(kind: str, entry: Mapping, global_options: Value | None, loader: Loader) -> Resource:
    """The ConfigMap or Secret that an entry of a kustomization describes.

    Raises:
        RenderError: a source is missing or malformed, or a key comes twice.
    """
    name = entry.get("name")
    if not text_of(name) or not isinstance(name, Scalar):
        raise RenderError(f"a {kind} generator must have a name", entry.origin)
    origin = entry.origin._replace(step=STEP)
    metadata: dict[str, Value] = {"name": string(text_of(name), _generated(name))}
    namespace = entry.get("namespace")
    if isinstance(namespace, Scalar) and text_of(namespace):
        metadata["namespace"] = string(text_of(namespace), _generated(namespace))
    fields: dict[str, Value] = {
        "apiVersion": string("v1", origin),
        "kind": string(kind, origin),
        "metadata": Mapping(metadata, origin),
    }
    pairs = list(_pairs(entry, loader))
    _require_distinct(pairs, kind, text_of(name))
    fields |= _secret_fields(entry, pairs, origin) if kind == "Secret" else _config_map_fields(pairs, origin)
    options = _options(entry.get("options"), global_options)
    for key, pairs_of in (("labels", options.labels), ("annotations", options.annotations)):
        if pairs_of:
            metadata[key] = Mapping(dict(sorted(pairs_of.items())), origin)
    if options.immutable is not None:
        fields["immutable"] = Scalar(True, options.immutable._replace(step=STEP), "true")
    behavior = text_of(entry.get("behavior"))
    content = [fields.get("data"), fields.get("binaryData"), metadata.get("labels"), metadata.get("annotations")]
    return Resource(
        Mapping(fields, origin),
        problems=tuple(one for data in content if isinstance(data, Mapping) for one in untyped_keys(data)),
        needs_hash=not options.plain_name,
        is_generated=True,
        behavior=behavior if behavior in BEHAVIORS else "create",
    )


def _generated(node: Scalar) -> Origin:
    return node.origin._replace(step=STEP)


def _config_map_fields(pairs: list[Pair], origin: Origin) -> dict[str, Value]:
    data: dict[str, Value] = {}
    binary: dict[str, Value] = {}
    for pair in sorted(pairs):
        try:
            data[pair.key] = written_string(pair.content.decode("utf-8"), pair.origin)
        except UnicodeDecodeError:
            binary[pair.key] = written_string(wrapped_base64(pair.content), pair.origin)
    fields: dict[str, Value] = {}
    if data:
        fields["data"] = Mapping(data, origin)
    if binary:
        fields["binaryData"] = Mapping(binary, origin)
    return fields


def _secret_fields(entry: Mapping, pairs: list[Pair], origin: Origin) -> dict[str, Value]:
    data: dict[str, Value] = {
        pair.key: written_string(wrapped_base64(pair.content), pair.origin) for pair in sorted(pairs)
    }
    kind = entry.get("type")
    typed = string(text_of(kind), _generated(kind)) if isinstance(kind, Scalar) and text_of(kind) else None
    return {"type": typed or string("Opaque", origin), "data": Mapping(data, origin)}


def wrapped_base64(content: bytes) -> str:
    """Base64 in lines of 70 characters, if it needs more than one."""
    text = base64.b64encode(content).decode("ascii")
    if len(text) <= LINE:
        return text
    return "".join(text[at : at + LINE] + "\n" for at in range(0, len(text), LINE))


@dataclass(slots=True)
class _Options:
    """What `options` and `generatorOptions` say together."""

    labels: dict[str, Value] = field(default_factory=dict)
    annotations: dict[str, Value] = field(default_factory=dict)
    immutable: Origin | None = None
    plain_name: bool = False


def _options(local: Value | None, everywhere: Value | None) -> _Options:
    """Labels and annotations, local ones winning, and flags that are set if either sets them."""
    merged = _Options()
    for options in (everywhere, local):
        if not isinstance(options, Mapping):
            continue
        for name, into in (("labels", merged.labels), ("annotations", merged.annotations)):
            pairs = options.get(name)
            if isinstance(pairs, Mapping):
                for key, value in pairs.fields.items():
                    into[key] = written_string(text_of(value), value.origin._replace(step=STEP))
        if _is_true(options.get("immutable")):
            merged.immutable = options.fields["immutable"].origin
        merged.plain_name = merged.plain_name or _is_true(options.get("disableNameSuffixHash"))
    return merged


def _is_true(value: Value | None) -> bool:
    return isinstance(value, Scalar) and value.value is True


def _require_distinct(pairs: list[Pair], kind: str, name: str) -> None:
    seen: dict[str, Pair] = {}
    for pair in pairs:
        if pair.key in seen:
            where = seen[pair.key].origin.span
            raise RenderError(
                f"{kind.lower()} {name} illegally repeats the key `{pair.key}` (first at {where})", pair.origin
            )
        seen[pair.key] = pair


def _pairs(entry: Mapping, loader: Loader) -> Iterator[Pair]:
    for node in _texts(entry, "envs"):
        yield from _env_pairs(node, loader)
    for node in _texts(entry, "literals"):
        yield _literal_pair(node)
    for node in _texts(entry, "files"):
        yield _file_pair(node, loader)


def _texts(entry: Mapping, field: str) -> list[Scalar]:
    value = entry.get(field)
    return [item for item in value.items if isinstance(item, Scalar)] if isinstance(value, Sequence) else []


def _literal_pair(node: Scalar) -> Pair:
    text = text_of(node)
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise RenderError(f"invalid literal source {text!r}, expected key=value", node.origin)
    start = len(key) + 1
    if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
        value, start = value[1:-1], start + 1
    span = Excerpt.of_scalar(node).span(start, start + len(value))
    if not span.text or (span.text != value and span.text not in node.origin.span.text):
        span = node.origin.span
    return Pair(key, value.encode("utf-8", "surrogatepass"), Origin(span, STEP))


def _file_pair(node: Scalar, loader: Loader) -> Pair:
    text = text_of(node)
    key, equals, path = text.partition("=")
    if not equals:
        key, path = text.rsplit("/", 1)[-1], text
    if not key:
        raise RenderError(f"the key name for the file path '{path}' is missing", node.origin)
    if not path:
        raise RenderError(f"the file path for the key '{key}' is missing", node.origin)
    if "=" in path:
        raise RenderError("key names or file paths cannot contain '='", node.origin)
    content = loader.read_bytes(path, node.origin)
    origin = Origin(node.origin.span, STEP)
    if content:
        try:
            file = loader.read(path, node.origin)
            origin = Origin(Span(file, 0, len(file.text)), STEP, via=(Origin(node.origin.span, STEP),))
        except (RenderError, ReadError):
            # Not text: the line that names the file is all there is to point at.
            pass
    return Pair(key, content, origin)


def _env_pairs(node: Scalar, loader: Loader) -> Iterator[Pair]:
    path = text_of(node)
    content = loader.read_bytes(path, node.origin)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise RenderError(f"'{path}' has invalid UTF-8 bytes", node.origin) from problem
    file = loader.read(path, node.origin)
    start = 0
    via = (Origin(node.origin.span, STEP),)
    for line in text.removeprefix("\ufeff").split("\n"):
        place, start = start, start + len(line) + 1
        bare = line.removesuffix("\r")
        stripped = bare.lstrip()
        if not stripped or stripped.startswith("#"):
            continue
        key, equals, value = stripped.partition("=")
        if not key:
            continue
        place += len(bare) - len(stripped)
        begin = place + len(key) + 1 if equals and value else place
        yield Pair(key, value.encode(), Origin(Span(file, begin, place + len(stripped)), "env file", via=via))
