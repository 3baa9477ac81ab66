from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.kubernetes.rbac import Binding, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.objects import Objects


GRANTS = [
    ("{verbs: [get], resources: [pods], apiGroups: ['']}", ("get", "pods", ""), True),
    ("{verbs: [get], resources: [pods], apiGroups: ['']}", ("list", "pods", ""), False),
    ("{verbs: [get], resources: [pods], apiGroups: ['']}", ("get", "pods", "apps"), False),
    ("{verbs: ['*'], resources: ['*'], apiGroups: ['*']}", ("create", "pods/exec", ""), True),
    # A resource does not stand for its subresources.
    ("{verbs: [create], resources: [pods], apiGroups: ['']}", ("create", "pods/exec", ""), False),
    ("{verbs: [create], resources: ['*/exec'], apiGroups: ['']}", ("create", "pods/exec", ""), True),
    ("{verbs: [create], resources: ['pods/*'], apiGroups: ['']}", ("create", "pods/exec", ""), False),
    ("{verbs: [get], nonResourceURLs: [/healthz]}", ("get", "pods", ""), False),
]


@pytest.mark.parametrize("case", GRANTS)
def test_rules_grant_as_rbac_does(
    build: Callable[[str], Objects], case: tuple[str, tuple[str, str, str], bool]
) -> None:
    rule, wanted, granted = case
    text = f"{{apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {{name: r}}, rules: [{rule}]}}"
    assert build(text).views(Role)[0].grants(*wanted) is granted


def test_bindings_find_their_roles(build: Callable[[str], Objects]) -> None:
    objects = build(
        """
        {apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata: {name: r, namespace: a}}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRole, metadata: {name: r}}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: x, namespace: a},
          roleRef: {kind: Role, name: r}, subjects: [{kind: Group, name: g}]}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: y, namespace: b},
          roleRef: {kind: Role, name: r}}
        ---
        {apiVersion: rbac.authorization.k8s.io/v1, kind: ClusterRoleBinding, metadata: {name: z},
          roleRef: {kind: ClusterRole, name: r}}
        """
    )
    role, cluster_role = objects.views(Role)
    own, foreign, everywhere = objects.views(Binding)
    assert own.role is role
    assert foreign.role is None
    assert everywhere.role is cluster_role
    assert everywhere.is_cluster_wide
    assert [one.name for one in role.bindings] == ["x"]
    assert [(one.kind, one.name) for one in own.subjects] == [("Group", "g")]
