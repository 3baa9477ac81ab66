from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.kubernetes.karpenter import NodePool
from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.objects import Objects
    from infracheck.kubernetes.workload import Workload


POOL = """
apiVersion: karpenter.sh/v1
kind: NodePool
metadata: {{name: spot}}
spec: {{template: {{metadata: {{labels: {{team: a}}}}, spec: {{requirements: {requirements}, taints: {taints},
  startupTaints: [{{key: starting, effect: NoSchedule}}]}}}}}}
---
apiVersion: v1
kind: Pod
metadata: {{name: p, labels: {{app: p}}}}
spec: {pod}
"""
SPOT = "[{key: karpenter.sh/capacity-type, operator: In, values: [spot]}]"
TAINT = "[{key: spot, value: 'true', effect: NoSchedule}]"


def affinity(*expressions: str) -> str:
    terms = ", ".join(f"{{matchExpressions: [{expression}]}}" for expression in expressions)
    required = f"{{requiredDuringSchedulingIgnoredDuringExecution: {{nodeSelectorTerms: [{terms}]}}}}"
    return f"{{affinity: {{nodeAffinity: {required}}}}}"


ACCEPTS = [
    (SPOT, "[]", "{}", True),
    (SPOT, TAINT, "{}", False),
    (SPOT, "[{key: spot, effect: PreferNoSchedule}]", "{}", True),
    (SPOT, TAINT, "{tolerations: [{key: spot, operator: Exists}]}", True),
    (SPOT, TAINT, "{tolerations: [{operator: Exists}]}", True),
    (SPOT, TAINT, "{tolerations: [{key: spot, value: 'true', effect: NoSchedule}]}", True),
    (SPOT, TAINT, "{tolerations: [{key: spot, value: 'false'}]}", False),
    (SPOT, TAINT, "{tolerations: [{key: spot, value: 'true', effect: NoExecute}]}", False),
    (SPOT, TAINT, "{tolerations: [{key: other, operator: Exists}]}", False),
    (SPOT, "[]", "{nodeSelector: {karpenter.sh/capacity-type: spot}}", True),
    (SPOT, "[]", "{nodeSelector: {karpenter.sh/capacity-type: on-demand}}", False),
    (SPOT, "[]", "{nodeSelector: {karpenter.sh/nodepool: spot}}", True),
    (SPOT, "[]", "{nodeSelector: {karpenter.sh/nodepool: other}}", False),
    (SPOT, "[]", "{nodeSelector: {team: a}}", True),
    (SPOT, "[]", "{nodeSelector: {team: b}}", False),
    # A label of one's own that the pool does not give is not there; a well-known one may be anything.
    (SPOT, "[]", "{nodeSelector: {disk: ssd}}", False),
    (SPOT, "[]", "{nodeSelector: {topology.kubernetes.io/zone: us-east-1a}}", True),
    (SPOT, "[]", "{nodeSelector: {beta.kubernetes.io/arch: arm64}}", True),
    ("[{key: kubernetes.io/arch, operator: In, values: [amd64]}]", "[]",
     "{nodeSelector: {beta.kubernetes.io/arch: arm64}}", False),
    (SPOT, "[]", affinity("{key: disk, operator: DoesNotExist}"), True),
    (SPOT, "[]", affinity("{key: disk, operator: NotIn, values: [hdd]}"), True),
    (SPOT, "[]", affinity("{key: disk, operator: Exists}"), False),
    (SPOT, "[]", affinity("{key: karpenter.sh/capacity-type, operator: NotIn, values: [spot]}"), False),
    # Terms are alternatives.
    (SPOT, "[]", affinity("{key: disk, operator: Exists}", "{key: team, operator: In, values: [a]}"), True),
    ("[{key: karpenter.k8s.aws/instance-cpu, operator: Gt, values: ['4']}]", "[]",
     affinity("{key: karpenter.k8s.aws/instance-cpu, operator: Lt, values: ['5']}"), False),
    ("[{key: karpenter.k8s.aws/instance-cpu, operator: Gt, values: ['4']}]", "[]",
     affinity("{key: karpenter.k8s.aws/instance-cpu, operator: In, values: ['4', '8']}"), True),
]  # fmt: skip


@pytest.mark.parametrize("case", ACCEPTS)
def test_pools_accept_the_pods_karpenter_would_place(
    build: Callable[[str], Objects], case: tuple[str, str, str, bool]
) -> None:
    requirements, taints, pod, accepted = case
    objects = build(POOL.format(requirements=requirements, taints=taints, pod=pod))
    assert objects.views(NodePool)[0].accepts(objects.workloads[0].pod) is accepted


def test_pools_and_their_lifetimes(build: Callable[[str], Objects]) -> None:
    spot, both, old = build(
        POOL.format(requirements=SPOT, taints="[]", pod="{}")
        + """---
{apiVersion: karpenter.sh/v1, kind: NodePool, metadata: {name: b}, spec: {limits: {cpu: 100, memory: 10Gi},
  disruption: {consolidateAfter: Never}, template: {spec: {expireAfter: Never}}}}
---
{apiVersion: karpenter.sh/v1beta1, kind: NodePool, metadata: {name: c}, spec: {disruption: {expireAfter: 24h}}}
"""
    ).views(NodePool)
    assert (spot.allows_spot, spot.allows_on_demand) == (True, False)
    assert (both.allows_spot, both.allows_on_demand) == (True, True)
    assert (spot.expire_after, both.expire_after, old.expire_after) == (2592000, None, 86400)
    assert (spot.consolidate_after, both.consolidate_after) == (0, None)
    assert old.consolidation_policy == "WhenUnderutilized"
    assert both.limit("cpu") == 100
    assert both.limit("memory") == 10 * 2**30
    assert spot.limit("cpu") is None


def test_unknown_demands_are_not_judged(build: Callable[[str], Objects]) -> None:
    objects = build(POOL.format(requirements=SPOT, taints=TAINT, pod="{tolerations: '${T}'}"))
    with pytest.raises(NotJudged):
        objects.views(NodePool)[0].accepts(objects.workloads[0].pod)


def test_spread_and_anti_affinity_count_only_their_own_pods(workload: Callable[[str], Workload]) -> None:
    pod = workload(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p, labels: {app: p}}
        spec:
          containers: []
          topologySpreadConstraints:
            - {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, labelSelector: {matchLabels: {app: p}}}
            - {maxSkew: 1, topologyKey: other, labelSelector: {matchLabels: {app: q}}}
            - {maxSkew: 2, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway, labelSelector: {}}
            - {maxSkew: 1, topologyKey: nothing}
          affinity: {podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: a, labelSelector: {matchLabels: {app: p}}}],
            preferredDuringSchedulingIgnoredDuringExecution: [{weight: 7, podAffinityTerm: {topologyKey: b,
              labelSelector: {matchLabels: {app: p}}}}, {weight: 1, podAffinityTerm: {topologyKey: c}}]}}
        """
    ).pod
    assert [(one.topology_key, one.max_skew, one.is_hard) for one in pod.spread] == [
        ("topology.kubernetes.io/zone", 1, True),
        ("kubernetes.io/hostname", 2, False),
    ]
    found = [(one.topology_key, one.required, one.weight) for one in pod.anti_affinity]
    assert found == [
        ("a", True, 100),
        ("b", False, 7),
    ]


def test_anti_affinity_that_looks_into_other_namespaces_leaves_its_own_pods_alone(
    workload: Callable[[str], Workload],
) -> None:
    pod = workload(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: p, namespace: shop, labels: {app: p}}
        spec:
          containers: []
          affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [
            {topologyKey: others, namespaces: [web], labelSelector: {matchLabels: {app: p}}},
            {topologyKey: named, namespaces: [web, shop], labelSelector: {matchLabels: {app: p}}},
            {topologyKey: chosen, namespaces: [web], namespaceSelector: {}, labelSelector: {matchLabels: {app: p}}}]}}
        """
    ).pod
    assert [one.topology_key for one in pod.anti_affinity] == ["named", "chosen"]


def test_tolerations(build: Callable[[str], Objects]) -> None:
    pod = (
        build(
            "{apiVersion: v1, kind: Pod, metadata: {name: p}, spec:"
            " {tolerations: [{operator: Exists}, {key: a, value: b}]}}"
        )
        .workloads[0]
        .pod
    )
    assert [one.tolerates_everything for one in pod.tolerations] == [True, False]
    assert pod.tolerations[1].seconds is None
