"""A rule's examples, run as tests: every marked line is reported, and nothing else is."""

from __future__ import annotations

import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from infracheck.api import scan
from infracheck.config.loading import load_settings
from infracheck.config.settings import Settings
from infracheck.findings.severity import Severity

if TYPE_CHECKING:
    from infracheck.page import Example
    from infracheck.rule import Rule


@dataclass(frozen=True, slots=True)
class CaseResult:
    """What running one example of a rule showed.

    Attributes:
        rule: the rule.
        example: its example.
        problems: what differs from the marks; empty where the example holds.
    """

    rule: Rule
    example: Example
    problems: tuple[str, ...]

    @property
    def name(self) -> str:
        """`kubernetes/unpinned-image: Bad: a tag that moves`."""
        return f"{self.rule.id}: {'Bad' if self.example.bad else 'Good'}: {self.example.title or 'example'}"


def run_cases(rule: Rule, policies: tuple[Path, ...] = ()) -> tuple[CaseResult, ...]:
    """Run all examples of a rule.

    Args:
        rule: the rule.
        policies: the folders it was loaded from, if it is not one of ours.
    """
    return tuple(CaseResult(rule, example, _problems(rule, example, policies)) for example in rule.page.examples)


def _problems(rule: Rule, example: Example, policies: tuple[Path, ...]) -> tuple[str, ...]:
    expected = Counter(
        {(file.path, line): count for file in example.files for line, count in file.marks().items()},
    )
    problems = []
    if not example.files:
        problems.append("holds no fenced block")
    if example.bad != bool(expected):
        problems.append("a bad example needs a `# finding` mark" if example.bad else "a good example has no marks")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder).resolve() / "repository"
        for file in example.files:
            path = root / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(file.text, encoding="utf-8")
        if not example.files:
            return tuple(problems)
        report = scan([root], _settings(rule, root), policies=policies)
    found = Counter((finding.location.path, finding.location.line) for finding in report.findings)
    messages = {(one.location.path, one.location.line): one.message for one in report.findings}
    problems += [f"{path}:{line}: expected a finding" for path, line in (expected - found).elements()]
    problems += [f"{path}:{line}: unexpected: {messages[path, line]}" for path, line in (found - expected).elements()]
    problems += [f"crashed: {error.message} ({error.place})" for error in report.errors]
    problems += [f"broken: {gap.subject}: {gap.reason}" for gap in report.broken]
    problems += [f"not judged: {one.address}: {one.reason}" for one in report.undecided]
    return tuple(problems)


def _settings(rule: Rule, root: Path) -> Settings:
    if (root / "infracheck.toml").exists():
        settings = load_settings([root])
        return settings.model_copy(update={"select": (rule.id,), "fail_on": Severity.INFO, "root": root})
    return Settings(select=(rule.id,), root=root)
