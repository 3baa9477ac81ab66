"""For code scanning: SARIF 2.1.0 (OASIS), as GitHub reads it ("SARIF support for code scanning", GitHub Docs)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from infracheck.findings.report import GapKind
from infracheck.findings.severity import Confidence, Severity
from infracheck.reporters.json_report import json_text
from infracheck.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infracheck.findings.finding import Finding, Location
    from infracheck.findings.report import Gap, Report
    from infracheck.reporters.style import Style
    from infracheck.rule import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "https://github.com/infracheck/infracheck"
LEVELS = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
    Severity.INFO: "note",
}
SCORES = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "2.0",
    Severity.INFO: "0.0",
}
"""`security-severity`: GitHub calls more than 9.0 critical, 7.0 high, 4.0 medium, 0.1 low."""
PRECISION = {Confidence.HIGH: "very-high", Confidence.MEDIUM: "high", Confidence.LOW: "medium"}
MOST_RESULTS = 25_000
"""Results of a run that GitHub accepts; the worst come first, so the mildest are left out."""
MOST_RELATED = 100
"""Related places of a result that GitHub keeps."""


def render(report: Report, rules: Sequence[Rule], style: Style) -> str:
    """The report as SARIF."""
    del style
    ran = {rule.id: rule for rule in rules if rule.id in set(report.rule_ids)}
    ids = sorted(ran)
    run = {
        "tool": {
            "driver": {
                "name": "infracheck",
                "version": __version__,
                "semanticVersion": __version__,
                "informationUri": HOME,
                "rules": [_rule(ran[rule_id]) for rule_id in ids],
            }
        },
        "invocations": [_invocation(report)],
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {"%SRCROOT%": {"description": {"text": "The root of the scanned repository."}}},
        "results": [_result(finding, ids) for finding in report.findings[:MOST_RESULTS]],
    }
    return json_text({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(rule: Rule) -> dict[str, Any]:
    page = rule.page
    prose = "\n\n".join([page.introduction, *(f"## {title}\n\n{text}" for title, text in page.sections)])
    return {
        "id": rule.id,
        "name": rule.id.replace("/", "-"),
        "shortDescription": {"text": page.title or rule.id},
        "fullDescription": {"text": page.introduction or page.title or rule.id},
        "help": {"text": prose or rule.remedy, "markdown": prose or rule.remedy},
        "defaultConfiguration": {"level": LEVELS[rule.severity]},
        "properties": {
            "tags": [rule.domain, rule.category.value, *rule.tags][:10],
            "precision": PRECISION[rule.confidence],
            "problem.severity": LEVELS[rule.severity].replace("note", "recommendation"),
            "security-severity": SCORES[rule.severity],
        },
    }


def _result(finding: Finding, ids: list[str]) -> dict[str, Any]:
    steps = [*reversed(finding.overrode), finding.location, *finding.via]
    related = [(f"overridden ({one.step})", one) for one in finding.overrode]
    related += [(f"passed on ({one.step})", one) for one in finding.via]
    related += [(one.label, one.location) for one in finding.related]
    result: dict[str, Any] = {
        "ruleId": finding.rule_id,
        "level": LEVELS[finding.severity],
        # GitLab reads a result's severity from its rank.
        "rank": float(SCORES[finding.severity]) * 10,
        "message": {"text": _message(finding)},
        "locations": [{**_place(finding.location), "logicalLocations": [{"fullyQualifiedName": finding.address}]}],
        "partialFingerprints": {"infracheck/v1": finding.fingerprint},
        "properties": {
            "environments": list(finding.environments),
            "priority": finding.priority.value,
            "severity": finding.severity.value,
        },
    }
    if finding.rule_id in ids:
        result["ruleIndex"] = ids.index(finding.rule_id)
    if related:
        result["relatedLocations"] = [
            {"id": number, **_place(one), "message": {"text": label}}
            for number, (label, one) in enumerate(related[:MOST_RELATED], 1)
        ]
    if len(steps) > 1:
        flow = [{"location": {**_place(one), "message": {"text": one.step}}} for one in steps]
        result["codeFlows"] = [{"threadFlows": [{"locations": flow}]}]
    return result


def _message(finding: Finding) -> str:
    places = f" ({', '.join(finding.environments)})" if finding.environments else ""
    return f"{finding.message}{places}. {finding.remedy}".strip()


def _place(place: Location) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(place.path), "uriBaseId": "%SRCROOT%"},
            "region": _region(place),
        }
    }


def _region(place: Location) -> dict[str, int]:
    """Lines and columns from 1; columns in UTF-16 code units, as `columnKind` says."""
    extra = sum(1 for character in place.text[: place.column - 1] if ord(character) > 0xFFFF)
    start = max(place.column, 1) + extra
    region = {"startLine": max(place.line, 1), "startColumn": start}
    if place.end_line == place.line and place.end_column > place.column:
        inside = place.text[place.column - 1 : place.end_column - 1]
        wide = sum(1 for character in inside if ord(character) > 0xFFFF)
        region |= {"endLine": max(place.line, 1), "endColumn": place.end_column + extra + wide}
    return region


def _uri(path: str) -> str:
    return quote(path.encode("utf-8", "surrogatepass"), safe="/~")


def _invocation(report: Report) -> dict[str, Any]:
    """Whether everything that should have been judged was, and what was not."""
    notifications = [_notification(gap) for gap in report.gaps if gap.kind is not GapKind.SKIPPED]
    notifications += [
        {"level": "error", "message": {"text": f"{error.rule_id} failed on {error.address}: {error.message}"}}
        for error in report.errors
    ]
    left = len(report.findings) - MOST_RESULTS
    if left > 0:
        text = f"{left} findings are left out: GitHub accepts {MOST_RESULTS} results of a run"
        notifications.append({"level": "warning", "message": {"text": text}})
    invocation: dict[str, Any] = {"executionSuccessful": not (report.broken or report.errors)}
    if notifications:
        invocation["toolExecutionNotifications"] = notifications
    return invocation


def _notification(gap: Gap) -> dict[str, Any]:
    level = "error" if gap.kind is GapKind.BROKEN else "note"
    notification: dict[str, Any] = {"level": level, "message": {"text": f"{gap.subject}: {gap.reason}"}}
    if gap.location is not None:
        notification["locations"] = [_place(gap.location)]
    return notification
