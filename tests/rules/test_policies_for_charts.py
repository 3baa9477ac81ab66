"""A NetworkPolicy for pods that a chart makes is not judged by the workloads beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.rules.judged import judged

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST = """\
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web, tier: front}}
spec: {containers: [{name: app, image: "web:1.0"}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: cache, namespace: shop}
spec:
  podSelector: {matchLabels: {LABELS}}
  ingress: [{from: [{podSelector: {matchLabels: {LABELS}}}], ports: [{port: 6379}]}]
---
"""
RELEASE = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: redis, namespace: NAMESPACE}\n"


@pytest.mark.parametrize("rule", ["network-policy-selects-nothing", "network-policy-peer-selects-nothing"])
@pytest.mark.parametrize(
    ("labels", "namespace", "expected"),
    [
        ("app: redis", "shop", (0, 1)),
        ("app: redis", "other", (1, 0)),
        # One of its labels is there: it is meant for the workload that has it.
        ("app: redis, tier: front", "shop", (1, 0)),
    ],
)
def test_a_policy_for_what_a_chart_makes(
    tmp_path: Path, rule: str, labels: str, namespace: str, expected: tuple[int, int]
) -> None:
    text = MANIFEST.replace("LABELS", labels) + RELEASE.replace("NAMESPACE", namespace)
    assert judged(tmp_path, rule, text) == expected
