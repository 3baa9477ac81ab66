"""For merge requests: GitLab's Code Quality report (GitLab Docs, "Code Quality report format")."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

from infracheck.findings.severity import Severity
from infracheck.reporters.escape import visible
from infracheck.reporters.json_report import json_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infracheck.findings.finding import Finding
    from infracheck.findings.report import Gap, Report
    from infracheck.reporters.style import Style
    from infracheck.rule import Rule

LEVELS = {
    Severity.CRITICAL: "blocker",
    Severity.HIGH: "critical",
    Severity.MEDIUM: "major",
    Severity.LOW: "minor",
    Severity.INFO: "info",
}


def render(report: Report, rules: Sequence[Rule], style: Style) -> str:
    """One entry for each finding and each thing that is broken."""
    del rules, style
    entries = [_finding(finding) for finding in report.findings] + [_broken(gap) for gap in report.broken]
    seen: dict[str, int] = {}
    for entry in entries:
        fingerprint = entry["fingerprint"]
        seen[fingerprint] = seen.get(fingerprint, 0) + 1
        if seen[fingerprint] > 1:
            # GitLab drops entries that share a fingerprint.
            entry["fingerprint"] = _hash(f"{fingerprint}:{seen[fingerprint]}")
    return json_text(entries)


def _finding(finding: Finding) -> dict[str, Any]:
    places = f" ({', '.join(finding.environments)})" if finding.environments else ""
    return {
        # GitLab does not show check_name, so the rule's id leads the description.
        "description": visible(f"{finding.rule_id}: {finding.message}{places}"),
        "check_name": finding.rule_id,
        "fingerprint": finding.fingerprint or _hash(f"{finding.rule_id}:{finding.address}:{finding.field}"),
        "severity": LEVELS[finding.severity],
        "location": {"path": finding.location.path, "lines": {"begin": finding.location.line}},
    }


def _broken(gap: Gap) -> dict[str, Any]:
    place = gap.location
    return {
        "description": visible(f"broken: {gap.subject}: {gap.reason}"),
        "check_name": "infracheck/broken",
        "fingerprint": _hash(f"broken:{gap.subject}:{gap.reason}"),
        "severity": "critical",
        "location": {"path": place.path if place else gap.subject, "lines": {"begin": place.line if place else 1}},
    }


def _hash(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
