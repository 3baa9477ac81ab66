"""Roles and bindings: who may do what.

Source: https://kubernetes.io/docs/reference/access-authn-authz/rbac/; `pkg/apis/rbac/v1/evaluation_helpers.go` for
what wildcards match.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.kubernetes.manifest import Manifest
from infracheck.kubernetes.matches import Matches, every, gather, some

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from infracheck.source.field import Field

WRITING = ("create", "update", "patch", "delete", "deletecollection")
"""The verbs that change objects."""


@dataclass(frozen=True, slots=True)
class PolicyRule:
    """One rule of a role.

    Attributes:
        field: its entry in `rules`.
    """

    field: Field

    @property
    def verbs(self) -> list[str]:
        """get, list, watch, create, update, patch, delete, bind, escalate, impersonate, ... or `*`."""
        return self.field["verbs"].texts()

    @property
    def resources(self) -> list[str]:
        """The resources and subresources: "pods", "pods/exec", `*`, "*/scale"."""
        return self.field["resources"].texts()

    @property
    def api_groups(self) -> list[str]:
        """The groups; "" is the core group, `*` all."""
        return self.field["apiGroups"].texts()

    @property
    def resource_names(self) -> list[str]:
        """The only objects it speaks of; [] means all."""
        return self.field["resourceNames"].texts()

    def grants(self, verb: str, resource: str, group: str = "") -> bool:
        """Whether it allows a verb on a resource ("pods/exec") of a group, on some object at least.

        Raises:
            NotJudged: a list is unknown.
        """
        resources = self.resources
        subresource = resource.partition("/")[2]
        named = "*" in resources or resource in resources or (bool(subresource) and f"*/{subresource}" in resources)
        return named and _lists(self.verbs, verb) and _lists(self.api_groups, group)

    def names(self, verbs: Collection[str], resources: Collection[str], group: str = "") -> Field | None:
        """The entry of `resources` by which it allows one of some verbs on one of some resources of a group.

        The resource must be named: what `*` takes in is not what somebody decided on. Verbs and groups may be `*`.

        Raises:
            NotJudged: that depends on an unknown value.
        """
        entry = self.field["resources"].first(lambda one: one.text() in resources)
        if entry is None:
            return None
        allows = every((self._has("verbs", {*verbs, "*"}), self._has("apiGroups", {group, "*"})))
        return entry if allows else None

    def verb(self, verb: str, resources: Collection[str], group: str = "") -> Field | None:
        """The entry of `verbs` that names a verb, if the rule allows it on one of some resources of a group.

        For the verbs that nothing but their own danger needs: the verb must be named, resources and groups may be `*`.

        Raises:
            NotJudged: that depends on an unknown value.
        """
        entry = self.field["verbs"].first(lambda one: one.text() == verb)
        if entry is None:
            return None
        allows = every((self._has("resources", {*resources, "*"}), self._has("apiGroups", {group, "*"})))
        return entry if allows else None

    @property
    def is_restricted(self) -> bool:
        """Whether it speaks of some objects only, by their names."""
        return len(self.field["resourceNames"]) > 0

    def _has(self, key: str, wanted: Collection[str]) -> Callable[[], bool]:
        return lambda: self.field[key].first(lambda one: one.text() in wanted) is not None

    @property
    def has_wildcard(self) -> bool:
        """Whether its verbs, resources or groups hold `*`."""
        return any("*" in listed for listed in (self.verbs, self.resources, self.api_groups))


class Role(Manifest):
    """A Role or ClusterRole."""

    @property
    def rules(self) -> list[PolicyRule]:
        """What it allows. Those that aggregation adds are not here.

        Raises:
            NotJudged: the list is unknown.
        """
        return [PolicyRule(entry) for entry in self.field["rules"]]

    @property
    def is_aggregated(self) -> bool:
        """Whether a controller fills in its rules from other roles."""
        return self.field["aggregationRule"].exists

    def grants(self, verb: str, resource: str, group: str = "") -> bool:
        """Whether one of its rules allows a verb on a resource of a group.

        Raises:
            NotJudged: none does for certain, and one is unknown.
        """
        return some(_grants(rule, verb, resource, group) for rule in self.rules)

    @property
    def bindings(self) -> Matches[Binding]:
        """The bindings that give it to somebody."""
        return gather(self.objects.views(Binding), lambda binding: _names(binding, self))


@dataclass(frozen=True, slots=True)
class Subject:
    """Somebody a role is given to.

    Attributes:
        field: the entry in `subjects`.
        binding: the binding.
    """

    field: Field
    binding: Binding

    @property
    def kind(self) -> str:
        """User, Group or ServiceAccount."""
        return self.field["kind"].text("") or ""

    @property
    def name(self) -> str:
        """The name."""
        return self.field["name"].text("") or ""

    @property
    def namespace(self) -> str:
        """The namespace of a ServiceAccount; "" for others."""
        return self.field["namespace"].text("") or ""


class Binding(Manifest):
    """A RoleBinding or ClusterRoleBinding."""

    @property
    def is_cluster_wide(self) -> bool:
        """Whether it gives the role in every namespace."""
        return self.kind == "ClusterRoleBinding"

    @property
    def role_kind(self) -> str:
        """Role or ClusterRole."""
        return self.field.at("roleRef.kind").text("") or ""

    @property
    def role_name(self) -> str:
        """The name of the role."""
        return self.field.at("roleRef.name").text("") or ""

    @property
    def role(self) -> Role | None:
        """The role it gives, if that is among the objects.

        Raises:
            NotJudged: which role it is, is unknown.
        """
        return gather(self.objects.views(Role), lambda role: _names(self, role)).first

    @property
    def subjects(self) -> list[Subject]:
        """Whom it gives the role.

        Raises:
            NotJudged: the list is unknown.
        """
        return [Subject(entry, self) for entry in self.field["subjects"]]


def _names(binding: Binding, role: Role) -> bool:
    if binding.role_kind != role.kind or binding.role_name != role.name:
        return False
    return role.is_cluster_scoped or role.namespace == binding.namespace


def _grants(rule: PolicyRule, verb: str, resource: str, group: str) -> Callable[[], bool]:
    return lambda: rule.grants(verb, resource, group)


def _lists(listed: list[str], wanted: str) -> bool:
    return wanted in listed or "*" in listed
