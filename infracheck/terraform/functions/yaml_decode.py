"""`yamldecode`, as go-cty-yaml reads YAML (https://github.com/zclconf/go-cty-yaml): 1.1 booleans, 1.2 numbers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from ruamel.yaml.cyaml import CParser  # type: ignore[attr-defined]  # re-exported without __all__
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from infracheck.source.errors import LimitError
from infracheck.source.yaml.dialect import BOOLEANS_1_1, FLOAT, NULLS, SPECIAL_FLOATS, timestamp
from infracheck.terraform import numbers
from infracheck.terraform.construct import text_in
from infracheck.terraform.functions.encoding import built
from infracheck.terraform.functions.signature import FunctionError, function
from infracheck.terraform.types import STRING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

PREFIX: Final = "tag:yaml.org,2002:"
INTEGER: Final = re.compile(r"0x(?P<x>[0-9a-fA-F]+)|0o(?P<o>[0-7]+)|[-+]?[0-9]+", re.ASCII)
MAX_BITS: Final = 64
"""Bits of a hexadecimal or octal number."""

MAX_DEPTH: Final = 100
MAX_NODES: Final = 100_000
"""Nodes of a document, counting what an alias stands for each time it is used."""


@function(STRING)
def yamldecode(arguments: list[Value], origin: Origin) -> Value:
    """`yamldecode(text)`: one document."""
    del origin
    try:
        data = _Composer(text_in(arguments[0])).document()
        return built(data, arguments[0].origin)
    except (YAMLError, ValueError) as problem:
        raise FunctionError(str(problem).replace("\n", " ")) from None


class _Composer:
    """Builds plain data from the events of a document."""

    def __init__(self, text: str) -> None:
        self._events = self._read(text)
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._left = MAX_NODES

    @staticmethod
    def _read(text: str) -> Iterator[Any]:
        parser = CParser(text.removeprefix("\ufeff"))
        try:
            while parser.check_event():
                yield parser.get_event()
        finally:
            parser.dispose()

    def document(self) -> Any:
        """The one document.

        Raises:
            ValueError: there are more or none, or it is not a value.
            LimitError: it is too large.
        """
        for event in self._events:
            if isinstance(event, DocumentStartEvent):
                if event.version not in (None, (1, 1)):
                    raise ValueError("found incompatible YAML document")
                break
        else:
            raise ValueError("missing document")
        data = self._node(next(self._events), 0)
        if any(isinstance(event, DocumentStartEvent) for event in self._events):
            raise ValueError("unexpected extra content after value")
        return data

    def _count(self, nodes: int) -> None:
        self._left -= nodes
        if self._left < 0:
            raise LimitError(f"a YAML document of more than {MAX_NODES:,} nodes")

    def _node(self, event: Any, depth: int) -> Any:
        if depth > MAX_DEPTH:
            raise LimitError(f"a YAML document nested more than {MAX_DEPTH} levels")
        if isinstance(event, AliasEvent):
            if event.anchor not in self._anchors:
                raise ValueError(f"undefined or recursive alias {event.anchor!r}")
            data, nodes = self._anchors[event.anchor]
            self._count(nodes)
            return data
        before = self._left
        anchor = event.anchor
        if anchor is not None:
            # Inside itself a node can't be used.
            self._anchors.pop(anchor, None)
        self._count(1)
        if isinstance(event, ScalarEvent):
            data = _scalar(event)
        elif isinstance(event, SequenceStartEvent):
            _check_tag(event.tag, "seq")
            data = self._sequence(depth)
        else:
            _check_tag(event.tag, "map")
            data = self._mapping(depth)
        if anchor is not None:
            self._anchors[anchor] = (data, before - self._left)
        return data

    def _sequence(self, depth: int) -> list[Any]:
        items = []
        while not isinstance(event := next(self._events), SequenceEndEvent):
            items.append(self._node(event, depth + 1))
        return items

    def _mapping(self, depth: int) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        while not isinstance(event := next(self._events), MappingEndEvent):
            is_merge = isinstance(event, ScalarEvent) and event.value == "<<" and event.implicit[0]
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if is_merge:
                if not isinstance(value, dict):
                    raise ValueError("cannot merge anything but a mapping into a mapping")
                fields.update(value)
            else:
                fields[_key(key)] = value
        return fields


def _key(key: Any) -> str:
    if isinstance(key, bool):
        return "true" if key else "false"
    if key is None or isinstance(key, list | dict):
        raise ValueError("only strings are allowed as mapping keys")
    return key if isinstance(key, str) else numbers.text_of(key)


def _check_tag(tag: str | None, kind: str) -> None:
    if tag is not None and tag != PREFIX + kind:
        raise ValueError(f"unsupported tag {tag!r}")


def _scalar(event: Any) -> Any:
    text, tag = event.value, event.tag
    if tag is None:
        return _plain(text) if event.implicit[0] else text
    kind = tag.removeprefix(PREFIX)
    if kind == tag or kind not in ("str", "int", "float", "bool", "null", "binary", "timestamp"):
        raise ValueError(f"unsupported tag {tag!r}")
    if event.style in ('"', "'", "|", ">") or kind in ("str", "binary"):
        return text
    if kind == "null":
        return None
    if kind == "bool":
        if text not in BOOLEANS_1_1:
            raise ValueError(f"cannot parse {text!r} as a bool")
        return BOOLEANS_1_1[text]
    if kind == "timestamp":
        found = _timestamp(text)
        if found is None:
            raise ValueError(f"cannot parse {text!r} as a timestamp")
        return found
    number = _number(text)
    if number is None:
        raise ValueError(f"cannot parse {text!r} as a number")
    return number


def _plain(text: str) -> Any:
    if text in NULLS:
        return None
    if text in BOOLEANS_1_1:
        return BOOLEANS_1_1[text]
    number = _number(text)
    if number is not None:
        return number
    date = _timestamp(text)
    return text if date is None else date


def _timestamp(text: str) -> str | None:
    """A timestamp in RFC 3339 without fractions of a second, or None for any other text."""
    date = timestamp(text)
    return None if date is None else re.sub(r"\.[0-9]+", "", date)


def _number(text: str) -> numbers.Number | None:
    found = INTEGER.fullmatch(text)
    if found is not None:
        if found["x"] or found["o"]:
            amount = int(found["x"] or found["o"], 16 if found["x"] else 8)
            if amount.bit_length() > MAX_BITS:
                raise ValueError(f"cannot parse {text!r} as a number")
            return numbers.of(amount)
        return numbers.parse(text)
    if FLOAT.match(text):
        return numbers.parse(text)
    if text in SPECIAL_FLOATS:
        special = SPECIAL_FLOATS[text]
        if special != special:  # noqa: PLR0124 - NaN
            raise ValueError("floating point NaN is not supported")
        return numbers.infinity(negative=special < 0)
    return None
