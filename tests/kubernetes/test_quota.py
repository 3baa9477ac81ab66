from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from infracheck.kubernetes.quota import container_amount, pod_amount, shown_amount

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.objects import Objects

RANGE = """
{apiVersion: v1, kind: LimitRange, metadata: {name: l, namespace: a},
  spec: {limits: [{type: Pod, max: {cpu: 9}}, {type: Container, default: {cpu: 2}, max: {memory: 1Gi}}]}}
---
"""


def pods(build: Callable[[str], Objects], spec: str, before: str = "", namespace: str = "a") -> Objects:
    return build(f"{before}{{apiVersion: v1, kind: Pod, metadata: {{name: p, namespace: {namespace}}}, spec: {spec}}}")


ONE, TWO, FOUR = (f"resources: {{requests: {{cpu: {cores}}}}}" for cores in (1, 2, 4))
SIDECAR = f"{{restartPolicy: Always, {ONE}}}"

SUMS = [
    # https://kubernetes.io/docs/concepts/workloads/pods/init-containers/#resource-sharing-within-containers
    ("{containers: [{resources: {requests: {cpu: 1}}}, {resources: {requests: {cpu: 500m}}}]}", "1.5"),
    ("{initContainers: [{resources: {requests: {cpu: 4}}}], containers: [{resources: {requests: {cpu: 1}}}]}", "4"),
    ("{initContainers: [{resources: {requests: {cpu: 4}}}], containers: [{resources: {requests: {cpu: 5}}}]}", "5"),
    # https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
    (f"{{initContainers: [{SIDECAR}, {{{FOUR}}}], containers: [{{{TWO}}}]}}", "5"),
    (f"{{initContainers: [{{{FOUR}}}, {SIDECAR}], containers: [{{{TWO}}}]}}", "4"),
    # A limit alone is the request; what the pod asks for as a whole goes before its containers.
    ("{containers: [{resources: {limits: {cpu: 3}}}]}", "3"),
    ("{resources: {requests: {cpu: 7}}, containers: [{resources: {requests: {cpu: 1}}}]}", "7"),
    ("{containers: [{}], ephemeralContainers: [{resources: {requests: {cpu: 1}}}]}", "0"),
    ("{containers: []}", "0"),
]


@pytest.mark.parametrize(("spec", "cores"), SUMS)
def test_containers_add_up_to_a_pod(build: Callable[[str], Objects], spec: str, cores: str) -> None:
    workload = pods(build, spec).workloads[0]
    assert pod_amount(workload.pod, "requests", "cpu") == Decimal(cores)


def test_limit_ranges_fill_in(build: Callable[[str], Objects]) -> None:
    container = pods(build, "{containers: [{name: c}]}", RANGE).containers[0]
    assert container_amount(container, "limits", "cpu") == 2
    assert container_amount(container, "requests", "cpu") == 2
    assert container_amount(container, "limits", "memory") == 2**30
    assert container_amount(container, "requests", "ephemeral-storage") is None
    elsewhere = pods(build, "{containers: [{name: c}]}", RANGE, namespace="b").containers[0]
    assert container_amount(elsewhere, "limits", "cpu") is None


AMOUNTS = [
    ("0.75", "cpu", "0.75"),
    ("12", "cpu", "12"),
    (str(3 * 2**30), "memory", "3Gi"),
    (str(1536 * 2**20), "memory", "1.5Gi"),
    (str(300 * 2**20), "memory", "300Mi"),
    ("100", "memory", "100"),
    ("20", "pods", "20"),
]


@pytest.mark.parametrize(("amount", "resource", "text"), AMOUNTS)
def test_amounts_read_as_one_writes_them(amount: str, resource: str, text: str) -> None:
    assert shown_amount(Decimal(amount), resource) == text
