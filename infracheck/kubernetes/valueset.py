"""Sets of label values, as requirements on nodes describe them, and whether two of them meet.

Source: `pkg/scheduling/requirement.go` of sigs.k8s.io/karpenter, where pods' and pools' requirements are intersected.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.kubernetes.place import scalar_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infracheck.kubernetes.selector import Requirement


@dataclass(frozen=True, slots=True)
class ValueSet:
    """Values a label may have, perhaps none.

    Attributes:
        values: the values in it, or, of a complement, the values not in it.
        is_complement: whether it holds all values but those.
        above: values must be whole numbers greater than this, or None.
        below: values must be whole numbers less than this, or None.
        may_be_absent: whether a node without the label fits too.
    """

    values: frozenset[str] = frozenset()
    is_complement: bool = True
    above: int | None = None
    below: int | None = None
    may_be_absent: bool = True

    def __contains__(self, value: str) -> bool:
        return ((value in self.values) != self.is_complement) and self._in_bounds(value)

    def __and__(self, other: ValueSet) -> ValueSet:
        above = max((one for one in (self.above, other.above) if one is not None), default=None)
        below = min((one for one in (self.below, other.below) if one is not None), default=None)
        absent = self.may_be_absent and other.may_be_absent
        if self.is_complement and other.is_complement:
            return ValueSet(
                self.values | other.values, is_complement=True, above=above, below=below, may_be_absent=absent
            )
        finite, rest = (other, self) if self.is_complement else (self, other)
        values = frozenset(value for value in finite.values if value in rest and value in finite)
        return ValueSet(values, is_complement=False, may_be_absent=absent)

    @property
    def is_empty(self) -> bool:
        """Whether no value is in it."""
        if not self.is_complement:
            return not any(value in self for value in self.values)
        if self.above is None or self.below is None:
            return False
        gap = self.below - self.above - 1
        excluded = {value for value in self.values if self._in_bounds(value)}
        return gap <= len(excluded)

    def _in_bounds(self, value: str) -> bool:
        if self.above is None and self.below is None:
            return True
        try:
            number = int(value)
        except ValueError:
            return False
        return (self.above is None or number > self.above) and (self.below is None or number < self.below)


def value_set(requirement: Requirement) -> ValueSet:
    """The values that meet a requirement. An operator Kubernetes does not know is met by none.

    Raises:
        NotJudged: one of the values is unknown.
    """
    texts = [text for value in requirement.values if (text := scalar_text(value)) is not None]
    operator = requirement.operator
    if operator == "In":
        return ValueSet(frozenset(texts), is_complement=False, may_be_absent=False)
    if operator == "NotIn":
        return ValueSet(frozenset(texts))
    if operator == "Exists":
        return ValueSet(may_be_absent=False)
    nothing = ValueSet(is_complement=False, may_be_absent=operator == "DoesNotExist")
    if operator in ("Gt", "Lt", "Gte", "Lte") and len(texts) == 1 and len(texts[0]) < 19:
        try:
            bound = int(texts[0])
        except ValueError:
            return nothing
        bound += {"Gte": -1, "Lte": 1}.get(operator, 0)
        if operator.startswith("G"):
            return ValueSet(above=bound, may_be_absent=False)
        return ValueSet(below=bound, may_be_absent=False)
    return nothing


def by_key(requirements: Iterable[Requirement]) -> dict[str, ValueSet]:
    """The values that meet all requirements of each key.

    Raises:
        NotJudged: one of the values is unknown.
    """
    found: dict[str, ValueSet] = {}
    for requirement in requirements:
        found[requirement.key] = found.get(requirement.key, ValueSet()) & value_set(requirement)
    return found
