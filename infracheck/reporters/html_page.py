"""For a browser: one self-contained page. No script, nothing loaded from elsewhere; filters work by CSS alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.report import GapKind
from infracheck.findings.severity import Severity
from infracheck.reporters import digest
from infracheck.reporters.escape import markup
from infracheck.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from infracheck.findings.finding import Finding, Location
    from infracheck.findings.report import Report
    from infracheck.reporters.style import Style
    from infracheck.rule import Rule

STYLE = """
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
table { border-collapse: collapse; } th, td { padding: .2rem .8rem; text-align: right; }
th:first-child, td:first-child { text-align: left; }
article { border-left: .3rem solid #888; margin: 1rem 0; padding: .1rem 1rem; }
article h3 { font-size: 1rem; margin: .3rem 0; } pre { margin: .3rem 0; overflow-x: auto; }
mark { background: #f8c; color: #000; } dl { margin: .3rem 0; } dt { float: left; margin-right: .5rem; color: #888; }
dd { margin: 0; overflow-wrap: anywhere; } summary { cursor: pointer; font-weight: bold; }
.critical { border-color: #a0f; } .high { border-color: #e22; } .medium { border-color: #e90; }
.low { border-color: #2ac; } .info { border-color: #66f; }
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def render(report: Report, rules: Sequence[Rule], style: Style) -> str:
    """The report as a page."""
    del style
    titles = {rule.id: rule.title for rule in rules}
    return "\n".join([*_head(report), *_matrix(report), *_findings(report, titles), *_not_covered(report), *_foot()])


def _head(report: Report) -> Iterator[str]:
    yield "<!doctype html>"
    yield '<html lang="en"><head><meta charset="utf-8"><title>infracheck</title>'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    hiding = "".join(
        f"body:has(#show-{one.value}:not(:checked)) .{one.value} {{ display: none; }}\n" for one in Severity
    )
    yield f"<style>{STYLE}{hiding}</style></head><body>"
    yield f"<h1>{digest.headline(report)}</h1>"
    missing = ", ".join(digest.shortfalls(report))
    remark = f"Not covered: {missing}." if missing else "Everything found was read and judged."
    yield f"<p>Looked at {digest.looked_at(report)}. {remark}</p>"


def _matrix(report: Report) -> Iterator[str]:
    if not report.findings:
        return
    columns = digest.severities(report)
    boxes = "".join(
        f'<th><label><input type="checkbox" id="show-{one.value}" checked> {one.value}</label></th>' for one in columns
    )
    yield f"<table><tr><th>environment</th>{boxes}</tr>"
    for name, counts in digest.by_environment(report):
        numbers = "".join(f"<td>{counts.get(one) or ''}</td>" for one in columns)
        yield f"<tr><td>{markup(name)}</td>{numbers}</tr>"
    yield "</table>"


def _findings(report: Report, titles: dict[str, str]) -> Iterator[str]:
    for path, found in digest.by_file(report):
        yield f"<details open><summary>{markup(path)}: {digest.headline_of(found)}</summary>"
        for finding in found:
            yield from _finding(finding, titles.get(finding.rule_id, ""))
        yield "</details>"


def _finding(finding: Finding, title: str) -> Iterator[str]:
    hint = f' title="{markup(title)}"' if title else ""
    yield f'<article class="{finding.severity.value}"><h3>{finding.severity.value}: {markup(finding.message)}</h3>'
    yield _quote(finding.location)
    yield "<dl>"
    yield f"<dt>rule</dt><dd{hint}>{markup(finding.rule_id)}</dd>"
    for label, place in (
        *(("overrode", one) for one in finding.overrode),
        *(("through", one) for one in finding.via),
        *((one.label, one.location) for one in finding.related),
    ):
        yield f"<dt>{markup(label)}</dt><dd>{markup(f'{place}: {place.text.strip()}'.removesuffix(': '))}</dd>"
    for label, text in (
        ("object", "; ".join([finding.address, *finding.also])),
        ("in", ", ".join(finding.environments)),
        ("fix", finding.remedy),
    ):
        if text:
            yield f"<dt>{label}</dt><dd>{markup(text)}</dd>"
    yield "</dl></article>"


def _quote(place: Location) -> str:
    text, start = place.text, place.column - 1
    end = place.end_column - 1 if place.end_line == place.line else len(text)
    marked = f"{markup(text[:start])}<mark>{markup(text[start:end])}</mark>{markup(text[end:])}"
    step = "" if place.step == "written" else f" ({place.step})"
    where = markup(f"{place}{step}")
    return f"<p><code>{where}</code></p><pre>{marked}</pre>" if text else f"<p><code>{where}</code></p>"


def _not_covered(report: Report) -> Iterator[str]:
    sections = (
        ("Broken (this fails the scan)", [digest.gap_text(gap) for gap in report.broken]),
        ("Outside of what is read", [digest.gap_text(gap) for gap in digest.gaps_of(report, GapKind.OUTSIDE)]),
        ("Left out", [digest.gap_text(gap) for gap in digest.gaps_of(report, GapKind.SKIPPED)]),
        ("Not judged", [f"{cause.count} x {cause.reason}" for cause in digest.causes(report)]),
        ("Waived", [f"{one.finding.rule_id} at {one.finding.location}: {one.reason}" for one in report.suppressed]),
        ("Rules that failed", [f"{one.rule_id} on {one.address}: {one.message}" for one in report.errors]),
        ("Notes", list(report.notes)),
    )
    for heading, entries in sections:
        if entries:
            yield f"<h2>{heading}</h2><ul>"
            yield from (f"<li>{markup(entry)}</li>" for entry in entries)
            yield "</ul>"


def _foot() -> Iterator[str]:
    yield f"<p>infracheck {__version__}</p></body></html>"
    yield ""
