"""Label selectors, with what each API means by an empty one and by none at all.

Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/ and the comments of the API types.
Unknown label values raise `NotJudged` only where they decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from infracheck.kubernetes.matches import every, some
from infracheck.kubernetes.place import known_text, scalar_text
from infracheck.source.field import Field

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from infracheck.source.values import Unknown


@dataclass(frozen=True, slots=True)
class Selector:
    """Which labels are wanted.

    Build one with `label_selector` or `map_selector`.

    Attributes:
        field: where it is written, which may be absent.
        flat: a plain map of labels (Service, ReplicationController, nodeSelector) rather than matchLabels and
            matchExpressions.
        absent_selects: what no selector at all selects: everything or nothing.
        empty_selects: what `{}` selects.
    """

    field: Field
    flat: bool
    absent_selects: bool
    empty_selects: bool

    @property
    def is_empty(self) -> bool:
        """Whether it is written but asks for nothing, as `{}`.

        Raises:
            NotJudged: the selector is unknown.
        """
        return self.field.exists and not any(True for _ in self.requirements())

    def matches(
        self, labels: Field, *, taken_to_hold: frozenset[str] = frozenset(), others: Unknown | None = None
    ) -> bool:
        """Whether it selects something with these labels.

        Args:
            labels: the mapping of labels, which may be absent.
            taken_to_hold: keys that are not compared, because something else sets them.
            others: why there may be further labels, where `labels` are not all of them.

        Raises:
            NotJudged: that depends on a value that is unknown.
        """
        self.field.require()
        if not self.field.exists:
            return self.absent_selects
        requirements = self.requirements()
        first = next(requirements, None)
        if first is None:
            return self.empty_selects
        return every(
            _bound(requirement, labels, others)
            for requirement in chain((first,), requirements)
            if requirement.key not in taken_to_hold
        )

    def requirements(self) -> Iterator[Requirement]:
        """What must hold of the labels, all of it.

        Raises:
            NotJudged: the selector, or one of its parts as a whole, is unknown.
        """
        pairs = self.field if self.flat else self.field["matchLabels"]
        for key, value in pairs.items():
            yield Requirement(key, "In", (value,), value)
        if not self.flat:
            for expression in self.field["matchExpressions"]:
                yield expression_requirement(expression)

    def wanted(self) -> dict[str, Field]:
        """The labels it asks for by equality: key and value field.

        Raises:
            NotJudged: the selector is unknown.
        """
        pairs = self.field if self.flat else self.field["matchLabels"]
        return dict(pairs.items())


@dataclass(frozen=True, slots=True)
class Requirement:
    """One condition on one label.

    Attributes:
        key: the label's key.
        operator: In, NotIn, Exists, DoesNotExist; for nodes also Gt and Lt.
        values: the fields of the values it compares with.
        field: where it is written.
    """

    key: str
    operator: str
    values: tuple[Field, ...]
    field: Field

    def holds(self, labels: Field) -> bool:
        """Whether the labels meet it. An operator Kubernetes does not know is never met.

        Raises:
            NotJudged: that depends on a value that is unknown.
        """
        labels.require()
        label = labels[self.key]
        if self.operator == "Exists":
            return label.exists
        if self.operator == "DoesNotExist":
            return not label.exists
        if self.operator == "In":
            return label.exists and self._lists(label)
        if self.operator == "NotIn":
            return not label.exists or not self._lists(label)
        if self.operator in ("Gt", "Lt"):
            return self._compares(label)
        return False

    def _lists(self, label: Field) -> bool:
        if not self.values:
            return False
        return some(_same(value, label) for value in self.values)

    def _compares(self, label: Field) -> bool:
        here = label.number() if label.exists else None
        there = self.values[0].number() if len(self.values) == 1 else None
        if here is None or there is None:
            return False
        return here > there if self.operator == "Gt" else here < there


def label_selector(field: Field, *, absent_selects: bool = False, empty_selects: bool = True) -> Selector:
    """A `LabelSelector`, with matchLabels and matchExpressions. By default empty selects all, none at all nothing."""
    return Selector(field, flat=False, absent_selects=absent_selects, empty_selects=empty_selects)


def map_selector(field: Field, *, empty_selects: bool = False) -> Selector:
    """A plain map of labels, as of a Service, for which empty and absent both select nothing."""
    return Selector(field, flat=True, absent_selects=empty_selects, empty_selects=empty_selects)


def expression_requirement(expression: Field) -> Requirement:
    """A `matchExpressions` entry.

    Raises:
        NotJudged: the entry, its key, its operator or its list of values is unknown.
    """
    key = expression["key"].text("") or ""
    operator = expression["operator"].text("") or ""
    return Requirement(key, operator, tuple(expression["values"]), expression)


def same_labels(left: Field, right: Field) -> bool:
    """Whether two label maps ask for the same.

    Raises:
        NotJudged: that depends on an unknown value.
    """
    ours, theirs = dict(left.items()), dict(right.items())
    return ours.keys() == theirs.keys() and every(_same(ours[key], theirs[key]) for key in ours)


def describe(selector: Selector) -> str:
    """The selector in a few words for a message: `app=web, tier in (a, b)`."""
    if selector.field.is_unknown:
        return "?"
    pairs = selector.field if selector.flat else selector.field["matchLabels"]
    parts = [] if pairs.is_unknown else [f"{key}={_shown(value)}" for key, value in pairs.items()]
    if not selector.flat and not selector.field["matchExpressions"].is_unknown:
        for expression in selector.field["matchExpressions"]:
            values = [] if expression["values"].is_unknown else [_shown(value) for value in expression["values"]]
            listed = f" ({', '.join(values)})" if values else ""
            parts.append(f"{_shown(expression['key'])} {_shown(expression['operator'])}{listed}")
    return ", ".join(parts)


def _shown(field: Field) -> str:
    return "?" if field.is_unknown else known_text(field) or scalar_text(field) or ""


def _bound(requirement: Requirement, labels: Field, others: Unknown | None) -> Callable[[], bool]:
    if others is not None and labels[requirement.key].value is None:
        labels = Field(others, labels.path)
    return lambda: requirement.holds(labels)


def _same(left: Field, right: Field) -> Callable[[], bool]:
    return lambda: scalar_text(left) == scalar_text(right)
