"""How grave it is to run one pod depends on who asks it and on whether a second one would help."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import infracheck

if TYPE_CHECKING:
    from pathlib import Path

WORKLOAD = """\
apiVersion: apps/v1
kind: KIND
metadata: {name: web}
spec:
  MORE
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: app, image: "IMAGE:1.0"}]
      volumes: [VOLUME]
---
"""
SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: NAME}
spec: {selector: {app: web}, ports: [PORT]}
---
"""
CLAIM = """\
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [MODE], resources: {requests: {storage: 1Gi}}}
---
"""
VOLUME = "{name: data, persistentVolumeClaim: {claimName: data}}"


def workload(kind: str = "Deployment", more: str = "replicas: 1", image: str = "web", volume: str = "") -> str:
    text = WORKLOAD.replace("KIND", kind).replace("MORE", more)
    return text.replace("IMAGE", image).replace("VOLUME", volume)


def service(name: str = "web", port: str = "{name: http, port: 80}") -> str:
    return SERVICE.replace("NAME", name).replace("PORT", port)


def found(folder: Path, text: str, rule: str) -> list[tuple[str, str]]:
    (folder / "manifest.yaml").write_text(text)
    findings = infracheck.scan([folder], infracheck.Settings(select=(rule,))).findings
    return [(finding.severity.value, finding.message.partition(": ")[2]) for finding in findings]


OUTAGE = "every restart of its pod or node is an outage"
PAUSE = "nothing does its work while its pod restarts or moves"


@pytest.mark.parametrize(
    ("text", "severity", "cost"),
    [
        (workload() + service(), "medium", OUTAGE),
        (workload(), "low", PAUSE),
        (workload() + service(port="{name: http-metrics, port: 80}"), "low", PAUSE),
        (workload() + service(port="{name: http, port: 80, targetPort: metrics}"), "low", PAUSE),
        (workload() + service("web-metrics-service"), "low", PAUSE),
        (workload(image="bitnami/postgresql") + service(), "low", OUTAGE),
        (workload(image="postgres-exporter") + service(), "medium", OUTAGE),
        (workload(more="strategy: {type: Recreate}") + service(), "low", OUTAGE),
        (workload(volume=VOLUME) + service(), "low", OUTAGE),
        (workload(volume=VOLUME) + CLAIM.replace("MODE", "ReadWriteOnce") + service(), "low", OUTAGE),
        (workload(volume=VOLUME) + CLAIM.replace("MODE", "ReadWriteMany") + service(), "medium", OUTAGE),
        (workload("StatefulSet", volume=VOLUME) + service(), "low", OUTAGE),
        (workload("StatefulSet", "volumeClaimTemplates: [{metadata: {name: data}}]") + service(), "low", OUTAGE),
    ],
)
def test_one_replica(tmp_path: Path, text: str, severity: str, cost: str) -> None:
    assert found(tmp_path, text, "kubernetes/single-replica") == [(severity, cost)]


@pytest.mark.parametrize(("replicas", "severity"), [(1, "info"), (3, "low")])
@pytest.mark.parametrize("other", ["", service()])
def test_a_single_pod_needs_no_name_of_its_own(tmp_path: Path, replicas: int, severity: str, other: str) -> None:
    text = workload("StatefulSet", f"replicas: {replicas}\n  serviceName: web")
    findings = found(tmp_path, text + other, "kubernetes/statefulset-without-headless-service")
    assert [one for one, _ in findings] == [severity]


@pytest.mark.parametrize(
    ("beside", "severity"), [("", "medium"), (workload(), "low"), (workload() + service(), "medium")]
)
def test_an_autoscaler_of_workers_may_go_down_to_one(tmp_path: Path, beside: str, severity: str) -> None:
    target = "{apiVersion: apps/v1, kind: Deployment, name: web}"
    text = (
        "apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\n"
        f"spec: {{maxReplicas: 4, scaleTargetRef: {target}}}\n---\n"
    )
    findings = found(tmp_path, text + beside, "kubernetes/hpa-single-minimum")
    assert [one for one, _ in findings] == [severity]
