"""The values of a plan, each at the text of the configuration that set it, or else at its own text in the plan."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from infracheck.source.files import Span
from infracheck.source.hcl import ast
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Scalar, Sequence, Unknown
from infracheck.terraform.plan_json import is_true, items, nth, pairs, text

if TYPE_CHECKING:
    from infracheck.source.files import SourceFile
    from infracheck.source.values import Value

MAX_COMPARISONS = 1_000_000
"""Once so many values of a plan were compared, elements of lists are paired by position."""


MAX_EXPONENT = 9_864
"""The power of ten from which a number is not looked at: written out, it would fill the memory."""


class PlanValues:
    """Makes values of the nodes of a plan.

    Args:
        file: the plan.
    """

    def __init__(self, file: SourceFile) -> None:
        self._file = file
        self._comparisons_left = MAX_COMPARISONS

    def origin(self, node: Any) -> Origin:
        """A node's own place in the plan."""
        return Origin(
            Span(self._file, node.start, node.end) if hasattr(node, "start") else Span(self._file, 0, 0), "plan"
        )

    def value(
        self,
        node: Any,
        unknown: Any = None,
        sensitive: Any = None,
        config: Value | None = None,
        above: Origin | None = None,
    ) -> Value:
        """A planned value.

        Args:
            node: the planned value.
            unknown: what is known only after apply: true, or the same shape with true in places.
            sensitive: what is sensitive, in the same way.
            config: the value in the configuration, if it is set there.
            above: the origin of the nearest thing above that the configuration sets, if any.
        """
        if config is not None:
            above = _place(node, config)
        origin = above or self.origin(node)
        if is_true(sensitive):
            return Unknown("it is sensitive, and not shown", origin, sensitive=True)
        if is_true(unknown):
            reference = config.reference if isinstance(config, Unknown) else None
            return Unknown("it is known after apply", origin, reference=reference)
        if isinstance(node, ast.Tuple):
            return self._sequence(node, unknown, sensitive, config, above)
        if isinstance(node, ast.Object) or isinstance(unknown, ast.Object):
            return self._mapping(node, unknown, sensitive, config, above)
        if isinstance(node, ast.Template):
            return Scalar(node.literal or "", origin)
        if not _is_reasonable(node):
            return Unknown("the number is too large or too small", origin)
        return Scalar(node.value if isinstance(node, ast.Literal) else None, origin)

    def _sequence(
        self, node: ast.Tuple, unknown: Any, sensitive: Any, config: Value | None, above: Origin | None
    ) -> Sequence:
        hidden, secret = items(unknown), items(sensitive)
        written = config.items if isinstance(config, Sequence) else ()
        values = tuple(
            self.value(item, nth(hidden, index), nth(secret, index), one, above)
            for index, (item, one) in enumerate(zip(node.items, self._paired(node.items, written), strict=True))
        )
        return Sequence(values, above or self.origin(node))

    def _mapping(self, node: Any, unknown: Any, sensitive: Any, config: Value | None, above: Origin | None) -> Mapping:
        planned, hidden, secret = dict(pairs(node)), dict(pairs(unknown)), dict(pairs(sensitive))
        written = config.fields if isinstance(config, Mapping) else {}
        fields: dict[str, Value] = {}
        for name in [*planned, *(name for name in hidden if name not in planned)]:
            one = written.get(name) if name in written else None
            value = self.value(planned.get(name), hidden.get(name), secret.get(name), one, above)
            # Plans list every block type a resource could have; an empty list of what nobody wrote is no block.
            if one is not None or not (isinstance(value, Sequence) and not value.items):
                fields[name] = value
        keys = config.keys if isinstance(config, Mapping) else {}
        return Mapping(fields, above or self.origin(node), keys)

    def _paired(self, planned: tuple[Any, ...], written: tuple[Value, ...]) -> list[Value | None]:
        """For each planned element the configured one it comes from: plans sort sets, configurations do not."""
        left = dict(enumerate(written))
        found: list[Value | None] = []
        for index, node in enumerate(planned):
            candidates = list(left) if self._comparisons_left > 0 else [index] if index in left else []
            # Of those that fit equally well the one at the same position, then the first.
            ranked = [(self._likeness(node, left[at]), at == index, -at) for at in candidates]
            found.append(left.pop(-max(ranked)[2]) if ranked else None)
        return found

    def _likeness(self, node: Any, config: Value) -> int:
        """How much of a planned value a configured one agrees with: agreements less contradictions."""
        self._comparisons_left -= 1
        if isinstance(config, Scalar):
            return 1 if _agrees(node, config) else -1
        if self._comparisons_left < 0:
            return 0
        if isinstance(config, Mapping):
            planned = dict(pairs(node))
            return sum(self._likeness(planned.get(name), one) for name, one in dict.items(config.fields))
        if isinstance(config, Sequence):
            inner = items(node)
            matches = sum(self._likeness(nth(inner, index), one) for index, one in enumerate(config.items))
            return matches - abs(len(inner) - len(config.items))
        return 0


def _place(node: Any, config: Value) -> Origin:
    """Where a planned value was set, given what the configuration at hand makes of it.

    Where that is another value, another input decided than the files at hand say: then the last place it passed
    through, the argument itself, is all that is certain.
    """
    if isinstance(config, Scalar) and not _agrees(node, config) and config.origin.via:
        return config.origin.via[-1]
    return config.origin


def _is_reasonable(node: Any) -> bool:
    """Whether it is no number, or one whose digits are as few as those of any that Terraform works with here."""
    value = getattr(node, "value", None)
    return not isinstance(value, Decimal) or abs(value.adjusted()) < MAX_EXPONENT


def _agrees(node: Any, config: Scalar) -> bool:
    """Whether a planned scalar is the configured one; providers turn numbers and booleans into strings and back."""
    if not _is_reasonable(node):
        return False
    planned = text(node) if isinstance(node, ast.Template) else getattr(node, "value", None)
    return planned == config.value or _spelled(planned) == _spelled(config.value)


def _spelled(value: Any) -> str:
    if isinstance(value, Decimal | int | float) and not isinstance(value, bool):
        return format(Decimal(value).normalize(), "f")
    return str(value).lower() if isinstance(value, bool) else str(value)
