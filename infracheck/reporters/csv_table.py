"""For spreadsheets: a row for each finding, and for each thing that is broken."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from infracheck.reporters.escape import cell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infracheck.findings.report import Report
    from infracheck.reporters.style import Style
    from infracheck.rule import Rule

COLUMNS = (
    "severity",
    "priority",
    "category",
    "rule",
    "path",
    "line",
    "column",
    "object",
    "environments",
    "message",
    "fix",
)


def render(report: Report, rules: Sequence[Rule], style: Style) -> str:
    """The report as CSV (RFC 4180) with a heading."""
    del rules, style
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    for finding in report.findings:
        place = finding.location
        texts = [
            *(finding.severity.value, finding.priority.value, finding.category.value, finding.rule_id),
            *(place.path, str(place.line), str(place.column), finding.address),
            *(" ".join(finding.environments), finding.message, finding.remedy),
        ]
        writer.writerow([cell(text) for text in texts])
    for gap in report.broken:
        path, line = (gap.location.path, str(gap.location.line)) if gap.location else (gap.subject, "")
        texts = ["broken", "", "", "", path, line, "", gap.subject, " ".join(gap.environments), gap.reason, gap.command]
        writer.writerow([cell(text) for text in texts])
    return stream.getvalue()
