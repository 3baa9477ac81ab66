"""From a repository to a report."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from infracheck.engine.catalogue import domain_rules, domains, folder_rules, installed_rules, select
from infracheck.engine.merge import merge, merge_undecided
from infracheck.engine.redact import redact
from infracheck.engine.run import run
from infracheck.engine.suppress import Waivers
from infracheck.engine.targets import targets_of
from infracheck.findings.report import Coverage, Report

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date
    from pathlib import Path

    from infracheck.config.settings import Settings
    from infracheck.discovery.ignore import Patterns
    from infracheck.engine.run import Verdict
    from infracheck.findings.finding import Finding
    from infracheck.findings.report import Gap
    from infracheck.repository import Repository
    from infracheck.rule import Rule
    from infracheck.source.reader import Reader


def judge(
    repository: Repository,
    reader: Reader,
    settings: Settings,
    *,
    policy_folders: Iterable[Path] = (),
    today: date | None = None,
    progress: Callable[[str], None],
) -> Report:
    """Run the selected rules over a repository and report what they say.

    Raises:
        SettingsError: a rule, a policy or the configuration is wrong.
    """
    rules = chosen_rules(settings, policy_folders)
    targets = targets_of(repository)
    progress(f"judging by {len(rules)} rules")
    outcome = run(rules, targets)
    merged = [pair for pair in merge(outcome.verdicts) if not _ignored_here(pair, settings)]
    waivers = Waivers(reader.files(), today)
    findings, suppressed = waivers.apply(merged)
    resources = sum(len(views) for target, views in targets.items() if target in ("resource", "manifest", "job"))
    return Report(
        findings=findings,
        gaps=tuple(sorted(map(_without_secrets, repository.gaps), key=lambda gap: gap.sort_key)),
        undecided=merge_undecided(outcome.abstentions),
        errors=tuple(sorted(outcome.errors, key=lambda error: (error.rule_id, error.address))),
        suppressed=suppressed,
        notes=(*repository.notes, *waivers.complaints(rules)),
        environments=tuple((one.name, str(one.profile)) for one in repository.environments if one.name),
        coverage=Coverage(
            files=len(reader.files()),
            stacks=len(repository.stacks),
            resources=resources,
            rules=len(rules),
            judgements=outcome.judgements,
        ),
        rule_ids=tuple(rule.id for rule in rules),
    )


def _without_secrets(gap: Gap) -> Gap:
    """Addresses of remote bases and modules may hold a token."""
    return replace(gap, subject=redact(gap.subject), reason=redact(gap.reason), command=redact(gap.command))


def chosen_rules(settings: Settings, policy_folders: Iterable[Path] = ()) -> tuple[Rule, ...]:
    """The rules that the settings select.

    Raises:
        SettingsError: a selector matches no rule, or a rule is malformed.
    """
    everything = [rule for domain in domains() for rule in domain_rules(domain)]
    everything += installed_rules()
    everything += [rule for folder in policy_folders for rule in folder_rules(folder)]
    everything.sort(key=lambda rule: rule.id)
    known = {rule.id for rule in everything}
    for rule_id in settings.rules:
        if rule_id not in known:
            raise settings.error(("rules", rule_id), f"no rule is called {rule_id!r}")
    for pattern in settings.per_path_ignores:
        if _pattern(pattern).dropped:
            raise settings.error(("per-path-ignores", pattern), "too many wildcards, or malformed")
    return select(everything, settings.select, settings.ignore)


@cache
def _pattern(text: str) -> Patterns:
    from infracheck.discovery.ignore import Patterns as Read  # noqa: PLC0415 - few configurations need it

    return Read([text])


def _ignored_here(pair: tuple[Finding, list[Verdict]], settings: Settings) -> bool:
    """Whether the configuration leaves this rule's findings out below this path."""
    if not settings.per_path_ignores:
        return False
    from infracheck.engine.catalogue import matches  # noqa: PLC0415

    finding, group = pair
    return any(
        _pattern(pattern).match(finding.location.path) and any(matches(group[0].rule, name) for name in names)
        for pattern, names in settings.per_path_ignores.items()
    )
