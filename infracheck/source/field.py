"""The cursor through which rules read: a path into a value tree that knows where it is.

Reading a value that is unknown raises `NotJudged`, which the engine counts: a rule can't pass by guessing.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from infracheck.source.values import Mapping, Scalar, Sequence, Unknown, Value, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from infracheck.source.origin import Origin

T = TypeVar("T")
V = TypeVar("V")


STEP = re.compile(r"[^.\[\]]+|\[[^\]]*\]")
LARGEST_EXPONENT = 307
"""The largest power of ten that every float of the same length still holds."""


class NotJudged(Exception):  # noqa: N818 - not an error: the honest third verdict beside "finding" and "no finding"
    """A rule needs a value that cannot be known.

    Attributes:
        unknown: the value it tried to read, with the chain of reasons.
        path: the field it was read at.
    """

    def __init__(self, unknown: Unknown, path: str = "") -> None:
        super().__init__(unknown.explain())
        self.unknown = unknown
        self.path = path


class Field:
    """A place in a value tree, which may be absent.

    `field["spec"]["replicas"]` and `field.at("spec.replicas")` go down without ever failing: what is missing is a field
    that does not `exist`, whose origin is the nearest thing above it that does.

    Attributes:
        value: the node here, or None where nothing is set.
        path: how one got here from the root, dotted: `spec.containers[0].image`.
        origin: where the value was set; for an absent field, where its nearest existing ancestor was.
    """

    __slots__ = ("_key_origin", "origin", "path", "value")

    def __init__(
        self, value: Value | None, path: str = "", origin: Origin | None = None, key_origin: Origin | None = None
    ) -> None:
        if value is not None:
            origin = value.origin
        if origin is None:
            raise ValueError("an absent field needs the origin of what should hold it")
        self.value = value
        self.path = path
        self.origin: Origin = origin
        self._key_origin = key_origin

    def __repr__(self) -> str:
        return f"Field({self.path!r}, {self.value!r})"

    @property
    def key_origin(self) -> Origin:
        """Where the key that leads here is written; for elements and absent fields, the field's own origin."""
        return self._key_origin or self.origin

    @property
    def exists(self) -> bool:
        """Whether something other than null is set here. An unknown value is set: only its value is not known."""
        return self.value is not None and not (isinstance(self.value, Scalar) and self.value.value is None)

    @property
    def is_unknown(self) -> bool:
        """Whether the value here, if set, cannot be known."""
        return isinstance(self.value, Unknown)

    def __getitem__(self, key: str | int) -> Field:
        """The field one step down. Below an unknown, every field is that unknown."""
        value = self.value
        # Mappings first: nearly every step goes down one, and rules go some hundred thousand steps.
        if isinstance(value, Mapping) and isinstance(key, str):
            path = f"{self.path}.{key}" if self.path else key
            child = value.fields.get(key)
            written = value.keys.get(key)
            if child is not None:
                return Field(child, path, None, written.origin if written is not None else child.origin)
            return Field(None, path, written.origin if written is not None else self.origin)
        if isinstance(key, int):
            path = f"{self.path}[{key}]"
            if isinstance(value, Sequence) and -len(value.items) <= key < len(value.items):
                return Field(value.items[key], path)
        else:
            path = f"{self.path}.{key}" if self.path else key
        return Field(value if isinstance(value, Unknown) else None, path, self.origin)

    def at(self, path: str) -> Field:
        """The field at a path below: `at("spec.containers[0].image")`; "" is the field itself.

        A key that holds dots stands in brackets: `at("metadata.annotations[example.com/team]")`.
        """
        here = self
        for step in STEP.findall(path):
            inner = step[1:-1] if step[0] == "[" else step
            is_index = step[0] == "[" and inner.lstrip("-").isdecimal()
            here = here[int(inner) if is_index and not isinstance(here.value, Mapping) else inner]
        return here

    def __iter__(self) -> Iterator[Field]:
        """The elements of a sequence; nothing for what is absent or of another shape.

        Raises:
            NotJudged: the sequence is unknown.
        """
        self.require()
        if isinstance(self.value, Sequence):
            for index, item in enumerate(self.value.items):
                yield Field(item, f"{self.path}[{index}]")

    def __len__(self) -> int:
        """How many elements or keys there are; 0 for what is absent.

        Raises:
            NotJudged: the value is unknown.
        """
        self.require()
        if isinstance(self.value, Sequence):
            return len(self.value.items)
        return len(self.value.fields) if isinstance(self.value, Mapping) else 0

    def __bool__(self) -> bool:
        """As `exists`, so that a field can be tested like the optional value it is."""
        return self.exists

    def items(self) -> Iterator[tuple[str, Field]]:
        """Key and field of each entry of a mapping; nothing for what is absent or of another shape.

        Raises:
            NotJudged: the mapping is unknown.
        """
        self.require()
        if isinstance(self.value, Mapping):
            for key in self.value.fields:
                yield key, self[key]

    def require(self) -> Field:
        """Itself, when it can be judged.

        Raises:
            NotJudged: the value is unknown.
        """
        if isinstance(self.value, Unknown):
            raise NotJudged(self.value, self.path)
        return self

    def text(self, default: str | None = None) -> str | None:
        """The value if it is a string, else the default.

        Raises:
            NotJudged: the value is unknown.
        """
        value = self._scalar()
        return value if isinstance(value, str) else default

    def boolean(self, *, default: bool | None = None) -> bool | None:
        """The value if it is a boolean (or the string "true"/"false"), else the default.

        Raises:
            NotJudged: the value is unknown.
        """
        value = self._scalar()
        if isinstance(value, str):
            value = {"true": True, "false": False}.get(value, value)
        return value if isinstance(value, bool) else default

    def number(self, default: float | None = None) -> float | None:
        """The value if it is a number (or a string that reads as one), else the default. Whole numbers are int.

        What no float holds is no number: `1e999999999` would fill the memory, and no API takes it.

        Raises:
            NotJudged: the value is unknown.
        """
        value = self._scalar()
        if isinstance(value, bool) or value is None:
            return default
        try:
            number = Decimal(str(value))
        except ArithmeticError:
            return default
        if not number.is_finite() or number.adjusted() > LARGEST_EXPONENT:
            return default
        return int(number) if number == number.to_integral_value() else float(number)

    def texts(self) -> list[str]:
        """The strings of a sequence, or of a lone string, in order; other elements are left out.

        Raises:
            NotJudged: the sequence or one of its elements is unknown.
        """
        if isinstance(self.value, Scalar):
            return [self.value.value] if isinstance(self.value.value, str) else []
        return [text for text in (item.text() for item in self) if text is not None]

    def plain(self) -> Any:
        """The whole value as Python data, None where absent.

        Raises:
            NotJudged: any part of it is unknown.
        """
        if self.value is None:
            return None
        if not self.value.is_wholly_known:
            raise NotJudged(next(node for node in walk(self.value) if isinstance(node, Unknown)), self.path)
        return self.value.to_plain()

    def first(self, test: Callable[[Field], bool]) -> Field | None:
        """The first element that passes a test, or None: `find` over the elements.

        Raises:
            NotJudged: the sequence is unknown, or no element passes and one could not be tested.
        """
        return find(self, test)

    def _scalar(self) -> Any:
        self.require()
        return self.value.value if isinstance(self.value, Scalar) else None


def find(items: Iterable[T], test: Callable[[T], bool]) -> T | None:
    """The first item that passes a test, or None.

    One known culprit is enough, whatever else is unknown; but "none of them" can't be said while one is.

    Raises:
        NotJudged: no item passes and one could not be tested.
    """
    unsure: NotJudged | None = None
    for item in items:
        try:
            if test(item):
                return item
        except NotJudged as cause:
            unsure = unsure or cause
    if unsure is not None:
        raise unsure
    return None


def judge_each(items: Iterable[T], judge: Callable[[T], Iterator[V]]) -> Iterator[V]:
    """What a judgement of each item yields: an item that can't be judged does not keep the others from it.

    Raises:
        NotJudged: in the end, if any item could not be judged.
    """
    unsure: NotJudged | None = None
    for item in items:
        try:
            yield from judge(item)
        except NotJudged as cause:
            unsure = unsure or cause
    if unsure is not None:
        raise unsure
