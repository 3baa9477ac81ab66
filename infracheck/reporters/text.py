"""For people: each finding with the line to change, what that line overrode, and what to do."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from infracheck.findings.report import GapKind
from infracheck.findings.severity import Severity
from infracheck.reporters.style import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from infracheck.findings.finding import Finding, Location
    from infracheck.findings.report import Gap, Report
    from infracheck.reporters.style import Style
    from infracheck.rule import Rule

MOST_OF_A_KIND = 10
"""Lines of one kind of remark before the rest is only counted; `--output json` has them all."""


def render(report: Report, rules: Sequence[Rule], style: Style) -> str:
    """The report as text, with a summary at the end where the eye is."""
    del rules
    blocks: list[str] = []
    for _, group in groupby(report.findings, key=lambda finding: finding.location.path):
        blocks += ["\n".join(_finding(finding, style)) for finding in group]
    if not style.quiet:
        blocks += [text for text in (_not_covered(report, style), _matrix(report, style)) if text]
        if style.statistics:
            blocks.append(_statistics(report))
        blocks.append(_closing(report, style))
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _finding(finding: Finding, style: Style) -> Iterator[str]:
    place = finding.location
    head = style.severity(finding.severity, f"{finding.severity.value}[{finding.rule_id}]")
    yield f"{head}{style.bold(': ' + one_line(finding.message))}"
    gutter = " " * len(str(place.line))
    yield f"{gutter}{style.faint('-->')} {_where(place)}"
    if place.text:
        text = place.text.expandtabs(1)
        yield style.faint(f"{gutter} |")
        yield f"{style.faint(f'{place.line} |')} {one_line(text)}"
        yield f"{style.faint(f'{gutter} |')} {_caret(place, text, finding, style)}"
    for label, remark in _remarks(finding):
        yield f"{gutter} {style.faint('=')} {label}: {remark}"


def _caret(place: Location, text: str, finding: Finding, style: Style) -> str:
    start = max(place.column - 1, 0)
    end = max(min(place.end_column - 1, len(text)), start + 1)
    return " " * len(one_line(text[:start])) + style.severity(
        finding.severity, "^" * len(one_line(text[start:end]) or "^")
    )


def _where(place: Location) -> str:
    step = "" if place.step == "written" else f" ({place.step})"
    return f"{one_line(place.path)}:{place.line}:{place.column}{step}"


def _remarks(finding: Finding) -> Iterator[tuple[str, str]]:
    for step in finding.via:
        yield "through", _quoted(step)
    for earlier in finding.overrode:
        yield "overrode", _quoted(earlier)
    for related in finding.related:
        yield one_line(related.label), _quoted(related.location)
    subject = one_line(finding.address)
    if finding.also:
        subject += f" and {len(finding.also)} more"
    places = f" in {', '.join(map(one_line, finding.environments))}" if finding.environments else ""
    yield "object", subject + places
    if finding.remedy:
        yield "fix", finding.remedy


def _quoted(place: Location) -> str:
    return f"{_where(place)}: {one_line(place.text.strip())}" if place.text.strip() else _where(place)


def _not_covered(report: Report, style: Style) -> str:
    lines: list[str] = []
    headings = {
        GapKind.BROKEN: style.severity(Severity.HIGH, "Could not be read (this fails the scan):"),
        GapKind.OUTSIDE: "Outside of what is read:",
        GapKind.SKIPPED: "Left out:",
    }
    for kind, heading in headings.items():
        lines += _listed(heading, [_gap(gap) for gap in report.gaps if gap.kind is kind])
    causes = Counter((one.reason, str(one.location)) for one in report.undecided)
    worst = sorted(causes.items(), key=lambda item: (-item[1], item[0]))
    lines += _listed("Not judged, because a value is unknown:", [f"{one_line(why)}: {n}" for (why, _), n in worst])
    errors = [f"{error.rule_id} on {one_line(error.address)}: {one_line(error.message)}" for error in report.errors]
    lines += _listed("Rules that failed (a fault of the rule; please report it):", errors)
    lines += _listed("Notes:", [one_line(note) for note in report.notes])
    return "\n".join(lines)


def _listed(heading: str, entries: Sequence[str]) -> list[str]:
    if not entries:
        return []
    shown = [f"  {entry}" for entry in entries[:MOST_OF_A_KIND]]
    if len(entries) > MOST_OF_A_KIND:
        shown.append(f"  and {len(entries) - MOST_OF_A_KIND} more; `--output json` lists all")
    return [heading, *shown]


def _gap(gap: Gap) -> str:
    subject = f"{gap.location.path}:{gap.location.line}" if gap.location else gap.subject
    text = f"{one_line(subject)}: {one_line(gap.reason)}"
    if gap.location and gap.subject not in (gap.location.path, ""):
        text = f"{one_line(subject)}: {one_line(gap.subject)}: {one_line(gap.reason)}"
    return f"{text} (`{one_line(gap.command)}`)" if gap.command else text


def _matrix(report: Report, style: Style) -> str:
    """How many findings of each severity each environment has."""
    if not report.findings:
        return ""
    severities = [severity for severity in reversed(Severity) if any(f.severity is severity for f in report.findings)]
    names = [name for name, _ in report.environments]
    rows = [(name, [f for f in report.findings if name in f.environments]) for name in names]
    rest = [finding for finding in report.findings if not finding.environments]
    if rest:
        rows.append(("everywhere" if names else "all", rest))
    width = max(len("environment"), *(len(one_line(name)) for name, _ in rows))
    header = f"{'environment':<{width}}" + "".join(f"{severity.value:>10}" for severity in severities)
    lines = [style.bold(header)]
    for name, found in rows:
        counts = Counter(finding.severity for finding in found)
        lines.append(f"{one_line(name):<{width}}" + "".join(f"{counts[severity]:>10}" for severity in severities))
    return "\n".join(lines)


def _statistics(report: Report) -> str:
    counts = Counter(finding.rule_id for finding in report.findings)
    lines = [
        f"{count:>6}  {rule_id}" for rule_id, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    ]
    return "\n".join(["Findings by rule:", *lines])


def _closing(report: Report, style: Style) -> str:
    covered = report.coverage
    seen = f"{_many(covered.resources, 'resource')} in {_many(covered.stacks, 'stack')}, {_many(covered.rules, 'rule')}"
    if report.findings:
        counts = ", ".join(f"{count} {severity.value}" for severity, count in report.count().items())
        head = style.bold(f"{_many(len(report.findings), 'finding')} ({counts})")
    else:
        head = style.bold("No findings")
    extras = [
        _some(len(report.broken), "thing could not be read", "things could not be read"),
        _some(len(report.undecided), "judgement left open", "judgements left open"),
        _some(len(report.suppressed), "finding waived", "findings waived"),
        _some(len(report.errors), "rule failure", "rule failures"),
    ]
    return f"{head} - {', '.join([seen, *filter(None, extras)])}."


def _many(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _some(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}" if count else ""
