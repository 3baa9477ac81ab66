"""How many pods a workload runs, when autoscalers, zeros and other clusters of the environment have a say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest

import infracheck
from infracheck.findings.severity import Profile
from infracheck.kubernetes.nearest import distinct
from infracheck.kubernetes.objects import Objects
from infracheck.rule import Context
from infracheck.source.field import NotJudged
from infracheck.source.files import SourceFile
from infracheck.source.values import Mapping
from infracheck.source.yaml import Dialect, read_documents

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from infracheck.config.settings import Settings

SCALED = """
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec: {{{replicas}}}
---
apiVersion: {api}
kind: {kind}
metadata: {{name: web}}
spec: {{scaleTargetRef: {{kind: Deployment, name: web}}, {numbers}}}
"""
HPA = {"api": "autoscaling/v2", "kind": "HorizontalPodAutoscaler"}
KEDA = {"api": "keda.sh/v1alpha1", "kind": "ScaledObject"}


@pytest.mark.parametrize(
    ("written", "lowest", "highest"),
    [
        ({**HPA, "replicas": "", "numbers": "minReplicas: 2, maxReplicas: 5"}, 2, 5),
        ({**HPA, "replicas": "replicas: 9", "numbers": "maxReplicas: 5"}, 1, 5),
        # Zero switches an HorizontalPodAutoscaler off; KEDA starts from there.
        ({**HPA, "replicas": "replicas: 0", "numbers": "minReplicas: 2, maxReplicas: 5"}, 0, 0),
        ({**KEDA, "replicas": "replicas: 0", "numbers": "minReplicaCount: 2"}, 2, 100),
        ({**KEDA, "replicas": "replicas: 0", "numbers": "maxReplicaCount: 7"}, 0, 7),
        ({**HPA, "replicas": "replicas: null", "numbers": "minReplicas: 2"}, 2, None),
    ],
)
def test_the_autoscaler_decides_unless_it_is_off(
    build: Callable[[str], Objects], written: dict[str, str], lowest: int, highest: int | None
) -> None:
    (workload,) = build(SCALED.format(**written)).workloads
    assert (workload.lowest_replicas, workload.highest_replicas) == (lowest, highest)
    wanted = "min" if lowest else "replicas"
    if "replicas: 0" not in written["replicas"]:
        assert wanted in workload.lowest_replicas_field.path


def test_an_unknown_number_may_be_the_zero_that_switches_off(build: Callable[[str], Objects]) -> None:
    text = SCALED.format(**HPA, replicas='replicas: "${N}"', numbers="minReplicas: 2, maxReplicas: 5")
    with pytest.raises(NotJudged):
        _ = build(text).workloads[0].lowest_replicas


def test_what_belongs_together_stands_in_one_stack() -> None:
    nowhere = Context("production", Profile.PRODUCTION, "", cast("Settings", None))
    items = []
    for stack, least in (("eu", 2), ("us", 4)):
        text = SCALED.format(**HPA, replicas="", numbers=f"minReplicas: {least}, maxReplicas: 9")
        documents = read_documents(SourceFile(f"{stack}.yaml", text), Dialect.KUBERNETES)
        roots = [document.value for document in documents if isinstance(document.value, Mapping)]
        items += [(root, replace(nowhere, stack=stack), "") for root in roots]
    eu, us = Objects.build(items, nowhere).workloads
    assert (eu.lowest_replicas, us.lowest_replicas) == (2, 4)
    assert len(eu.autoscalers.certain) == 2
    assert [one.context.stack for one in distinct(eu.autoscalers.certain, us)] == ["us"]


CLUSTERS = """
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web}}
spec:
  replicas: {pods}
  selector: {{matchLabels: {{app: web}}}}
  template:
    metadata: {{labels: {{app: web}}}}
    spec: {{containers: [{{name: app, image: "web:1.0"}}]}}
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: {{name: web}}
spec:
  minAvailable: 3
  selector: {{matchLabels: {{app: web}}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {{name: other}}
spec: {{scaleTargetRef: {{apiVersion: apps/v1, kind: Deployment, name: other}}, minReplicas: 2, maxReplicas: 4}}
"""


def test_the_pods_of_another_cluster_are_not_counted(tmp_path: Path) -> None:
    for cluster, pods in (("eu", 3), ("us", 4)):
        folder = tmp_path / "overlays" / "production" / cluster
        folder.mkdir(parents=True)
        (folder / "kustomization.yaml").write_text("resources: [web.yaml]\n", encoding="utf-8")
        (folder / "web.yaml").write_text(CLUSTERS.format(pods=pods), encoding="utf-8")
    rules = ("kubernetes/pdb-blocks-drain", "kubernetes/overlapping-pdbs", "kubernetes/competing-autoscalers")
    report = infracheck.scan([tmp_path], infracheck.Settings(select=rules))
    found = [(finding.rule_id, finding.location.path) for finding in report.findings]
    assert found == [("kubernetes/pdb-blocks-drain", "overlays/production/eu/web.yaml")]
