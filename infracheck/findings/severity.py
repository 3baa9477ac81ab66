"""How bad, how sure, how urgent, and for which kind of environment."""

from __future__ import annotations

from enum import Enum, StrEnum
from functools import total_ordering


@total_ordering
class Severity(Enum):
    """How bad it is if the finding is true and nobody acts; INFO < LOW < MEDIUM < HIGH < CRITICAL."""

    INFO = "info"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"

    @property
    def weight(self) -> int:
        """0 for info up to 4 for critical."""
        return list(Severity).index(self)

    def __lt__(self, other: object) -> bool:
        return self.weight < other.weight if isinstance(other, Severity) else NotImplemented


class Confidence(Enum):
    """How sure the rule is that what it reports is a fault, apart from how bad the fault is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Priority(StrEnum):
    """The incident scale users page by."""

    P0 = "P0"
    """Customers are hit."""
    P1 = "P1"
    """Service is degraded."""
    P2 = "P2"
    """Minor."""
    P3 = "P3"
    """Cosmetic."""


class Profile(StrEnum):
    """What an environment is for, which decides what is demanded of it."""

    DEVELOPMENT = "development"
    """Permissive: availability findings are informational."""
    SANDBOX = "sandbox"
    """Production-like."""
    PRODUCTION = "production"
    """Everything counts."""


class Category(StrEnum):
    """What a rule protects. The name of the default severity table per profile, and of a filter in reports."""

    SECURITY = "security"
    AVAILABILITY = "availability"
    CORRECTNESS = "correctness"
    COST = "cost"
    OPERATIONS = "operations"
    """Can it be run, observed and rolled back?"""
