"""The outcome of a scan, and what it did not cover."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infracheck.findings.finding import Finding, Location
    from infracheck.findings.severity import Severity


class GapKind(StrEnum):
    """Why something in the tree was not covered, and whether that is a fault."""

    BROKEN = "broken"
    """It should have been read but can't be: a syntax error, a refused build, a limit. Fails the scan."""
    OUTSIDE = "outside"
    """By design: a remote base, a chart, a module that is not on disk, a value of another system."""
    SKIPPED = "skipped"
    """By configuration or kind: excluded paths, patch fragments, bases reached only through overlays."""


@dataclass(frozen=True, slots=True, order=True)
class Gap:
    """Something that was not read, rendered or judged.

    Attributes:
        kind: broken, outside or skipped.
        subject: the file, entry or address it is about.
        reason: why, in a sentence, with what to do about it.
        location: the line that causes it, if there is one.
        command: a command that would produce what is missing, or "".
        environments: the environments it leaves a hole in, sorted.
        count: how many things this one line speaks of.
    """

    kind: GapKind
    subject: str
    reason: str
    location: Location | None = None
    command: str = ""
    environments: tuple[str, ...] = ()
    count: int = 1

    @property
    def sort_key(self) -> tuple[object, ...]:
        """Broken first, then by place and subject."""
        place = (self.location.path, self.location.line) if self.location else (self.subject, 0)
        return (list(GapKind).index(self.kind), place, self.subject, self.reason)


@dataclass(frozen=True, slots=True)
class Undecided:
    """A rule that could not judge a target, because a value it must read is unknown.

    Attributes:
        rule_id: the rule.
        address: the target.
        field: the path it tried to read.
        reason: the chain of reasons, the cause first.
        location: the place of the cause.
        environments: where.
    """

    rule_id: str
    address: str
    field: str
    reason: str
    location: Location
    environments: tuple[str, ...] = ()

    @property
    def sort_key(self) -> tuple[object, ...]:
        """By cause, so that one missing value reads as one block."""
        return (self.location, self.reason, self.rule_id, self.address)


@dataclass(frozen=True, slots=True)
class RuleError:
    """A rule that crashed on a target: a fault of the rule, never of the scanned repository.

    Attributes:
        rule_id: the rule.
        address: the target it crashed on.
        message: type and text of the exception.
        place: `file:line` in the rule.
    """

    rule_id: str
    address: str
    message: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding waived by a comment in the source or by the baseline.

    Attributes:
        finding: what was found.
        reason: the words of the comment, or "baseline".
        location: the comment, or None for the baseline.
    """

    finding: Finding
    reason: str
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was looked at.

    Attributes:
        files: how many files were read.
        stacks: how many roots, overlays, folders and workflow sets were judged.
        resources: how many Terraform resources, Kubernetes objects and workflow jobs were judged.
        rules: how many rules ran.
        judgements: how many times a rule met a target.
    """

    files: int = 0
    stacks: int = 0
    resources: int = 0
    rules: int = 0
    judgements: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a scan has to say, sorted and ready to print.

    Attributes:
        findings: worst first.
        gaps: what was not covered.
        undecided: what could not be judged.
        errors: rules that crashed.
        suppressed: what was waived.
        notes: other remarks, such as an environment whose profile had to be assumed.
        environments: name and profile of each environment seen, sorted by name.
        coverage: what was looked at.
        rule_ids: every rule that was selected, sorted.
    """

    findings: tuple[Finding, ...] = ()
    gaps: tuple[Gap, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    errors: tuple[RuleError, ...] = ()
    suppressed: tuple[Suppressed, ...] = ()
    notes: tuple[str, ...] = ()
    environments: tuple[tuple[str, str], ...] = ()
    coverage: Coverage = Coverage()
    rule_ids: tuple[str, ...] = ()

    def count(self, findings: Iterable[Finding] | None = None) -> dict[Severity, int]:
        """How many findings there are of each severity, worst first; severities without any are left out."""
        tally = Counter(finding.severity for finding in (self.findings if findings is None else findings))
        return dict(sorted(tally.items(), key=lambda pair: -pair[0].weight))

    @property
    def broken(self) -> tuple[Gap, ...]:
        """The gaps that are faults of the tree."""
        return tuple(gap for gap in self.gaps if gap.kind is GapKind.BROKEN)

    def fails(self, fail_on: Severity | None, *, strict: bool = False) -> bool:
        """Whether this report ends in exit code 1.

        Args:
            fail_on: the least severity that fails, or None for never.
            strict: whether gaps outside the tree and undecided rules fail as well.
        """
        if self.broken:
            return True
        if strict and (self.undecided or any(gap.kind is GapKind.OUTSIDE for gap in self.gaps)):
            return True
        return fail_on is not None and any(finding.severity >= fail_on for finding in self.findings)
