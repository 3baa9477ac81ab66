"""Whose word on severity counts: the configuration's, then the profile's, then the fault's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from infracheck.engine.run import run
from infracheck.findings.severity import Category, Profile, Severity
from infracheck.rule import Context, Rule, Target, Violation
from infracheck.source.files import SourceFile, Span
from infracheck.source.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

PLACE = Origin(Span(SourceFile("a.yaml", "a: 1\n"), 0, 1))


class Thing:
    kinds = ()
    address = "Thing/a"

    def __init__(self, context: Context) -> None:
        self.context = context


def severity(profile: Profile, own: Severity | None, configured: dict[str, Any]) -> Severity:
    from infracheck.config.settings import Settings

    def check(thing: Thing) -> Iterator[Violation]:
        yield Violation("wrong", PLACE, address=thing.address, severity=own)

    rule = Rule("kubernetes/a", Target.MANIFEST, check, Severity.MEDIUM, Category.AVAILABILITY)
    context = Context("dev", profile, ".", Settings(rules=configured))
    return run([rule], {Target.MANIFEST: [Thing(context)]}).verdicts[0].severity


@pytest.mark.parametrize(
    ("profile", "own", "configured", "expected"),
    [
        (Profile.PRODUCTION, None, {}, Severity.MEDIUM),
        (Profile.PRODUCTION, Severity.HIGH, {}, Severity.HIGH),
        (Profile.PRODUCTION, Severity.LOW, {}, Severity.LOW),
        (Profile.DEVELOPMENT, Severity.HIGH, {}, Severity.INFO),
        (Profile.PRODUCTION, Severity.HIGH, {"kubernetes/a": {"severity": "low"}}, Severity.LOW),
        (Profile.DEVELOPMENT, Severity.HIGH, {"kubernetes/a": {"severity": "critical"}}, Severity.CRITICAL),
    ],
)
def test_the_nearest_word_counts(
    profile: Profile, own: Severity | None, configured: dict[str, Any], expected: Severity
) -> None:
    assert severity(profile, own, configured) is expected
