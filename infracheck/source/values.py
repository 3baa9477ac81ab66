"""The value tree: what YAML, HCL and plan files all become.

Trees are immutable and share structure: a patch builds new nodes along the path it changes and keeps the rest.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from infracheck.source.origin import Origin

Plain: TypeAlias = "str | bool | int | float | Decimal | None"


@dataclass(frozen=True, slots=True)
class Scalar:
    """A string, number, boolean or null.

    Attributes:
        value: what it means in the language of its file.
        origin: where it was set.
        text: the characters as written, before quotes and escapes are read, where a format needs them again; else None.
        style: how it was written in YAML: "" plain, "'" or '"' quoted, "|" or ">" block.
        tag: an explicit YAML tag (`!!str`), or None.
        type: the static type of a format that has one (Terraform), else None.
        sensitive: true when the value must never be shown.
    """

    value: Plain
    origin: Origin
    text: str | None = None
    style: str = ""
    tag: str | None = None
    type: Any = None
    sensitive: bool = False

    is_known = True

    @property
    def is_wholly_known(self) -> bool:
        """A scalar has no parts that could be unknown."""
        return True

    def to_plain(self) -> Any:
        """The value as Python data; whole decimals become int, others float where that is exact enough."""
        return plain_number(self.value) if hasattr(self.value, "as_tuple") else self.value


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values, in the order written.

    Attributes:
        fields: the value of each key.
        origin: where the mapping as a whole was written.
        keys: the key as a node (its span, style and text), for keys that stand in a file. A key that a patch removed is
            here alone, with the place that removed it.
        type: as in `Scalar`.
        sensitive: as in `Scalar`.
    """

    fields: dict[str, Value]
    origin: Origin
    keys: dict[str, Scalar] = field(default_factory=dict)
    type: Any = None
    sensitive: bool = False

    is_known = True

    @property
    def is_wholly_known(self) -> bool:
        """Whether no value below is unknown."""
        return all(node.is_known for node in walk(self))

    def get(self, key: str) -> Value | None:
        """The value of a key, or None where the key is absent."""
        return self.fields.get(key)

    def key_origin(self, key: str) -> Origin:
        """Where the key is written; for a key no file holds, where its value or the mapping comes from."""
        node = self.keys.get(key)
        if node is not None:
            return node.origin
        value = self.fields.get(key)
        return value.origin if value is not None else self.origin

    def with_field(self, key: str, value: Value, key_node: Scalar | None = None) -> Mapping:
        """A copy with one key set: in place if it exists, else at the end."""
        keys = self.keys if key_node is None else {**self.keys, key: key_node}
        return replace(self, fields={**self.fields, key: value}, keys=keys)

    def without(self, key: str) -> Mapping:
        """A copy without a key."""
        return replace(
            self,
            fields={k: v for k, v in self.fields.items() if k != key},
            keys={k: v for k, v in self.keys.items() if k != key},
        )

    def to_plain(self) -> dict[str, Any]:
        """The mapping as Python data; an unknown part stays an `Unknown`."""
        return {key: value.to_plain() for key, value in self.fields.items()}


@dataclass(frozen=True, slots=True)
class Sequence:
    """Values in order.

    Attributes:
        items: the elements.
        origin: where the sequence as a whole was written.
        type: as in `Scalar`.
        sensitive: as in `Scalar`.
    """

    items: tuple[Value, ...]
    origin: Origin
    type: Any = None
    sensitive: bool = False

    is_known = True

    @property
    def is_wholly_known(self) -> bool:
        """Whether no value below is unknown."""
        return all(node.is_known for node in walk(self))

    def to_plain(self) -> list[Any]:
        """The sequence as Python data; an unknown part stays an `Unknown`."""
        return [item.to_plain() for item in self.items]


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that cannot be known from the files at hand. It is never guessed.

    Attributes:
        reason: why, in words a reader can act on: "`var.kms_key` has no default".
        origin: the place the reason speaks of.
        because: the unknown this one follows from, one step nearer to the cause.
        reference: the address it stands for ("aws_kms_key.main.arn"), where it is a reference to something that
            exists but whose value is decided elsewhere; else None.
        type: as in `Scalar`.
        sensitive: as in `Scalar`.
    """

    reason: str
    origin: Origin
    because: Unknown | None = None
    reference: str | None = None
    type: Any = None
    sensitive: bool = False

    is_known = False
    is_wholly_known = False

    def chain(self) -> Iterator[Unknown]:
        """This unknown and those it follows from, the cause last."""
        node: Unknown | None = self
        while node is not None:
            yield node
            node = node.because

    def explain(self) -> str:
        """The chain of reasons in one line, the cause first."""
        steps = [f"{node.reason} ({node.origin.span})" for node in self.chain()]
        return ", read by ".join(reversed(steps))

    def to_plain(self) -> Unknown:
        """Itself: an unknown has no plain form."""
        return self


Value: TypeAlias = Scalar | Mapping | Sequence | Unknown


def walk(value: Value) -> Iterator[Value]:
    """The value and every value below it, depth first, in order; iterative, so depth cannot exhaust the stack."""
    stack = [value]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, Mapping):
            stack.extend(reversed(node.fields.values()))
        elif isinstance(node, Sequence):
            stack.extend(reversed(node.items))


def plain_number(number: Any) -> int | float:
    """A decimal number as int where it is whole, else as the nearest float."""
    return int(number) if number == number.to_integral_value() else float(number)
