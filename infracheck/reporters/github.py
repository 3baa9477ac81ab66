"""For a workflow's log: annotations ("Workflow commands for GitHub Actions", GitHub Docs).

GitHub shows ten annotations of each level for a step, so the worst come first and the rest is counted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Severity
from infracheck.reporters import digest
from infracheck.reporters.escape import workflow_data, workflow_property

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from infracheck.findings.finding import Finding
    from infracheck.findings.report import Gap, Report
    from infracheck.reporters.style import Style
    from infracheck.rule import Rule

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
    Severity.INFO: "notice",
}
MOST = {"error": 10, "warning": 10, "notice": 9}
"""Annotations of each level; the tenth notice says what is not shown."""


def render(report: Report, rules: Sequence[Rule], style: Style) -> str:
    """One command for each finding and each thing that is broken."""
    del rules, style
    shown = dict.fromkeys(MOST, 0)
    lines = []
    hidden = 0
    for level, line in _annotations(report):
        shown[level] += 1
        if shown[level] <= MOST[level]:
            lines.append(line)
        else:
            hidden += 1
    summary = f"{digest.headline(report)}. Looked at {digest.looked_at(report)}."
    if hidden:
        summary = f"{hidden:,} more are not shown here. {summary}"
    missing = digest.shortfalls(report)
    if missing:
        summary = f"{summary} Not covered: {', '.join(missing)}."
    lines.append(f"::notice title=infracheck::{workflow_data(summary)}")
    return "".join(f"{line}\n" for line in lines)


def _annotations(report: Report) -> Iterator[tuple[str, str]]:
    for gap in report.broken:
        yield "error", _broken(gap)
    for error in report.errors:
        text = f"rule {error.rule_id} failed on {error.address}: {error.message}"
        yield "error", f"::error title=infracheck::{workflow_data(text)}"
    for finding in report.findings:
        yield LEVELS[finding.severity], _finding(finding)


def _finding(finding: Finding) -> str:
    place = finding.location
    properties = [f"file={workflow_property(place.path)}", f"line={place.line}", f"col={place.column}"]
    if place.end_line == place.line and place.end_column > place.column:
        # A column range that spans lines makes GitHub drop the annotation's place.
        properties.append(f"endColumn={place.end_column - 1}")
    title = workflow_property(f"{finding.severity.value}: {finding.rule_id}")
    places = f" ({', '.join(finding.environments)})" if finding.environments else ""
    text = f"{finding.message}{places}. {finding.remedy}".strip()
    return f"::{LEVELS[finding.severity]} {','.join(properties)},title={title}::{workflow_data(text)}"


def _broken(gap: Gap) -> str:
    place = gap.location
    where = f"file={workflow_property(place.path)},line={place.line}," if place else ""
    text = gap.reason if place and place.path == gap.subject else f"{gap.subject}: {gap.reason}"
    return f"::error {where}title=infracheck%3A broken::{workflow_data(text)}"
