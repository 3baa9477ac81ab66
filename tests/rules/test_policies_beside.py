"""A policy that another stack applies counts, if that stack belongs to no environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import infracheck

if TYPE_CHECKING:
    from pathlib import Path

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: app, image: "web:1.0"}]}
"""
DENY = """\
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: deny, namespace: NAMESPACE}
spec: {podSelector: {}}
"""
CLUSTER_WIDE = "apiVersion: cilium.io/v2\nkind: CiliumClusterwideNetworkPolicy\nmetadata: {name: deny}\n"


@pytest.mark.parametrize("app", ["apps/web", "overlays/production/web"])
@pytest.mark.parametrize(
    ("policies", "policy", "count"),
    [
        ("cluster/policies", DENY.replace("NAMESPACE", "shop"), 0),
        ("cluster/policies", DENY.replace("NAMESPACE", "other"), 1),
        ("cluster/policies", CLUSTER_WIDE, 0),
        ("overlays/staging/policies", DENY.replace("NAMESPACE", "shop"), 1),
    ],
)
def test_a_default_deny_of_another_stack(tmp_path: Path, app: str, policies: str, policy: str, count: int) -> None:
    for folder, text in ((app, POD), (policies, policy)):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "kustomization.yaml").write_text("resources: [manifest.yaml]\n", encoding="utf-8")
        (tmp_path / folder / "manifest.yaml").write_text(text, encoding="utf-8")
    settings = infracheck.Settings(select=("kubernetes/namespace-without-default-deny",))
    assert len(infracheck.scan([tmp_path], settings).findings) == count


def test_kyverno_of_another_stack_may_guard_a_namespace(tmp_path: Path) -> None:
    namespace = "apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n---\n" + POD
    settings = infracheck.Settings(select=("kubernetes/namespace-without-pod-security",))
    (tmp_path / "apps").mkdir()
    (tmp_path / "apps/kustomization.yaml").write_text("resources: [manifest.yaml]\n", encoding="utf-8")
    (tmp_path / "apps/manifest.yaml").write_text(namespace, encoding="utf-8")
    assert len(infracheck.scan([tmp_path], settings).findings) == 1
    (tmp_path / "cluster").mkdir()
    policy = "apiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: restricted}\n"
    (tmp_path / "cluster/kustomization.yaml").write_text("resources: [manifest.yaml]\n", encoding="utf-8")
    (tmp_path / "cluster/manifest.yaml").write_text(policy, encoding="utf-8")
    assert not infracheck.scan([tmp_path], settings).findings
