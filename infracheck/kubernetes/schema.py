"""What may be written in an object: fields, what they hold, which of them are demanded.

Shapes are what built-in kinds and custom resources have in common; `builtin_schemas` reads those of Kubernetes' own
kinds, `custom_schemas` those that CustomResourceDefinitions declare. The data covers several releases at once: a mask
is a number whose bit n stands for the n-th release.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from infracheck.kubernetes.facts.enumerations import ENUMERATIONS
from infracheck.kubernetes.release import parse_release

if TYPE_CHECKING:
    from collections.abc import Mapping

ALWAYS = -1
"""The mask of all releases."""


class Letter(StrEnum):
    """What a scalar may be, by the letter the data uses."""

    STRING = "s"
    BYTES = "y"
    TIME = "t"
    QUANTITY = "q"
    INT_OR_STRING = "x"
    INTEGER = "i"
    NUMBER = "n"
    BOOLEAN = "b"
    ANY = "a"


@dataclass(frozen=True, slots=True)
class ScalarShape:
    """A scalar.

    Attributes:
        letter: what it is.
        values: the strings allowed; empty for all.
    """

    letter: Letter
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ListShape:
    """A list.

    Attributes:
        element: what it holds.
    """

    element: Shape


@dataclass(frozen=True, slots=True)
class MapShape:
    """A map with keys of the writer's choice.

    Attributes:
        element: what it holds.
    """

    element: Shape


class FieldShape(NamedTuple):
    """A field of an object.

    Attributes:
        shape: what it holds.
        known: mask of the releases that know it.
        demanded: mask of the releases that refuse the object without it.
    """

    shape: Shape
    known: int = ALWAYS
    demanded: int = 0


class ObjectShape(Protocol):
    """An object with fixed fields."""

    @property
    def fields(self) -> Mapping[str, FieldShape]:
        """Its fields by name."""

    @property
    def is_open(self) -> bool:
        """Whether further fields are kept as they are."""


Shape = ScalarShape | ListShape | MapShape | ObjectShape
ANYTHING = ScalarShape(Letter.ANY)


class _BuiltinObject:
    """A type of Kubernetes' own; its fields are made when they are first looked at."""

    is_open = False

    def __init__(self, name: str, book: Schemas) -> None:
        self._name = name
        self._book = book
        self._fields: dict[str, FieldShape] | None = None

    def __repr__(self) -> str:
        return f"_BuiltinObject({self._name!r})"

    @property
    def fields(self) -> Mapping[str, FieldShape]:
        """Its fields by name."""
        if self._fields is None:
            self._fields = self._book.fields_of(self._name)
        return self._fields


class Served(NamedTuple):
    """A kind of Kubernetes' own.

    Attributes:
        shape: what its objects look like.
        releases: mask of the releases that serve it.
    """

    shape: ObjectShape
    releases: int


class Schemas:
    """The kinds of several releases of Kubernetes.

    Attributes:
        releases: oldest first, as (1, 32).
    """

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.releases = tuple(parse_release(release) for release in data["releases"])
        self._kinds: Mapping[str, Any] = data["kinds"]
        self._types: Mapping[str, Mapping[str, Any]] = data["types"]
        self._objects: dict[str, _BuiltinObject] = {}

    def kind(self, api_version: str, kind: str) -> Served | None:
        """A kind by its API version ("apps/v1"), or None where no release of ours has it."""
        found = self._kinds.get(f"{api_version} {kind}")
        return Served(self.object_type(found[0]), found[1]) if found else None

    def mask(self, release: tuple[int, int] | None) -> int:
        """The mask of a release, or of the nearest one there is data for; of all where it is not known."""
        if release is None:
            return ALWAYS
        return 1 << max((bit for bit, one in enumerate(self.releases) if one <= release), default=0)

    def first(self, mask: int) -> tuple[int, int]:
        """The oldest release of a mask."""
        return next(one for bit, one in enumerate(self.releases) if mask >> bit & 1)

    def last(self, mask: int) -> tuple[int, int]:
        """The newest release of a mask."""
        return next(one for bit, one in reversed(tuple(enumerate(self.releases))) if mask >> bit & 1)

    def object_type(self, name: str) -> ObjectShape:
        """A type by its name, such as "core.v1.PodSpec"."""
        found = self._objects.get(name)
        if found is None:
            found = self._objects[name] = _BuiltinObject(name, self)
        return found

    def fields_of(self, name: str) -> dict[str, FieldShape]:
        """The fields of a type."""
        fields = {}
        for field, record in self._types[name].items():
            text, known, demanded = (record, ALWAYS, 0) if isinstance(record, str) else record
            fields[field] = FieldShape(self._shape(text, ENUMERATIONS.get((name, field), ())), known, demanded)
        return fields

    def _shape(self, text: str, values: tuple[str, ...]) -> Shape:
        if text.startswith("[]"):
            return ListShape(self._shape(text[2:], values))
        if text.startswith("{}"):
            return MapShape(self._shape(text[2:], values))
        return _scalar(text, values) if len(text) == 1 else self.object_type(text)


@cache
def _scalar(letter: str, values: tuple[str, ...]) -> ScalarShape:
    return ScalarShape(Letter(letter), values)


@cache
def builtin_schemas() -> Schemas:
    """The kinds of Kubernetes' own, read from the package's data when first asked for.

    `scripts/kubernetes_schemas.py` makes that data from the published OpenAPI definitions.
    """
    data = files("infracheck.kubernetes").joinpath("data/schemas.json").read_text(encoding="utf-8")
    return Schemas(json.loads(data))
