"""How a report looks: colours where a person reads, escapes where a stranger wrote."""

from __future__ import annotations

import re
from dataclasses import dataclass

from infracheck.findings.severity import Severity

# C0 controls but tab and line feed, DEL, C1 controls: a terminal obeys them (CVE-2021-25743, kubectl).
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Bidirectional and zero-width characters and tags, which make text look like another (CVE-2021-42574).
DECEPTIVE = re.compile(
    "[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
SURROGATE = re.compile("[\ud800-\udfff]")

CODES = {
    Severity.CRITICAL: "1;35",
    Severity.HIGH: "1;31",
    Severity.MEDIUM: "33",
    Severity.LOW: "36",
    Severity.INFO: "34",
}


@dataclass(frozen=True, slots=True)
class Style:
    """What the reader's side can show.

    Attributes:
        colour: whether ANSI colours may be used.
        unicode: whether anything beyond ASCII may be used.
        width: columns.
        statistics: whether a count per rule is wanted.
        quiet: whether only findings are wanted.
    """

    colour: bool = False
    unicode: bool = True
    width: int = 100
    statistics: bool = False
    quiet: bool = False

    def paint(self, text: str, code: str) -> str:
        """The text in a colour, where there are colours."""
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text

    def severity(self, severity: Severity, text: str = "") -> str:
        """A severity's name, or another text, in its colour."""
        return self.paint(text or severity.value, CODES[severity])

    def bold(self, text: str) -> str:
        """The text in bold."""
        return self.paint(text, "1")

    def faint(self, text: str) -> str:
        """The text in the background's neighbourhood."""
        return self.paint(text, "2")


def visible(text: str) -> str:
    """Text of a stranger, safe for a terminal: control and deceptive characters are shown, not obeyed."""
    text = CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)
    text = DECEPTIVE.sub(lambda match: f"<U+{ord(match[0]):04X}>", text)
    return SURROGATE.sub(lambda match: f"<U+{ord(match[0]):04X}>", text)


def one_line(text: str) -> str:
    """As `visible`, with line ends shown too."""
    return visible(text).replace("\n", "\\n").replace("\t", " ")
