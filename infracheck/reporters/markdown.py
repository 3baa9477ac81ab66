"""For a pull request's comment or a job's summary."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.reporters.style import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infracheck.findings.report import Report
    from infracheck.reporters.style import Style
    from infracheck.rule import Rule

SPECIAL = re.compile(r"([\\`*_{}\[\]<>()#+!|@~])")


def render(report: Report, rules: Sequence[Rule], style: Style) -> str:
    """A table of findings, worst first, and a line on what was not covered."""
    del rules, style
    counts = ", ".join(f"{count} {severity.value}" for severity, count in report.count().items()) or "none"
    lines = [f"### infracheck: {counts}", ""]
    if report.findings:
        lines += ["| severity | where | what | environments |", "|---|---|---|---|"]
    for finding in report.findings:
        place = f"{finding.location.path}:{finding.location.line}"
        cells = (
            finding.severity.value,
            place,
            f"{finding.message} ({finding.rule_id})",
            ", ".join(finding.environments),
        )
        lines.append("| " + " | ".join(_plain(cell) for cell in cells) + " |")
    uncovered = f"{len(report.broken)} could not be read, {len(report.undecided)} judgements left open, "
    lines += ["", f"{uncovered}{len(report.suppressed)} waived."]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Text of a stranger as nothing but text: no markup, no mention, no link."""
    return SPECIAL.sub(r"\\\1", one_line(text))
