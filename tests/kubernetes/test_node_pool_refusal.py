"""Why a node pool makes no nodes for some pods."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.kubernetes.karpenter import NodePool

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.objects import Objects

POOL = """
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {name: spot}
spec:
  template:
    spec:
      taints: [{key: spot, value: "true", effect: NoSchedule}, {key: soft, effect: PreferNoSchedule}]
      requirements: [{key: kubernetes.io/arch, operator: In, values: [arm64]}]
---
"""


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ("{}", "taint spot=true is not tolerated"),
        ("{tolerations: [{operator: Exists}]}", ""),
        (
            "{tolerations: [{key: spot, operator: Exists}], nodeSelector: {kubernetes.io/arch: amd64}}",
            "no nodes with kubernetes.io/arch amd64",
        ),
        ("{tolerations: [{key: spot, operator: Exists}], nodeSelector: {team: a}}", "no nodes with team a"),
        ("{tolerations: [{key: '${KEY}', operator: Exists}]}", ""),
    ],
)
def test_the_reason_names_what_is_in_the_way(build: Callable[[str], Objects], spec: str, reason: str) -> None:
    objects = build(f"{POOL}apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {spec}\n")
    assert objects.views(NodePool)[0].refusal(objects.workloads[0].pod) == reason
