"""Durations as Go programs write them: `1h30m`, `720h`, `1.5s`.

Source: `time.ParseDuration` of Go, which Karpenter, External Secrets and cert-manager read their settings with.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infracheck.source.field import Field

PART = re.compile(r"(\d{1,18}\.?\d{0,18}|\.\d{1,18})(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
SECONDS = {
    "ns": Decimal("1e-9"),
    "us": Decimal("1e-6"),
    "µs": Decimal("1e-6"),
    "μs": Decimal("1e-6"),
    "ms": Decimal("1e-3"),
    "s": Decimal(1),
    "m": Decimal(60),
    "h": Decimal(3600),
}
LONGEST = 200


def parse_duration(text: str) -> float | None:
    """Seconds of a Go duration; None for what is none. A bare number is none, but for 0."""
    if text in ("0", "+0", "-0"):
        return 0.0
    body = text.removeprefix("-") if text.startswith("-") else text.removeprefix("+")
    at, total = 0, Decimal(0)
    while at < len(body) <= LONGEST:
        part = PART.match(body, at)
        if part is None:
            return None
        total += Decimal(part[1]) * SECONDS[part[2]]
        at = part.end()
    if not body or at < len(body):
        return None
    return float(-total if text.startswith("-") else total)


def duration(field: Field, default: float | None = None) -> float | None:
    """Seconds of the duration at a field; the default where there is none.

    Raises:
        NotJudged: the value is unknown.
    """
    text = field.text()
    parsed = parse_duration(text) if text is not None else None
    return default if parsed is None else parsed
