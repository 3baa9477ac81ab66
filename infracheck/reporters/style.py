"""How a report looks: what the reader's side can show, and what the reader wants to see."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from infracheck.findings.severity import Severity

CODES = {
    Severity.CRITICAL: "1;35",
    Severity.HIGH: "1;31",
    Severity.MEDIUM: "33",
    Severity.LOW: "36",
    Severity.INFO: "34",
}


@dataclass(frozen=True, slots=True)
class Style:
    """What the reader's side can show, and what the reader wants.

    Attributes:
        colour: whether ANSI colours may be used.
        unicode: whether anything beyond ASCII may be used for drawing.
        width: columns; source lines are cut to fit, nothing is wrapped.
        statistics: whether a count per rule is wanted instead of the findings.
        quiet: whether only findings are wanted.
        verbose: whether nothing may be summed up.
    """

    colour: bool = False
    unicode: bool = True
    width: int = 120
    statistics: bool = False
    quiet: bool = False
    verbose: bool = False

    def paint(self, text: str, code: str) -> str:
        """The text in a colour, where there are colours."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text

    def severity(self, severity: Severity, text: str = "") -> str:
        """A severity's name, or another text, in its colour."""
        return self.paint(text or severity.value, CODES[severity])

    def bold(self, text: str) -> str:
        """The text in bold."""
        return self.paint(text, "1")

    def faint(self, text: str) -> str:
        """The text in the background's neighbourhood."""
        return self.paint(text, "2")


def display_width(text: str) -> int:
    """How many columns a terminal gives a text: two for wide characters (UAX 11), none for combining ones."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(one) else 2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text
    )
