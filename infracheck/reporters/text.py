"""For people: each finding with the line to change, what that line overrode, and what to do."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from infracheck.findings.report import GapKind
from infracheck.findings.severity import Severity
from infracheck.reporters import digest
from infracheck.reporters.escape import one_line
from infracheck.reporters.snippet import snippet

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator, Sequence

    from infracheck.findings.finding import Finding, Location
    from infracheck.findings.report import Report
    from infracheck.reporters.style import Style
    from infracheck.rule import Rule

MOST_REMARKS = 10
"""Remarks of one kind before the rest is only counted, unless all are wanted."""
MOST_OF_A_RULE = 50
"""Findings of one rule in one file before the rest is only counted, unless all are wanted."""
MOST_RELATED = 5
"""Related places of one finding that are shown, unless all are wanted."""

HEADINGS = {
    GapKind.BROKEN: "Broken (this fails the scan):",
    GapKind.OUTSIDE: "Outside of what is read:",
    GapKind.SKIPPED: "Left out:",
}


def render(report: Report, rules: Sequence[Rule], style: Style) -> str:
    """The report as text, with what was not covered and a summary at the end, where the eye is."""
    del rules
    blocks = [_statistics(report)] if style.statistics and report.findings else list(_findings(report, style))
    if style.quiet:
        blocks += _gaps(report, GapKind.BROKEN, style)
    else:
        blocks += _not_covered(report, style)
        blocks += [_matrix(report, style)] if report.findings else []
        blocks.append(_closing(report, style))
    return "\n\n".join(blocks) + "\n" if blocks else ""


def _findings(report: Report, style: Style) -> Iterator[str]:
    for _, found in digest.by_file(report):
        seen: Counter[str] = Counter()
        together: dict[Hashable, list[Finding]] = {}
        for finding in found:
            seen[finding.rule_id] += 1
            if style.verbose or seen[finding.rule_id] <= MOST_OF_A_RULE:
                together.setdefault(_subject(finding), []).append(finding)
        for group in together.values():
            yield "\n".join(_block(group, style))
        for rule_id, count in sorted(seen.items()):
            if count > MOST_OF_A_RULE and not style.verbose:
                place = one_line(found[0].location.path)
                yield f"and {count - MOST_OF_A_RULE:,} more of {rule_id} in {place}; -v shows all"


def _subject(finding: Finding) -> Hashable:
    """What a reader looks at and changes: what several rules say of it stands above one quotation."""
    place = finding.location
    return (place.path, place.line, place.column, place.step, finding.address, finding.also, finding.environments)


def _block(group: Sequence[Finding], style: Style) -> Iterator[str]:
    """Findings about one place of one object, worst first."""
    worst = group[0]
    place = worst.location
    for finding in group:
        head = style.severity(finding.severity, f"{finding.severity.value}[{finding.rule_id}]")
        yield f"{head}{style.bold(': ' + one_line(finding.message))}"
    margin = " " * len(str(place.line))
    corner, bar = ("\u250c\u2500", "\u2502") if style.unicode else ("-->", "|")
    yield f"{margin} {style.faint(corner)} {_where(place)}"
    if place.text:
        quoted, blank, mark = snippet(place, style.width - len(margin) - 3)
        yield style.faint(f"{margin} {bar}")
        yield f"{style.faint(f'{place.line} {bar}')} {quoted}".rstrip()
        yield f"{style.faint(f'{margin} {bar}')} {blank}{style.severity(worst.severity, mark)}"
        yield style.faint(f"{margin} {bar}")
    remarks = dict.fromkeys(remark for finding in group for remark in _places(finding, style))
    fixes = dict.fromkeys(("fix", one_line(finding.remedy)) for finding in group if finding.remedy)
    for label, remark in (*remarks, *_whose(worst, style), *fixes):
        yield f"{margin} {style.faint('=')} {label}: {remark}"


def _where(place: Location, steps: Iterable[str] = ()) -> str:
    how = ", ".join(dict.fromkeys(step for step in (steps or (place.step,)) if step != "written"))
    return f"{one_line(str(place))} ({one_line(how)})" if how else one_line(str(place))


def _places(finding: Finding, style: Style) -> Iterator[tuple[str, str]]:
    for earlier in finding.overrode:
        yield "overrode", _quoted(earlier)
    for _, steps in groupby(finding.via, key=lambda step: (step.path, step.line, step.column)):
        passed = list(steps)
        yield "through", _quoted(passed[0], [step.step for step in passed])
    shown = finding.related if style.verbose else finding.related[:MOST_RELATED]
    for related in shown:
        yield one_line(related.label), _quoted(related.location)
    if len(finding.related) > len(shown):
        yield "and", f"{len(finding.related) - len(shown)} more related places; -v shows all"


def _whose(finding: Finding, style: Style) -> Iterator[tuple[str, str]]:
    yield "object", "; ".join([one_line(finding.address), *_also(finding, style)])
    if finding.environments:
        yield "in", ", ".join(map(one_line, finding.environments))


def _also(finding: Finding, style: Style) -> list[str]:
    if style.verbose:
        return [one_line(address) for address in finding.also]
    return [f"{len(finding.also)} more like it"] if finding.also else []


def _quoted(place: Location, steps: Iterable[str] = ()) -> str:
    text = one_line(place.text.strip())
    return f"{_where(place, steps)}: {text}" if text else _where(place, steps)


def _not_covered(report: Report, style: Style) -> Iterator[str]:
    for kind in GapKind:
        yield from _gaps(report, kind, style)
    unknown = [
        f"{cause.count:,} x {cause.reason}" + (f" [{', '.join(cause.rule_ids)}]" if style.verbose else "")
        for cause in digest.causes(report)
    ]
    yield from _listed("Not judged, because a value is not known:", unknown, style)
    waived = Counter(one.reason for one in report.suppressed)
    entries = [f"{count:,} x {reason}" for reason, count in sorted(waived.items(), key=lambda one: (-one[1], one[0]))]
    yield from _listed("Waived:", entries, style)
    errors = [f"{error.rule_id} on {error.address}: {error.message} ({error.place})" for error in report.errors]
    yield from _listed("Rules that failed (a fault of the rule; please report it):", errors, style)
    yield from _listed("Notes:", report.notes, style)


def _gaps(report: Report, kind: GapKind, style: Style) -> Iterator[str]:
    entries = [
        f"{digest.gap_text(gap)} [{gap.command}]" if gap.command else digest.gap_text(gap)
        for gap in digest.gaps_of(report, kind)
    ]
    if kind is GapKind.SKIPPED and not style.verbose:
        return
    heading = HEADINGS[kind]
    yield from _listed(
        style.severity(Severity.HIGH, heading) if kind is GapKind.BROKEN else heading,
        entries,
        style,
        # What fails the scan is never only counted.
        most=len(entries) if kind is GapKind.BROKEN else MOST_REMARKS,
    )


def _listed(heading: str, entries: Sequence[str], style: Style, *, most: int = MOST_REMARKS) -> Iterator[str]:
    if not entries:
        return
    shown = entries if style.verbose else entries[:most]
    # A dash in front: a stranger's text at the start of a line could be a command to the runner that logs it.
    lines = [heading, *(f"  - {one_line(entry)}" for entry in shown)]
    if len(entries) > len(shown):
        lines.append(f"  - and {len(entries) - len(shown):,} more; -v shows all")
    yield "\n".join(lines)


def _matrix(report: Report, style: Style) -> str:
    """How many findings of each severity each environment has."""
    columns = digest.severities(report)
    rows = digest.by_environment(report)
    width = max(len("environment"), *(len(one_line(name)) for name, _ in rows))
    lines = [style.bold(f"{'environment':<{width}}" + "".join(f"{severity.value:>10}" for severity in columns))]
    for name, counts in rows:
        numbers = "".join(f"{counts[one]:>10,}" if counts.get(one) else f"{'-':>10}" for one in columns)
        lines.append(f"{one_line(name):<{width}}{numbers}")
    return "\n".join(lines)


def _statistics(report: Report) -> str:
    return "\n".join(f"{count:>6,}  {rule_id}" for rule_id, count in digest.by_rule(report))


def _closing(report: Report, style: Style) -> str:
    lines = [f"{style.bold(digest.headline(report))}. Looked at {digest.looked_at(report)}."]
    missing = digest.shortfalls(report)
    lines.append(f"Not covered: {', '.join(missing)}." if missing else "Everything found was read and judged.")
    return "\n".join(lines)
