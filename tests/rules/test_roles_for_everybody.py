"""How grave it is to give everybody a role depends on what the role allows, where that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import infracheck

if TYPE_CHECKING:
    from pathlib import Path

ROLE = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: shared}
rules: [RULE]
---
"""
BINDING = """\
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: shared}
subjects: [{kind: Group, name: GROUP}]
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: shared}
"""
READS = "{apiGroups: ['*'], resources: [nodes], verbs: [get, list]}"
USES_ONE = "{apiGroups: [policy], resources: [podsecuritypolicies], resourceNames: [open], verbs: [use]}"
READS_SECRETS = "{apiGroups: ['*'], resources: [nodes, secrets], verbs: [get]}"
READS_ALL = "{apiGroups: ['*'], resources: ['*'], verbs: [get]}"
WRITES = "{apiGroups: ['*'], resources: [nodes], verbs: [get, delete]}"


@pytest.mark.parametrize(
    ("role", "group", "severity"),
    [
        (READS, "system:authenticated", "low"),
        (USES_ONE, "system:serviceaccounts", "low"),
        (READS, "system:unauthenticated", "critical"),
        (READS_SECRETS, "system:authenticated", "high"),
        (READS_ALL, "system:serviceaccounts", "medium"),
        (WRITES, "system:authenticated", "high"),
        (f"{READS}, {WRITES}", "system:authenticated", "high"),
        (None, "system:authenticated", "high"),
    ],
)
def test_it_is_low_where_the_role_is_known_to_do_no_harm(
    tmp_path: Path, role: str | None, group: str, severity: str
) -> None:
    known = ROLE.replace("RULE", role) if role else ""
    (tmp_path / "manifest.yaml").write_text(known + BINDING.replace("GROUP", group))
    (found,) = infracheck.scan([tmp_path], infracheck.Settings(select=("kubernetes/role-bound-to-everybody",))).findings
    assert found.severity.value == severity
