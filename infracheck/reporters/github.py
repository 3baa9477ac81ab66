"""For a workflow's log: annotations ("Workflow commands for GitHub Actions"), escaped as the runner expects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Severity
from infracheck.reporters.style import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infracheck.findings.report import Report
    from infracheck.reporters.style import Style
    from infracheck.rule import Rule

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}


def render(report: Report, rules: Sequence[Rule], style: Style) -> str:
    """One command for each finding and each thing that could not be read."""
    del rules, style
    lines = []
    for finding in report.findings:
        place = finding.location
        where = f"file={_property(place.path)},line={place.line},col={place.column},title={_property(finding.rule_id)}"
        places = f" ({', '.join(finding.environments)})" if finding.environments else ""
        lines.append(f"::{LEVELS[finding.severity]} {where}::{_data(f'{finding.message}{places}. {finding.remedy}')}")
    for gap in report.broken:
        where = f"file={_property(gap.location.path)},line={gap.location.line}" if gap.location else "title=unreadable"
        lines.append(f"::error {where}::{_data(f'{gap.subject}: {gap.reason}')}")
    return "".join(f"{line}\n" for line in lines)


def _data(text: str) -> str:
    # The runner still honours the old form `##[command]` anywhere in a line.
    shown = one_line(text).replace("%", "%25")
    return shown.replace("##[", "## [")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
