"""For Jenkins and reviewdog: Checkstyle XML."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from infracheck.findings.severity import Severity
from infracheck.reporters import digest
from infracheck.reporters.escape import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infracheck.findings.report import Report
    from infracheck.reporters.style import Style
    from infracheck.rule import Rule

LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "info",
    Severity.INFO: "info",
}


def render(report: Report, rules: Sequence[Rule], style: Style) -> str:
    """The report as Checkstyle XML."""
    del rules, style
    root = Element("checkstyle", version="4.3")
    for path, found in digest.by_file(report):
        file = SubElement(root, "file", name=visible(path))
        for finding in found:
            SubElement(
                file,
                "error",
                line=str(finding.location.line),
                column=str(finding.location.column),
                severity=LEVELS[finding.severity],
                message=visible(f"{finding.message}. {finding.remedy}".strip()),
                source=finding.rule_id,
            )
    for gap in report.broken:
        file = SubElement(root, "file", name=visible(gap.location.path if gap.location else gap.subject))
        line = str(gap.location.line if gap.location else 1)
        SubElement(file, "error", line=line, severity="error", message=visible(gap.reason), source="infracheck/broken")
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'
