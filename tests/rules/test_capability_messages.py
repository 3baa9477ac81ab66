"""What `kubernetes/missing-capability-drop` says has to be so for each way not to drop ALL."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import infracheck
from infracheck.kubernetes.facts.pod_security import DEFAULT_CAPABILITIES

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("dropped", "said"),
    [
        ([], "keeps capabilities of the runtime"),
        (["NET_RAW"], "keeps capabilities of the runtime"),
        (sorted(DEFAULT_CAPABILITIES - {"KILL"}), "keeps capabilities of the runtime"),
        (sorted(f"cap_{name}".lower() for name in DEFAULT_CAPABILITIES), "drops its capabilities one by one"),
    ],
)
def test_who_drops_each_by_name_keeps_none(tmp_path: Path, dropped: list[str], said: str) -> None:
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": "web"},
        "spec": {
            "containers": [
                {
                    "name": "web",
                    "image": "registry.example/web:1.4.0",
                    "securityContext": {"capabilities": {"drop": dropped}},
                }
            ]
        },
    }
    (tmp_path / "pod.yaml").write_text(json.dumps(pod), encoding="utf-8")
    report = infracheck.scan([tmp_path], infracheck.Settings(select=("kubernetes/missing-capability-drop",)))
    assert [said in finding.message for finding in report.findings] == [True]
