"""Permissions that the wildcards of roles take in."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from infracheck.kubernetes.rbac import PolicyRule, Role
    from infracheck.rule import Violation
    from infracheck.source.field import Field


class Permission(NamedTuple):
    """What is dangerous to hold: one of the verbs on one of the resources.

    Attributes:
        does: what its holder does with it.
        named: which of the two its own rule goes by, "verbs" or "resources"; the other may be a wildcard there.
        in_cluster: whether the resources belong to no namespace, so that a Role can't grant it.
    """

    does: str
    named: str
    verbs: tuple[str, ...]
    resources: tuple[str, ...]
    group: str = ""
    in_cluster: bool = False


def violations(role: Role, permissions: Iterable[Permission]) -> Iterator[Violation]:
    """The wildcard of each rule of a role that takes in some of the permissions.

    Raises:
        NotJudged: a list of a rule is unknown; the other rules are judged first.
    """

    def judge(granted: PolicyRule) -> Iterator[Violation]:
        does, wildcard = _taken_in(role, granted, permissions), _widest_wildcard(granted)
        if does and wildcard is not None:
            yield role.violation(wildcard, f"{role.address} lets its holder {does}, by a wildcard")

    yield from judge_each(role.rules, judge)


def _taken_in(role: Role, granted: PolicyRule, permissions: Iterable[Permission]) -> str:
    """What the holder of a role does by what a rule of it grants without naming it; "" for nothing."""
    if granted.is_restricted:
        return ""
    *first, last = [one.does for one in permissions if _takes_in(role, granted, one)] or [""]
    return f"{', '.join(first)} and {last}" if first else last


def _widest_wildcard(granted: PolicyRule) -> Field | None:
    """The one that takes in most: `*` among the resources, then among the verbs, then `*/exec` and the like."""
    resources, verbs = granted.field["resources"], granted.field["verbs"]
    return (
        resources.first(lambda one: one.text() == "*")
        or verbs.first(lambda one: one.text() == "*")
        or resources.first(lambda one: (one.text() or "").startswith("*/"))
    )


def _takes_in(role: Role, granted: PolicyRule, permission: Permission) -> bool:
    """Whether a rule grants a permission without naming what the permission's own rule goes by."""
    if permission.in_cluster and not role.is_cluster_scoped:
        return False
    named = granted.verbs if permission.named == "verbs" else granted.resources
    if set(named) & {*permission.verbs, *permission.resources}:
        return False
    return any(
        granted.grants(verb, resource, permission.group)
        for verb in permission.verbs
        for resource in permission.resources
    )
