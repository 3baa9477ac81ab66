"""Paths as replacements and vars write them: `spec.containers.[name=web].image` (`kyaml/yaml/match.go`)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.kustomize.nodes import raw_text, untyped, with_field, with_items
from infracheck.kustomize.patterns import go_pattern
from infracheck.source.errors import RenderError
from infracheck.source.values import Mapping, Scalar, Sequence, Value

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from infracheck.source.origin import Origin

    Change: TypeAlias = Callable[[Value], Value]

INDEX = re.compile(r"\d{1,9}\Z")
SCALAR, MAPPING, SEQUENCE = "scalar", "mapping", "sequence"


def split_dotted(path: str) -> list[str]:
    r"""The steps of a dotted path; `\.` is a dot inside a key, brackets hold keys with dots and conditions."""
    parts: list[str] = []
    for part in path.split("."):
        if parts and parts[-1].endswith("\\"):
            parts[-1] = parts[-1][:-1] + "." + part
        else:
            parts.append(part)
    steps: list[str] = []
    pending: list[str] = []
    for part in parts:
        if pending or (part.startswith("[") and not part.endswith("]")):
            pending.append(part)
            if part.endswith("]"):
                steps.append(_bracketed(pending))
                pending = []
        else:
            steps.append(part)
    if pending:
        steps.append(_bracketed(pending))
    return steps


def _bracketed(parts: list[str]) -> str:
    joined = ".".join(parts)
    return joined if "=" in joined else joined.strip("[]")


def is_condition(step: str) -> bool:
    """Whether a step chooses elements by a field: `[name=web]`."""
    return step.startswith("[") and step.endswith("]")


def condition(step: str, origin: Origin) -> tuple[str, str]:
    """Field and value of a condition.

    Raises:
        RenderError: it has no `=`.
    """
    field, equals, value = step[1:-1].partition("=")
    if not equals:
        raise RenderError(f"`{step}` must be [field=value]", origin)
    return field, value


def look_up(value: Value | None, steps: list[str], origin: Origin) -> Value | None:
    """The value at a path, conditions taken exactly; None where there is none.

    Raises:
        RenderError: the path does not fit what stands there.
    """
    for step in (one.strip() for one in steps):
        if not step:
            continue
        if value is None or (isinstance(value, Scalar) and value.value is None):
            return None
        if INDEX.match(step) or step == "-":
            if not isinstance(value, Sequence):
                raise RenderError(f"`{step}` needs a list", origin)
            index = len(value.items) - 1 if step == "-" else int(step)
            value = value.items[index] if 0 <= index < len(value.items) else None
        elif is_condition(step):
            value = _matching_exactly(value, step, origin)
        elif isinstance(value, Mapping):
            value = value.fields.get(step)
        else:
            raise RenderError(f"`{step}` needs a mapping", origin)
    return value


def _matching_exactly(value: Value, step: str, origin: Origin) -> Value | None:
    if not isinstance(value, Sequence):
        raise RenderError(f"`{step}` needs a list", origin)
    field, wanted = condition(step, origin)
    for item in value.items:
        if not field and raw_text(item) == wanted and isinstance(item, Scalar):
            return item
        if field and isinstance(item, Mapping) and field in item.fields and raw_text(item.fields[field]) == wanted:
            return item
    return None


class PathWriter:
    """Changes every value at a path.

    Attributes:
        steps: the path.
        change: makes the new value from the old one.
        create: the kind of node to make at the end of the path where it is missing; None never makes one.
        origin: the path, for messages and for what is made on the way.
        count: how many values were changed so far.
    """

    def __init__(self, steps: list[str], change: Change, create: str | None, origin: Origin) -> None:
        self.steps = steps
        self.change = change
        self.create = create
        self.origin = origin
        self.count = 0

    def write(self, value: Value) -> Value:
        """The tree with the change made.

        Raises:
            RenderError: the path does not fit what stands there.
        """
        return self._walk(value, 0)

    def _walk(self, value: Value, at: int) -> Value:
        if at == len(self.steps):
            self.count += 1
            return self.change(value)
        step = self.steps[at]
        if INDEX.match(step):
            return self._index(value, at, int(step))
        if is_condition(step):
            return self._conditional(value, at)
        if step == "*":
            return self._every(value, at)
        return self._field(value, at)

    def _field(self, value: Value, at: int) -> Value:
        if isinstance(value, Scalar) and value.value is None:
            return value
        if not isinstance(value, Mapping):
            raise RenderError(f"`{self.steps[at]}` needs a mapping, but a {_name(value)} stands there", self.origin)
        old = value.fields.get(self.steps[at])
        if old is None and self.create is None:
            return value
        new = self._walk(self._made(at + 1) if old is None else old, at + 1)
        return value if new is old else with_field(value, self.steps[at], new)

    def _made(self, at: int) -> Value:
        """An empty node for what the path goes on with."""
        if at == len(self.steps):
            kind = self.create
        else:
            step = self.steps[at]
            kind = SEQUENCE if is_condition(step) or INDEX.match(step) else MAPPING
        if kind == SEQUENCE:
            return Sequence((), self.origin)
        return Mapping({}, self.origin) if kind == MAPPING else untyped("", self.origin)

    def _items(self, value: Value, at: int) -> tuple[Value, ...]:
        if isinstance(value, Scalar) and value.value is None:
            return ()
        if not isinstance(value, Sequence):
            raise RenderError(f"`{self.steps[at]}` needs a list, but a {_name(value)} stands there", self.origin)
        return value.items

    def _index(self, value: Value, at: int, index: int) -> Value:
        items = list(self._items(value, at))
        if index == len(items) and self.create is not None:
            items.append(self._made(at + 1))
        if index >= len(items):
            raise RenderError(f"index {index} specified but only {len(items)} elements found", self.origin)
        items[index] = self._walk(items[index], at + 1)
        return self._sequence(value, items)

    def _every(self, value: Value, at: int) -> Value:
        return self._sequence(value, [self._walk(item, at + 1) for item in self._items(value, at)])

    def _conditional(self, value: Value, at: int) -> Value:
        field, wanted = condition(self.steps[at], self.origin)
        pattern = go_pattern(wanted, self.origin)
        items = list(self._items(value, at))
        before = self.count
        for index, item in enumerate(items):
            chosen = (
                _written(item)
                if not field
                else _written(item.fields[field])
                if isinstance(item, Mapping) and field in item.fields
                else None
            )
            if chosen is not None and pattern.found_in(chosen):
                if field:
                    items[index] = self._walk(item, at + 1)
                else:
                    # Conditions on plain values end the path, whatever follows them.
                    self.count += 1
                    items[index] = self.change(item)
        if self.count == before and self.create is not None:
            made: Value = untyped(wanted, self.origin)
            if field:
                made = self._walk(Mapping({field: made}, self.origin), at + 1)
            else:
                self.count += 1
                made = self.change(made)
            items.append(made)
        return self._sequence(value, items)

    def _sequence(self, value: Value, items: list[Value]) -> Value:
        if isinstance(value, Sequence):
            if len(items) == len(value.items) and all(new is old for new, old in zip(items, value.items, strict=True)):
                return value
            return with_items(value, items)
        return Sequence(tuple(items), self.origin) if items else value


def _name(value: Value) -> str:
    return "mapping" if isinstance(value, Mapping) else "list" if isinstance(value, Sequence) else "text"


def _written(value: Value) -> str | None:
    """A scalar as it is printed, quotes included; None for anything else."""
    if not isinstance(value, Scalar):
        return None
    text = raw_text(value)
    return f"{value.style}{text}{value.style}" if value.style in {"'", '"'} else text.strip()
