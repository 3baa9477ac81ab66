"""A user that the pod sets is one cause: one finding names every container that has it from there, and no other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import infracheck

if TYPE_CHECKING:
    from pathlib import Path

POD = """\
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  securityContext: POD
  initContainers:
    - {name: fetch, image: "fetch:1.0", securityContext: {runAsUser: 10001, runAsNonRoot: true}}
  containers:
    - {name: app, image: "app:1.0"}
    - {name: proxy, image: "proxy:1.0", securityContext: PROXY}
    - {name: logs, image: "logs:1.0"}
"""


@pytest.mark.parametrize(
    ("pod", "proxy", "messages"),
    [
        ("{runAsUser: 0}", "{privileged: false}", ["containers app, proxy and logs {} run as root: runAsUser is 0"]),
        ("{runAsUser: 0}", "{runAsUser: 7}", ["containers app and logs {} run as root: runAsUser is 0"]),
        (
            "{runAsUser: 0}",
            "{runAsNonRoot: true}",
            ["containers app and logs {} run as root: runAsUser is 0"],
        ),
        (
            "{runAsNonRoot: false}",
            "{runAsUser: 7}",
            ["containers app and logs {} may run as root: runAsNonRoot is not true"],
        ),
        (
            "{runAsNonRoot: true}",
            "{runAsNonRoot: false}",
            ["container proxy {} may run as root: runAsNonRoot is not true"],
        ),
        (
            "{runAsNonRoot: true, runAsUser: 0}",
            "{runAsUser: 7}",
            ["containers app and logs {} cannot start: runAsUser is 0, and runAsNonRoot is true"],
        ),
        (
            "{fsGroup: 7}",
            "{runAsUser: 7}",
            [f"container {name} {{}} may run as root: runAsNonRoot is not true" for name in ("app", "logs")],
        ),
    ],
)
def test_one_finding_names_all(tmp_path: Path, pod: str, proxy: str, messages: list[str]) -> None:
    (tmp_path / "web.yaml").write_text(POD.replace("POD", pod).replace("PROXY", proxy))
    found = infracheck.scan([tmp_path], infracheck.Settings(select=("kubernetes/runs-as-root",))).findings
    assert sorted(one.message for one in found) == [message.format("of Pod/default/web") for message in messages]
