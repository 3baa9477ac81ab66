"""Apply the comments that waive findings, and say which of them waive nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from infracheck.engine.catalogue import matches
from infracheck.engine.merge import merge
from infracheck.engine.places import location
from infracheck.findings.report import Suppressed
from infracheck.findings.suppression import MARKER, Suppression, suppressions
from infracheck.source.origin import Origin
from infracheck.source.yaml import comments as yaml_comments

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from infracheck.engine.run import Verdict
    from infracheck.findings.finding import Finding
    from infracheck.rule import Rule
    from infracheck.source.files import SourceFile, Span

TERRAFORM = (".tf", ".tofu", ".tfvars", ".hcl")


class Waivers:
    """The suppressions of the files of a scan.

    Args:
        files: every file that was read.
        today: the day that `until=` is compared with; None lets nothing expire.
    """

    def __init__(self, files: Iterable[SourceFile], today: date | None = None) -> None:
        self._today = today
        self._by_file: dict[str, tuple[Suppression, ...]] = {}
        self._used: set[Span] = set()
        for file in files:
            if MARKER.search(file.text):
                self._by_file[file.path] = suppressions(_comments(file))

    def apply(
        self, merged: Iterable[tuple[Finding, list[Verdict]]]
    ) -> tuple[tuple[Finding, ...], tuple[Suppressed, ...]]:
        """What remains, and what is waived, both in the given order."""
        kept: list[Finding] = []
        waived: list[Suppressed] = []
        for finding, group in merged:
            by_waiver: dict[Suppression | None, list[Verdict]] = {}
            for verdict in group:
                by_waiver.setdefault(self._waiver(verdict), []).append(verdict)
            for found, part in by_waiver.items():
                # A comment at one object says nothing about the others that the same line makes guilty.
                told = finding if part == group else replace(merge(part)[0][0], fingerprint=finding.fingerprint)
                if found is None:
                    kept.append(told)
                else:
                    self._used.add(found.span)
                    waived.append(Suppressed(told, found.reason, location(Origin(found.span))))
        return tuple(kept), tuple(waived)

    def complaints(self, rules: Iterable[Rule]) -> tuple[str, ...]:
        """Suppressions that are malformed, expired, or waive nothing although their rules ran, sorted."""
        ran = tuple(rules)
        found = []
        for entries in self._by_file.values():
            for entry in entries:
                problem = entry.problem or self._idle(entry, ran)
                if problem:
                    found.append(f"{entry.span.file.path}:{entry.span.line}: suppression: {problem}")
        return tuple(sorted(found))

    def _idle(self, entry: Suppression, ran: tuple[Rule, ...]) -> str:
        if self._expired(entry):
            return f"it ran out on {entry.until}"
        if entry.span in self._used:
            return ""
        if any(matches(rule, name) for rule in ran for name in entry.rules):
            return f"ignore[{', '.join(entry.rules)}] matches no finding; remove it"
        return ""

    def _expired(self, entry: Suppression) -> bool:
        return self._today is not None and entry.until is not None and entry.until < self._today

    def _waiver(self, verdict: Verdict) -> Suppression | None:
        for file_path, line in _places(verdict):
            for entry in self._by_file.get(file_path, ()):
                good = not entry.problem and not self._expired(entry)
                if good and entry.line in (0, line) and any(matches(verdict.rule, name) for name in entry.rules):
                    return entry
        return None


def _places(verdict: Verdict) -> list[tuple[str, int]]:
    """The lines where a comment may stand: the guilty text's, and that where the guilty object begins."""
    spans = [verdict.violation.origin.span, *([verdict.subject.span] if verdict.subject is not None else [])]
    return list(dict.fromkeys((span.file.path, span.line) for span in spans))


def _comments(file: SourceFile) -> tuple[Span, ...]:
    if file.path.endswith(TERRAFORM):
        from infracheck.source.hcl import parse_body  # noqa: PLC0415 - only for files that hold a suppression

        return tuple(parse_body(file).comments)
    return yaml_comments(file)
