"""Whether the text that an origin points at really holds what came of it."""

from __future__ import annotations

import base64
import binascii
import math
import re
from typing import TYPE_CHECKING

from infracheck.source.values import Mapping, Scalar, Sequence, Value
from infracheck.source.yaml.dialect import Dialect, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kustomize import Rendering
    from infracheck.kustomize.rendering import RenderedObject
    from infracheck.source.origin import Origin

NOISE = re.compile(r"[\s'\"\\]+")
ESCAPE = re.compile(r"\\(?:[xuU]([0-9a-fA-F]{2,8})|[ntr])")
HASH = re.compile(r"-[a-z0-9]{10}\Z")
GENERATED = {"apiVersion": "v1", "type": "Opaque"}
"""What a generator adds by itself, beside the kind."""
BY_BUILD_METADATA = ("originAnnotations", "transformerAnnotations", "managedByLabel")
"""What `buildMetadata` is told; the line to change for what it adds is that field."""


def leaves(value: Value, path: str = "") -> Iterator[tuple[str, Scalar]]:
    """Every scalar with its path."""
    if isinstance(value, Mapping):
        for key, item in value.fields.items():
            yield from leaves(item, f"{path}.{key}" if path else key)
    elif isinstance(value, Sequence):
        for index, item in enumerate(value.items):
            yield from leaves(item, f"{path}[{index}]")
    elif isinstance(value, Scalar):
        yield path, value


def unexplained(rendering: Rendering) -> list[str]:
    """The scalars whose origins do not hold their text."""
    return [
        f"{one.kind}/{one.name} {path}: {scalar.value!r} is not in {scalar.origin}: {_texts(scalar.origin)}"
        for one in rendering.objects
        for path, scalar in leaves(one.root)
        if not is_explained(one, path, scalar)
    ]


def is_explained(holder: RenderedObject, path: str, scalar: Scalar) -> bool:
    """Whether a scalar's text is found where its origin points."""
    origin = scalar.origin
    if origin.parts:
        return _is_composed(str(scalar.value), origin.parts)
    if any(option in origin.span.text for option in BY_BUILD_METADATA):
        return path.startswith(("metadata.annotations.", "metadata.labels."))
    if origin.step == "generator" and path.startswith("binaryData."):
        return path.removeprefix("binaryData.") in origin.span.text
    if origin.step == "generator" and (path == "kind" or GENERATED.get(path) == scalar.value):
        return origin.span.text == scalar.value or "name" in origin.span.text
    return holds(origin.span.text, scalar) or (holder.kind == "Secret" and _holds_decoded(origin, scalar))


def holds(text: str, scalar: Scalar) -> bool:
    """Whether a source text holds a value, as it is or in another notation."""
    value = scalar.value
    if value is None or value == "":
        return True
    if isinstance(value, str) and _bare(value) in _bare(text):
        return True
    if not isinstance(value, str) and _is_number_of(text.strip("\"' \n"), value):
        return True
    word = re.sub(r"^(?:[!&]\S*\s+)*", "", text).strip("\"' \n")
    readings = [plain(word, dialect) for dialect in Dialect]
    return any(type(one) is type(value) and one == value for one in readings) or str(value) in map(str, readings)


def _is_number_of(text: str, value: object) -> bool:
    try:
        return isinstance(value, int | float) and math.isclose(float(text), value)
    except ValueError:
        return False


def _holds_decoded(origin: Origin, scalar: Scalar) -> bool:
    try:
        content = base64.b64decode("".join(str(scalar.value).split()), validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return _bare(content) in _bare(origin.span.text)


def _bare(text: str) -> str:
    """A text without quotes, escapes, folds and the marks that indent a block."""
    return NOISE.sub("", ESCAPE.sub(_unescaped, text)).replace("\N{BYTE ORDER MARK}", "")


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else ""


def _is_composed(text: str, parts: tuple[Origin, ...]) -> bool:
    """Whether a text is made of nothing but pieces of its parts, a hash, and single characters that join them."""
    sources = [part.span.text for part in parts if part.step != "hash"]
    for _ in range(len(parts) - len(sources)):
        text = HASH.sub("", text)
    return _covered(text, sources)


def _covered(text: str, sources: list[str]) -> bool:
    joined = 0
    while text:
        piece = max((_common(text, source) for source in sources), default=0)
        joined += not piece
        text = text[piece or 1 :]
    return joined <= len(sources)


def _common(text: str, source: str) -> int:
    """How much of a text's beginning is found somewhere in a source."""
    length = len(text)
    while length and text[:length] not in source:
        length -= 1
    return length


def _texts(origin: Origin) -> list[str]:
    return [f"{one.step}: {one.span.text[:60]!r}" for one in (origin.parts or (origin,))]
