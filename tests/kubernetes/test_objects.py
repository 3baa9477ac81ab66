from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.objects import Objects


WEB = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: core}
spec: {replicas: 4, template: {metadata: {labels: {app: web, tier: front}}, spec: {containers: [{name: a}]}}}
---
"""


def names(found: object) -> list[str]:
    assert hasattr(found, "__iter__")
    return [one.name for one in found]


def test_lists_are_taken_apart(build: Callable[[str], Objects]) -> None:
    objects = build(
        """
        apiVersion: v1
        kind: List
        items:
          - {apiVersion: v1, kind: Service, metadata: {name: a}}
          - {apiVersion: v1, kind: ServiceList, items: [{apiVersion: v1, kind: Service, metadata: {name: b}}, junk]}
          - null
        ---
        {apiVersion: v1, kind: List, items: text}
        """
    )
    assert [one.name for one in objects.services] == ["a", "b"]
    assert len(objects.manifests) == 3


def test_objects_are_found_by_kind_and_name(build: Callable[[str], Objects]) -> None:
    objects = build(
        WEB
        + """
        {apiVersion: v1, kind: ConfigMap, metadata: {name: app, namespace: core}}
        ---
        {apiVersion: v1, kind: ConfigMap, metadata: {name: app}}
        ---
        {apiVersion: v1, kind: ConfigMap, metadata: {name: "${X}", namespace: other}}
        """.replace("\n        ", "\n")
    )
    assert len(objects.of_kind("ConfigMap")) == 3
    assert len(objects.of_kind("apps/Deployment")) == 1
    assert objects.of_kind("extensions/Deployment") == ()
    assert names(objects.named("ConfigMap", "app", "core")) == ["app"]
    assert objects.named("ConfigMap", "app", "default").first is objects.manifests[2]
    assert not objects.named("ConfigMap", "nope", "core")
    with pytest.raises(NotJudged):
        bool(objects.named("ConfigMap", "nope", "other"))
    assert objects.namespaces == ("core", "default", "other")


def test_services_find_their_pods(build: Callable[[str], Objects]) -> None:
    objects = build(
        WEB
        + """
{apiVersion: v1, kind: Service, metadata: {name: web, namespace: core}, spec: {selector: {app: web}}}
---
{apiVersion: v1, kind: Service, metadata: {name: elsewhere}, spec: {selector: {app: web}}}
---
{apiVersion: v1, kind: Service, metadata: {name: more, namespace: core}, spec: {selector: {app: web, x: y}}}
---
{apiVersion: v1, kind: Service, metadata: {name: none, namespace: core}, spec: {}}
---
{apiVersion: v1, kind: Service, metadata: {name: name, namespace: core},
 spec: {type: ExternalName, selector: {app: web}}}
"""
    )
    web = objects.workloads[0]
    assert names(web.services) == ["web"]
    service = web.services.first
    assert service is not None
    assert names(service.workloads) == ["web"]
    assert [one.has_selector for one in objects.services] == [True, True, True, False, False]


def test_pods_of_a_stateful_set_are_found_one_by_one(build: Callable[[str], Objects]) -> None:
    objects = build(
        """
        apiVersion: apps/v1
        kind: StatefulSet
        metadata: {name: db}
        spec: {serviceName: db, template: {metadata: {labels: {app: db}}, spec: {containers: [{name: a}]}}}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: db-0}
        spec: {selector: {app: db, statefulset.kubernetes.io/pod-name: db-0}}
        """
    )
    assert names(objects.workloads[0].services) == ["db-0"]


def test_searches_among_thousands_look_at_few(build: Callable[[str], Objects]) -> None:
    pair = """
{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: w{0}}}, spec: {{template:
  {{metadata: {{labels: {{app: w{0}}}}}}}}}}}
---
{{apiVersion: v1, kind: Service, metadata: {{name: w{0}}}, spec: {{selector: {{app: w{0}}}}}}}
---
"""
    objects = build("".join(pair.format(number) for number in range(2000)))
    started = perf_counter()
    assert all(names(one.services) == [one.name] for one in objects.workloads)
    assert all(names(one.workloads) == [one.name] for one in objects.services)
    # Looking at all pairs takes over a minute.
    assert perf_counter() - started < 10


def test_what_is_unknown_is_doubt_and_no_verdict(build: Callable[[str], Objects]) -> None:
    budget = "{{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {{name: {0}, namespace: core}}, spec: {1}}}"
    budget += "\n---\n"
    unsure = budget.format("unsure", "{selector: {matchLabels: {app: '${APP}'}}}")
    sure = budget.format("sure", "{selector: {matchLabels: {app: web}}}")
    other = budget.format("other", "{selector: {matchLabels: {app: '${APP}', tier: back}}}")
    matches = build(WEB + unsure + sure).workloads[0].pdbs
    assert bool(matches)
    assert matches.certain[0].name == "sure"
    with pytest.raises(NotJudged):
        len(matches)
    with pytest.raises(NotJudged):
        list(matches)
    with pytest.raises(NotJudged):
        bool(build(WEB + unsure).workloads[0].pdbs)
    assert not build(WEB + other).workloads[0].pdbs


BUDGETS = [
    # policy, replicas, allowed disruptions (https://kubernetes.io/docs/tasks/run-application/configure-pdb/)
    ("{minAvailable: 50%}", 7, 3),
    ("{maxUnavailable: 50%}", 7, 4),
    ("{minAvailable: 2}", 3, 1),
    ("{minAvailable: 3}", 3, 0),
    ("{minAvailable: 5}", 3, 0),
    ("{maxUnavailable: 0}", 3, 0),
    ("{maxUnavailable: 0%}", 3, 0),
    ("{maxUnavailable: 1}", 3, 1),
    ("{maxUnavailable: 100%}", 3, 3),
    ("{maxUnavailable: 9}", 3, 3),
    ("{minAvailable: 100%}", 3, 0),
    ("{minAvailable: 1%}", 1, 0),
    ("{maxUnavailable: 1%}", 1, 1),
    ("{}", 3, 0),
]


@pytest.mark.parametrize("case", BUDGETS)
def test_budgets_allow_what_the_controller_allows(build: Callable[[str], Objects], case: tuple[str, int, int]) -> None:
    policy, replicas, allowed = case
    text = f"{{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {{name: a}}, spec: {policy}}}"
    assert build(text).budgets[0].allowed_disruptions(replicas) == allowed


def test_empty_selectors_of_budgets_depend_on_the_version(build: Callable[[str], Objects]) -> None:
    text = "{{apiVersion: policy/{0}, kind: PodDisruptionBudget, metadata: {{name: a, namespace: core}}, spec: {1}}}"
    assert build(WEB + text.format("v1", "{selector: {}}")).workloads[0].pdbs
    assert not build(WEB + text.format("v1beta1", "{selector: {}}")).workloads[0].pdbs
    assert not build(WEB + text.format("v1", "{}")).workloads[0].pdbs


def test_autoscalers_of_all_versions_look_alike(build: Callable[[str], Objects]) -> None:
    objects = build(
        WEB
        + """
apiVersion: autoscaling/v1
kind: HorizontalPodAutoscaler
metadata: {name: one, namespace: core}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  minReplicas: 2
  maxReplicas: 5
  targetCPUUtilizationPercentage: 70
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: two, namespace: core}
spec:
  scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: gone}
  maxReplicas: 5
  metrics:
    - {type: Resource, resource: {name: memory, target: {type: Utilization, averageUtilization: 80}}}
    - {type: ContainerResource, containerResource: {name: cpu, container: a, target: {averageUtilization: 60}}}
    - {type: External, external: {metric: {name: queue}, target: {averageValue: 10}}}
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: {name: three, namespace: core}
spec:
  scaleTargetRef: {name: web}
  triggers:
    - {type: cpu, metricType: Utilization, metadata: {value: "50"}}
    - {type: cron, metadata: {timezone: UTC}}
---
{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: four}, spec: {maxReplicas: 3}}
"""
    )
    web = objects.workloads[0]
    one, two, three, four = objects.autoscalers
    assert names(web.autoscalers) == ["one", "three"]
    assert web.hpa is one
    assert web.lowest_replicas == 2
    assert (one.minimum, one.maximum, three.minimum, three.maximum) == (2, 5, 0, 100)
    assert not two.workloads
    assert [(m.type, m.name, m.utilization) for m in one.metrics] == [("Resource", "cpu", 70)]
    assert [(m.name, m.utilization, m.is_resource) for m in two.metrics] == [
        ("memory", 80, True),
        ("cpu", 60, True),
        ("queue", None, False),
    ]
    assert [(m.name, m.utilization) for m in three.metrics] == [("cpu", 50), ("", None)]
    assert [(m.name, m.utilization) for m in four.metrics] == [("cpu", 80)]
