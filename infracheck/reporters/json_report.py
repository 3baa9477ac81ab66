"""For programs: everything the report holds, under a versioned schema (`docs/schema/report.schema.json`)."""

from __future__ import annotations

import json
from dataclasses import fields
from enum import Enum
from typing import TYPE_CHECKING, Any

from infracheck.findings.finding import Finding, Location, Related
from infracheck.findings.report import Coverage, Gap, GapKind, Report, RuleError, Suppressed, Undecided
from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from infracheck.reporters.style import Style
    from infracheck.rule import Rule

SCHEMA_VERSION = 1
"""Raised when a reader of the previous version could misread this one; new fields do not raise it."""


def render(report: Report, rules: Sequence[Rule], style: Style) -> str:
    """The report as JSON: keys in a fixed order, ASCII alone, so that no terminal and no runner obeys a name in it."""
    del rules, style
    return json_text(to_data(report))


def json_text(data: Any) -> str:
    """JSON that may be printed into the log of a workflow: `##[` there would begin a command."""
    return json.dumps(data, indent=2).replace("##[", "#\\u0023[") + "\n"


def to_data(report: Report) -> dict[str, Any]:
    """The report as plain data."""
    return {
        "schema_version": SCHEMA_VERSION,
        "infracheck_version": __version__,
        "summary": {severity.value: count for severity, count in report.count().items()},
        **{field.name: _plain(getattr(report, field.name)) for field in fields(report) if field.name != "environments"},
        "environments": [{"name": name, "profile": profile} for name, profile in report.environments],
    }


def from_data(data: Mapping[str, Any]) -> Report:
    """The report that `to_data` gave.

    Raises:
        ValueError: it has another schema version.
    """
    if data.get("schema_version") != SCHEMA_VERSION:
        raise ValueError(f"schema version {data.get('schema_version')!r}; this infracheck reads {SCHEMA_VERSION}")
    return Report(
        findings=tuple(_finding(one) for one in data["findings"]),
        gaps=tuple(
            Gap(
                kind=GapKind(one["kind"]),
                location=_maybe_location(one["location"]),
                environments=tuple(one["environments"]),
                **{name: one[name] for name in ("subject", "reason", "command", "count")},
            )
            for one in data["gaps"]
        ),
        undecided=tuple(
            Undecided(
                location=_location(one["location"]),
                environments=tuple(one["environments"]),
                **{name: one[name] for name in ("rule_id", "address", "field", "reason")},
            )
            for one in data["undecided"]
        ),
        errors=tuple(RuleError(**one) for one in data["errors"]),
        suppressed=tuple(
            Suppressed(_finding(one["finding"]), one["reason"], _maybe_location(one["location"]))
            for one in data["suppressed"]
        ),
        notes=tuple(data["notes"]),
        environments=tuple((one["name"], one["profile"]) for one in data["environments"]),
        coverage=Coverage(**data["coverage"]),
        rule_ids=tuple(data["rule_ids"]),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if hasattr(value, "__dataclass_fields__"):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    return value


def _finding(data: Mapping[str, Any]) -> Finding:
    plain = {name: data[name] for name in ("rule_id", "message", "address", "field", "remedy", "fingerprint")}
    return Finding(
        **plain,
        severity=Severity(data["severity"]),
        confidence=Confidence(data["confidence"]),
        priority=Priority(data["priority"]),
        category=Category(data["category"]),
        location=_location(data["location"]),
        via=tuple(_location(one) for one in data["via"]),
        overrode=tuple(_location(one) for one in data["overrode"]),
        related=tuple(Related(one["label"], _location(one["location"])) for one in data["related"]),
        environments=tuple(data["environments"]),
        stacks=tuple(data["stacks"]),
        also=tuple(data["also"]),
    )


def _location(data: Mapping[str, Any]) -> Location:
    return Location(**data)


def _maybe_location(data: Mapping[str, Any] | None) -> Location | None:
    return None if data is None else _location(data)
