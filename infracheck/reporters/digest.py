"""What the formats for people have in common: how findings are grouped, counted and summed up."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.findings.report import GapKind
from infracheck.findings.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from infracheck.findings.finding import Finding
    from infracheck.findings.report import Gap, Report

NOWHERE = "no environment"
"""The row of findings that belong to no environment, such as those of workflows."""
READ_BY = ", read by "
"""Between the steps of an unknown's explanation, the cause first."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A value that is not known, and how much it leaves open.

    Attributes:
        reason: why it is not known, with its place.
        count: how many judgements it leaves open.
        rule_ids: the rules that could not judge, sorted.
    """

    reason: str
    count: int
    rule_ids: tuple[str, ...]


def by_file(report: Report) -> list[tuple[str, list[Finding]]]:
    """The findings of each file by line; the file with the worst finding first."""
    files: dict[str, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        files[finding.location.path].append(finding)
    return [(path, sorted(found, key=lambda one: (one.location, one.sort_key))) for path, found in files.items()]


def by_environment(report: Report) -> list[tuple[str, dict[Severity, int]]]:
    """How many findings of each severity each environment has, and all of them together in the last row."""
    rows = [(name, [one for one in report.findings if name in one.environments]) for name, _ in report.environments]
    elsewhere = [finding for finding in report.findings if not finding.environments]
    if elsewhere and rows:
        rows.append((NOWHERE, elsewhere))
    rows.append(("all", list(report.findings)))
    return [(name, report.count(found)) for name, found in rows]


def severities(report: Report) -> list[Severity]:
    """The severities that occur, worst first."""
    return list(report.count())


def by_rule(report: Report) -> list[tuple[str, int]]:
    """How many findings each rule has, most first."""
    counts = Counter(finding.rule_id for finding in report.findings)
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def causes(report: Report) -> list[Cause]:
    """What is not known, gathered by the cause: one missing variable may leave many judgements open. Most first."""
    gathered: dict[str, list[str]] = defaultdict(list)
    for one in report.undecided:
        gathered[one.reason.partition(READ_BY)[0]].append(one.rule_id)
    found = [Cause(reason, len(ids), tuple(sorted(set(ids)))) for reason, ids in gathered.items()]
    return sorted(found, key=lambda cause: (-cause.count, cause.reason))


def gaps_of(report: Report, kind: GapKind) -> list[Gap]:
    """The gaps of a kind, in the report's order."""
    return [gap for gap in report.gaps if gap.kind is kind]


def gap_text(gap: Gap) -> str:
    """A gap in a sentence, led by its place."""
    place = f"{gap.location.path}:{gap.location.line}:{gap.location.column}" if gap.location else ""
    subject = "" if gap.location and gap.subject == gap.location.path else gap.subject
    text = ": ".join(part for part in (place, subject, gap.reason) if part)
    times = f" ({gap.count} times)" if gap.count > 1 else ""
    return text + times


def headline(report: Report) -> str:
    """How many findings there are: "3 findings (1 critical, 2 low)"."""
    return headline_of(report.findings)


def headline_of(findings: Sequence[Finding]) -> str:
    """As `headline`, for some of the findings."""
    if not findings:
        return "No findings"
    tally = Counter(finding.severity for finding in findings)
    counts = ", ".join(f"{tally[severity]:,} {severity.value}" for severity in reversed(Severity) if tally[severity])
    return f"{many(len(findings), 'finding')} ({counts})"


def looked_at(report: Report) -> str:
    """What was covered: without it "no findings" means nothing."""
    covered = report.coverage
    return ", ".join(
        [
            many(covered.files, "file"),
            f"{many(covered.resources, 'resource')} in {many(covered.stacks, 'stack')}",
            many(covered.rules, "rule"),
        ]
    )


def shortfalls(report: Report) -> list[str]:
    """What was not covered or is not shown, counted; empty where nothing is missing."""
    outside = sum(gap.count for gap in gaps_of(report, GapKind.OUTSIDE))
    skipped = sum(gap.count for gap in gaps_of(report, GapKind.SKIPPED))
    counted = [
        (len(report.broken), "broken", "broken"),
        (outside, "outside of what is read", "outside of what is read"),
        (skipped, "left out", "left out"),
        (len(report.undecided), "judgement left open", "judgements left open"),
        (len(report.suppressed), "finding waived", "findings waived"),
        (len(report.errors), "rule failure", "rule failures"),
    ]
    return [f"{count:,} {one if count == 1 else more}" for count, one, more in counted if count]


def many(count: int, noun: str) -> str:
    """A number with its noun: "1 file", "1,301 files"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"
