"""For a pull request's comment or a job's summary."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.report import GapKind
from infracheck.reporters import digest
from infracheck.reporters.escape import markdown, markdown_code, markdown_markup

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from infracheck.findings.finding import Finding
    from infracheck.findings.report import Report
    from infracheck.reporters.style import Style
    from infracheck.rule import Rule

MOST_CHARACTERS = 60_000
"""GitHub refuses comments of more than 65,536 characters."""
MOST_REMARKS = 10


def render(report: Report, rules: Sequence[Rule], style: Style) -> str:
    """A table of counts, the findings of each file, and what was not covered."""
    del rules, style
    top = [f"### infracheck: {digest.headline(report).lower()}", ""]
    if report.findings:
        top += [*_matrix(report), ""]
    bottom = [*_not_covered(report), "", f"Looked at {digest.looked_at(report)}."]
    missing = digest.shortfalls(report)
    bottom.append(f"Not covered: {', '.join(missing)}." if missing else "Everything found was read and judged.")
    room = MOST_CHARACTERS - len("\n".join([*top, *bottom]))
    middle = _fitting(report, room)
    return "\n".join([*top, *middle, *bottom]) + "\n"


def _fitting(report: Report, room: int) -> list[str]:
    """The findings of as many files as there is room for, and how many there are beyond them."""
    lines: list[str] = []
    left = len(report.findings)
    for path, found in digest.by_file(report):
        opening = [
            f"<details><summary><code>{markdown_markup(path)}</code>: {digest.headline_of(found)}</summary>",
            "",
            "| severity | line | what | where | fix |",
            "|---|---|---|---|---|",
        ]
        block = list(opening)
        for finding in found:
            row = _row(finding)
            room -= len(row) + 1
            if room < 1_000:
                break
            block.append(row)
            left -= 1
        if len(block) > len(opening):
            room -= sum(len(line) + 1 for line in opening) + 20
            lines += [*block, "", "</details>", ""]
        if room < 1_000:
            break
    if left:
        lines += [f"{left:,} more are not shown here.", ""]
    return lines


def _row(finding: Finding) -> str:
    cells = (
        finding.severity.value,
        str(finding.location.line),
        f"{markdown(finding.message)} ({markdown_code(finding.rule_id)})",
        markdown(", ".join(finding.environments)),
        markdown(finding.remedy),
    )
    return f"| {' | '.join(cells)} |"


def _matrix(report: Report) -> Iterator[str]:
    columns = digest.severities(report)
    yield f"| environment | {' | '.join(severity.value for severity in columns)} |"
    yield f"|---{'|---:' * len(columns)}|"
    for name, counts in digest.by_environment(report):
        yield f"| {markdown(name)} | {' | '.join(str(counts.get(one) or '') for one in columns)} |"


def _not_covered(report: Report) -> Iterator[str]:
    sections = [
        ("Broken (this fails the scan)", [digest.gap_text(gap) for gap in report.broken]),
        ("Outside of what is read", [digest.gap_text(gap) for gap in digest.gaps_of(report, GapKind.OUTSIDE)]),
        ("Not judged", [f"{cause.count} x {cause.reason}" for cause in digest.causes(report)]),
        ("Rules that failed", [f"{error.rule_id}: {error.message}" for error in report.errors]),
    ]
    for heading, entries in sections:
        if entries:
            yield from ("", f"**{heading}**", "")
            yield from (f"- {markdown(entry[:500])}" for entry in entries[:MOST_REMARKS])
            if len(entries) > MOST_REMARKS:
                yield f"- and {len(entries) - MOST_REMARKS:,} more"
