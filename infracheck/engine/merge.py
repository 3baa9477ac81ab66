"""One cause, one finding: what several environments or instances show for one line becomes one entry."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from infracheck.engine.places import location
from infracheck.engine.redact import redact, redact_message
from infracheck.findings.finding import Finding, Related
from infracheck.findings.report import Undecided

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infracheck.engine.run import Abstention, Verdict

INSTANCE = re.compile(r"\[(?:\d+|\"(?:[^\"\\]|\\.)*\")\]")
"""The key of a Terraform instance within an address."""

SHARED = frozenset(
    {"annotations", "images", "json6902", "labels", "namespace", "patch", "prefix", "replacement", "replicas", "suffix"}
)
"""The steps by which one line of a kustomization reaches several objects: that line is the cause, not each of them."""


def merge(verdicts: Iterable[Verdict]) -> list[tuple[Finding, list[Verdict]]]:
    """Findings, worst first, each with the verdicts it stands for."""
    causes: dict[tuple[object, ...], list[Verdict]] = {}
    for verdict in verdicts:
        causes.setdefault(_cause(verdict), []).append(verdict)
    merged = [(_finding(group), group) for group in causes.values()]
    merged.sort(key=lambda pair: pair[0].sort_key)
    return _fingerprinted(merged)


def merge_undecided(abstentions: Iterable[Abstention]) -> tuple[Undecided, ...]:
    """What was not judged, one entry for each rule, object and cause, sorted."""
    groups: dict[Undecided, set[str]] = {}
    for one in abstentions:
        unknown = one.cause.unknown
        cause = list(unknown.chain())[-1]
        entry = Undecided(
            rule_id=one.rule.id,
            address=one.address,
            field=one.cause.path,
            reason=redact(unknown.explain()),
            location=location(cause.origin, secret=cause.sensitive),
        )
        groups.setdefault(entry, set()).add(one.context.environment)
    entries = (replace(entry, environments=_names(names)) for entry, names in groups.items())
    return tuple(sorted(entries, key=lambda entry: entry.sort_key))


def _identity(verdict: Verdict) -> str:
    """The object that is guilty; "" where a line of a kustomization makes all guilty that it reaches."""
    if verdict.violation.origin.step in SHARED:
        return ""
    return INSTANCE.sub("", verdict.violation.identity or verdict.address)


def _cause(verdict: Verdict) -> tuple[object, ...]:
    span = verdict.violation.origin.span
    return (verdict.rule.id, span.file.path, span.start, span.end, _identity(verdict), _field(verdict))


def _field(verdict: Verdict) -> str:
    """The guilty field, wherever in a list it stands; "" for an image that a kustomization sets for all containers."""
    violation = verdict.violation
    return "" if violation.origin.step == "images" else INSTANCE.sub("[]", violation.field)


def _names(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(name for name in set(names) if name))


def _finding(group: list[Verdict]) -> Finding:
    """The finding of one cause, told as its worst environment sees it."""
    lead = min(group, key=lambda one: (-one.severity.weight, one.context.environment, one.address, one.context.stack))
    violation, rule = lead.violation, lead.rule
    origin, secret = violation.origin, violation.secret
    return Finding(
        rule_id=rule.id,
        severity=lead.severity,
        confidence=rule.confidence,
        priority=rule.priority,
        category=rule.category,
        message=redact_message(violation.message, lead.address),
        address=lead.address,
        field=violation.field,
        location=location(origin, secret=secret),
        via=tuple(location(step, secret=secret) for step in origin.via),
        overrode=tuple(location(earlier, secret=secret) for earlier in origin.overridden()),
        related=tuple(Related(label, location(place, secret=secret)) for label, place in violation.related),
        environments=_names(one.context.environment for one in group),
        stacks=_names(one.context.stack for one in group),
        remedy=rule.remedy,
        also=tuple(sorted({one.address for one in group} - {lead.address})),
    )


def _fingerprinted(merged: list[tuple[Finding, list[Verdict]]]) -> list[tuple[Finding, list[Verdict]]]:
    """Fingerprints: rule, file, object, field and the guilty text without its white space; never a line number.

    Equal ones are told apart by their order, which follows the file.
    """
    seen: Counter[str] = Counter()
    result = []
    for finding, group in merged:
        text = "".join(group[0].violation.origin.span.text.split())[:500]
        field = finding.field if _identity(group[0]) else _field(group[0])
        parts = (finding.rule_id, finding.location.path, _identity(group[0]), field, text)
        key = sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]
        seen[key] += 1
        unique = key if seen[key] == 1 else f"{key}-{seen[key]}"
        result.append((replace(finding, fingerprint=unique), group))
    return result
