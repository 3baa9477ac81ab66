"""What the API server takes for a port's number and name."""

from __future__ import annotations

import re
from typing import Final

HIGHEST: Final = 65535
"""The highest number of a port; the lowest is 1."""
LONGEST: Final = 15
"""Characters of a name."""
NAME: Final = re.compile(r"(?=[0-9-]*[a-z])[a-z0-9]+(?:-[a-z0-9]+)*")
"""RFC 6335, 5.1, as `IsValidPortName` of Kubernetes reads it: small letters only."""


def is_port_number(number: float) -> bool:
    """Whether a number may be that of a port."""
    return 1 <= number <= HIGHEST


def is_port_name(name: str) -> bool:
    """Whether a text may name the port of a container; digits alone may not, so that `"8080"` is no port."""
    return len(name) <= LONGEST and NAME.fullmatch(name) is not None
