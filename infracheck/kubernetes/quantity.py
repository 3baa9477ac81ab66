"""Quantities, exactly as Kubernetes reads them, and numbers that may be percentages, rounded as its controllers do.

Sources: `k8s.io/apimachinery/pkg/api/resource/quantity.go` (grammar and rounding),
`k8s.io/apimachinery/pkg/util/intstr/intstr.go` (`GetScaledValueFromIntOrPercent`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, Context, Decimal
from typing import TYPE_CHECKING

from infracheck.source.values import Scalar

if TYPE_CHECKING:
    from infracheck.source.field import Field

QUANTITY = re.compile(r"([+-]?)(\d*\.?\d*)([eE][+-]?\d+|[KMGTPE]i|[numkMGTPE]?)", re.ASCII)
SUFFIXES = {
    "n": Decimal("1e-9"),
    "u": Decimal("1e-6"),
    "m": Decimal("1e-3"),
    "": Decimal(1),
    **{letter: Decimal(1000) ** power for power, letter in enumerate("kMGTPE", start=1)},
    **{f"{letter}i": Decimal(1024) ** power for power, letter in enumerate("KMGTPE", start=1)},
}
LARGEST = Decimal(2**63 - 1)
"""The largest amount; more is cut to it (`maxAllowed` in quantity.go)."""
SMALLEST = Decimal("1e-9")
"""The finest step; amounts are rounded up to it, away from zero."""
LONGEST = 256
"""The most characters a quantity may have here. Real ones have under ten."""

_exact = Context(prec=LONGEST * 2)


class QuantityError(ValueError):
    """A text is no quantity; Kubernetes would refuse the object."""


def parse_quantity(text: str) -> Decimal:
    """A quantity in its base unit: cores, bytes or pieces. `parse_quantity("250m") == Decimal("0.25")`.

    Raises:
        QuantityError: the text is no quantity.
    """
    match = QUANTITY.fullmatch(text) if 0 < len(text) <= LONGEST else None
    if not match:
        raise QuantityError(f"{text[:LONGEST]!r} is not a Kubernetes quantity: write 250m, 0.5, 512Mi, 2G or 1e3")
    sign, digits, suffix = match.groups()
    # Kubernetes reads no digits at all as zero: "Gi" is a quantity.
    amount = Decimal(digits if digits.strip(".") else 0)
    if suffix[:1] in ("e", "E") and len(suffix) > 1 and suffix != "Ei":
        amount = _scaled(amount, int(suffix[1:]))
    else:
        amount = _exact.multiply(amount, SUFFIXES[suffix])
    amount = LARGEST if amount > LARGEST else amount.quantize(SMALLEST, ROUND_CEILING, _exact)
    return tidy(-amount if sign == "-" else amount)


def tidy(amount: Decimal) -> Decimal:
    """The same number without needless zeros and without an exponent when it is whole: it prints as one would write."""
    whole = amount.to_integral_value()
    return whole if amount == whole else amount.normalize(_exact)


def _scaled(amount: Decimal, exponent: int) -> Decimal:
    # Past these bounds every amount that has at most LONGEST digits is cut or rounded to the same result.
    bounded = max(-2 * LONGEST, min(2 * LONGEST, exponent))
    return amount.scaleb(bounded, Context(prec=LONGEST * 4))


def quantity(field: Field) -> Decimal | None:
    """The quantity at a field, in its base unit (cores, bytes, pieces); None where absent or no quantity.

    Raises:
        NotJudged: the value is unknown.
    """
    try:
        return strict_quantity(field)
    except QuantityError:
        return None


def strict_quantity(field: Field) -> Decimal | None:
    """As `quantity`, but says what is wrong with a malformed one.

    Raises:
        NotJudged: the value is unknown.
        QuantityError: what stands there is no quantity.
    """
    field.require()
    if not field.exists:
        return None
    value = field.value.value if isinstance(field.value, Scalar) else None
    if isinstance(value, str):
        return parse_quantity(value)
    if isinstance(value, bool) or value is None:
        raise QuantityError("a quantity is a number or a text such as 250m or 512Mi")
    try:
        return parse_quantity(format(Decimal(str(value)), "f"))
    except ArithmeticError as problem:
        raise QuantityError(f"{value} is not a Kubernetes quantity") from problem


@dataclass(frozen=True, slots=True)
class IntOrPercent:
    """A count, or a percentage of one.

    Attributes:
        amount: the count, or the percentage.
        percent: whether it is a percentage.
    """

    amount: int
    percent: bool = False

    def of(self, total: int, *, round_up: bool) -> int:
        """The count it stands for out of a total. Each controller rounds in its own direction: see the callers."""
        if not self.percent:
            return self.amount
        product = self.amount * total
        return -(-product // 100) if round_up else product // 100

    def __str__(self) -> str:
        return f"{self.amount}%" if self.percent else str(self.amount)


PERCENT = re.compile(r"(\d{1,9})%", re.ASCII)


def int_or_percent(field: Field) -> IntOrPercent | None:
    """The count or percentage at a field; None where absent, or where Kubernetes would refuse it.

    Raises:
        NotJudged: the value is unknown.
    """
    field.require()
    value = field.value.value if isinstance(field.value, Scalar) else None
    if isinstance(value, str):
        match = PERCENT.fullmatch(value)
        return IntOrPercent(int(match[1]), percent=True) if match else None
    number = field.number()
    return IntOrPercent(number) if isinstance(number, int) else None
