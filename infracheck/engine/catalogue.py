"""All rules there are, wherever they come from, and which of them a scan runs."""

from __future__ import annotations

from fnmatch import fnmatchcase
from importlib.metadata import entry_points
from typing import TYPE_CHECKING

from infracheck.policies import loading as policies
from infracheck.rules import loading as rules
from infracheck.source.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from infracheck.rule import Rule

ENTRY_POINTS = "infracheck.rules"


def domains() -> tuple[str, ...]:
    """The domains that our own rules belong to, sorted."""
    return tuple(sorted({*rules.domains(), *policies.domains()}))


def all_rules(policy_folders: Iterable[Path] = ()) -> tuple[Rule, ...]:
    """Every rule, sorted by id: ours, those of installed packages, those in folders the user named.

    Raises:
        SettingsError: a rule is malformed, or two have one id.
    """
    found = [rule for domain in domains() for rule in domain_rules(domain)]
    found += installed_rules()
    found += [rule for folder in policy_folders for rule in folder_rules(folder)]
    return _distinct(found)


def domain_rules(domain: str) -> tuple[Rule, ...]:
    """Our rules of a domain, in Python and YAML."""
    return (*rules.domain_rules(domain), *policies.domain_policies(domain))


def installed_rules() -> list[Rule]:
    """Rules of installed packages that name a package of rules under the entry point group `infracheck.rules`."""
    entries = sorted(entry_points(group=ENTRY_POINTS), key=lambda entry: entry.value)
    return [rule for entry in entries for rule in rules.package_rules(entry.value)]


def folder_rules(folder: Path) -> list[Rule]:
    """The rules below a folder the user named: `<folder>/[<domain>/]<bad-pattern>.{yaml,py}`.

    Raises:
        SettingsError: the folder is absent or holds no rule; silence would look like success.
    """
    if not folder.is_dir():
        raise SettingsError(f"{folder}: no such folder of policies")
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".yaml", ".yml", ".py") and path.is_file())
    found = [rules.file_rule(path) if path.suffix == ".py" else policies.policy_rule(path) for path in files]
    if not found:
        raise SettingsError(f"{folder}: holds no policy (*.yaml) and no rule (*.py)")
    return found


def select(rules_: Iterable[Rule], select_: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The rules that a scan runs.

    Args:
        rules_: those to choose from.
        select_: ids, domains ("kubernetes"), patterns ("kubernetes/pdb-*"), tags, aliases; empty for the default ones.
        ignore: the same, to leave out; it wins.

    Raises:
        SettingsError: a selector matches no rule.
    """
    everything = tuple(rules_)
    wanted = list(select_)
    chosen = _matching(everything, wanted) if wanted else {rule.id for rule in everything if rule.default}
    chosen -= _matching(everything, list(ignore))
    return tuple(rule for rule in everything if rule.id in chosen)


def matches(rule: Rule, selector: str) -> bool:
    """Whether a selector of the command line or the configuration means this rule."""
    name = selector.removesuffix("/")
    return (
        name in (rule.id, rule.domain, "all")
        or name in rule.aliases
        or name in rule.tags
        or ("*" in name and fnmatchcase(rule.id, name))
    )


def _matching(everything: tuple[Rule, ...], selectors: list[str]) -> set[str]:
    found: set[str] = set()
    for selector in selectors:
        ids = {rule.id for rule in everything if matches(rule, selector)}
        if not ids:
            from difflib import get_close_matches  # noqa: PLC0415 - only to word an error

            near = get_close_matches(selector, [rule.id for rule in everything], n=1, cutoff=0.5)
            hint = f"; did you mean {near[0]}?" if near else "; `infracheck rules list` shows all"
            raise SettingsError(f"no rule is called {selector!r}{hint}")
        found |= ids
    return found


def _distinct(found: list[Rule]) -> tuple[Rule, ...]:
    by_id: dict[str, Rule] = {}
    for rule in found:
        other = by_id.setdefault(rule.id, rule)
        if other is not rule:
            raise SettingsError(f"two rules are called {rule.id}: {other.file} and {rule.file}")
    return tuple(by_id[rule_id] for rule_id in sorted(by_id))
