"""The heart of it: every rule meets every target it asked for.

What a rule yields is kept bare here; `stamp` and `merge` turn it into findings.
"""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

from infracheck.findings.report import RuleError
from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from infracheck.findings.severity import Severity
    from infracheck.rule import Context, Rule, Target, Violation
    from infracheck.source.origin import Origin


class Judged(Protocol):
    """What the engine needs of a target, whatever it is a view of."""

    @property
    def address(self) -> str:
        """The object's address."""

    @property
    def context(self) -> Context:
        """Where it stands."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The names a rule may ask for it by: a resource type, or kind and "group/Kind"."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A violation together with the rule and the place that produced it."""

    rule: Rule
    violation: Violation
    address: str
    context: Context
    severity: Severity
    subject: Origin | None = None
    """Where the guilty object as a whole is written: a comment there speaks of all of it."""


@dataclass(frozen=True, slots=True)
class Abstention:
    """A rule that could not judge a target."""

    rule: Rule
    address: str
    context: Context
    cause: NotJudged


@dataclass(frozen=True, slots=True)
class Outcome:
    """What running rules yields, unmerged and in the order of rules and targets."""

    verdicts: list[Verdict]
    abstentions: list[Abstention]
    errors: list[RuleError]
    judgements: int


def run(rules: Iterable[Rule], targets: Mapping[Target, Sequence[Any]]) -> Outcome:
    """Run each rule over each of its targets. A rule that crashes is reported, and the run goes on."""
    outcome = Outcome([], [], [], 0)
    judgements = 0
    by_kind = {target: _ByKind(found) for target, found in targets.items()}
    for rule in rules:
        settings: dict[int, Any] = {}
        for target in by_kind[rule.target].of(rule.kinds) if rule.target in by_kind else ():
            severity = severity_of(rule, target.context)
            if severity is None:
                continue
            judgements += 1
            _judge(rule, target, severity, settings, outcome)
    return Outcome(outcome.verdicts, outcome.abstentions, outcome.errors, judgements)


def severity_of(rule: Rule, context: Context) -> Severity | None:
    """The severity of a rule in an environment: the configuration's word, else the rule's; None where it is off."""
    override = context.settings.severity_override(rule.id, context.environment)
    if override is not None:
        return None if override == "off" else override
    return rule.severity_in(context.profile)


def _weighed(rule: Rule, violation: Violation, severity: Severity, context: Context) -> Severity:
    """A fault's own severity, where the configuration does not set one, and no worse than a relaxed profile allows."""
    if violation.severity is None or context.settings.severity_override(rule.id, context.environment) is not None:
        return severity
    if severity.weight < rule.severity.weight and severity.weight < violation.severity.weight:
        return severity
    return violation.severity


class _ByKind:
    """Targets of one sort, by their kinds: most rules look at few."""

    def __init__(self, targets: Sequence[Any]) -> None:
        self._targets = targets

    @cached_property
    def _places(self) -> dict[str, list[int]]:
        places: dict[str, list[int]] = {}
        for place, target in enumerate(self._targets):
            for kind in target.kinds:
                places.setdefault(kind, []).append(place)
        return places

    def of(self, kinds: Sequence[str]) -> Iterable[Any]:
        """The targets of some kinds, in their order; all where no kind is named."""
        if not kinds:
            return self._targets
        patterns = [kind for kind in kinds if "*" in kind]
        wanted = {kind for kind in self._places if any(fnmatchcase(kind, pattern) for pattern in patterns)}
        found = {place for kind in wanted.union(kinds) for place in self._places.get(kind, ())}
        return [self._targets[place] for place in sorted(found)]


def _judge(rule: Rule, target: Judged, severity: Severity, settings: dict[int, Any], outcome: Outcome) -> None:
    arguments: tuple[Any, ...] = (target,)
    if rule.settings is not None:
        key = id(target.context.settings)
        if key not in settings:
            settings[key] = target.context.settings.rule_settings(rule.id, rule.settings)
        arguments = (target, settings[key])
    subject = getattr(target, "origin", None)
    try:
        for violation in rule.check(*arguments):
            address = violation.address or target.address
            found = _weighed(rule, violation, severity, target.context)
            # A rule about many objects names the guilty one; the place of the many says nothing about it.
            whole = subject if address == target.address else None
            outcome.verdicts.append(Verdict(rule, violation, address, target.context, found, whole))
    except NotJudged as cause:
        outcome.abstentions.append(Abstention(rule, target.address, target.context, cause))
    except Exception as problem:  # noqa: BLE001 - whatever a rule does, the others still run
        frame = traceback.extract_tb(problem.__traceback__)[-1]
        message = f"{type(problem).__name__}: {problem}"
        outcome.errors.append(RuleError(rule.id, target.address, message, f"{frame.filename}:{frame.lineno}"))
