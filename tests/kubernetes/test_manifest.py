from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.findings.severity import Severity
from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.objects import Objects
    from infracheck.rule import Violation

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: core-api
  annotations:
    example.com/owner: team-a
spec:
  template:
    spec:
      securityContext:
      containers:
        - name: app
          image: nginx
          resources:
            requests:
              cpu: 100m
        - image: sidecar
"""


def line(violation: Violation) -> int:
    return violation.origin.span.line


def test_names_groups_and_defaults(build: Callable[[str], Objects]) -> None:
    deployment, service, namespace, junk = build(
        DEPLOYMENT
        + """\
---
apiVersion: v1
kind: Service
metadata: {name: web}
---
apiVersion: v1
kind: Namespace
metadata: {name: core-api}
---
apiVersion: [1]
kind: {a: b}
metadata: text
"""
    ).manifests
    assert (deployment.group, deployment.version, deployment.group_kind) == ("apps", "v1", "apps/Deployment")
    assert (service.group, service.version, service.group_kind) == ("", "v1", "Service")
    assert deployment.kinds == ("Deployment", "apps/Deployment")
    assert deployment.is_kind("apps/Deployment")
    assert not deployment.is_kind("extensions/Deployment")
    assert deployment.namespace == "core-api"
    assert service.namespace == "default"
    assert namespace.namespace == ""
    assert deployment.address == "Deployment/core-api/web"
    assert service.address == "Service/default/web"
    assert namespace.address == "Namespace/core-api"
    assert deployment.identity == deployment.address
    assert junk.kind == junk.group == junk.name == ""
    assert deployment.annotation("example.com/owner").text() == "team-a"
    assert not deployment.annotation("example.com/other").exists


def test_custom_kinds_learn_their_scope_from_their_definition(build: Callable[[str], Objects]) -> None:
    objects = build(
        """
        apiVersion: example.com/v1
        kind: Fleet
        metadata: {name: a}
        ---
        apiVersion: example.com/v1
        kind: Ship
        metadata: {name: b}
        ---
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: fleets.example.com}
        spec: {group: example.com, scope: Cluster, names: {kind: Fleet}}
        """
    )
    assert [one.address for one in objects.manifests[:2]] == ["Fleet/a", "Ship/default/b"]


def test_unknown_names_show_in_addresses_and_stop_those_who_read_them(build: Callable[[str], Objects]) -> None:
    known, unknown, generated = build(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: web, namespace: "${NAMESPACE}"}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: "${NAME}"}
        ---
        apiVersion: batch/v1
        kind: Job
        metadata: {generateName: migrate-}
        """
    ).manifests
    assert known.address == "Service/?/web"
    assert unknown.address == "Service/default/?"
    assert generated.address == "Job/default/migrate-*"
    with pytest.raises(NotJudged):
        _ = known.namespace
    with pytest.raises(NotJudged):
        _ = unknown.name


def test_violations_point_where_a_reader_would_act(build: Callable[[str], Objects]) -> None:
    objects = build(DEPLOYMENT)
    deployment = objects.workloads[0]
    first, second = deployment.containers
    # What is there: the value; a mapping or list: its key.
    assert line(first.violation("image", "m")) == 14
    assert line(first.violation("resources", "m")) == 15
    # What is absent: the key of the nearest mapping above, or the first line of the element.
    assert line(first.violation("resources.limits.memory", "m")) == 15
    assert line(first.violation("resources.requests.memory", "m")) == 16
    assert line(first.violation("livenessProbe", "m")) == 13
    assert line(second.violation("name", "m")) == 18
    assert line(deployment.violation("spec.strategy", "m")) == 8
    assert line(deployment.pod.violation("hostNetwork", "m")) == 10
    assert line(deployment.violation("spec.template.metadata.labels", "m")) == 9
    # A key without a value is where one would write it.
    assert line(deployment.pod.violation("securityContext.runAsNonRoot", "m")) == 11
    # The same through fields, whoever made them.
    assert line(deployment.violation(deployment.field.at("spec.strategy.type"), "m")) == 8
    assert line(deployment.violation(first.field["readinessProbe"], "m")) == 13
    assert line(deployment.violation(deployment.annotation("example.com/other"), "m")) == 6
    assert line(deployment.violation(deployment.annotation("example.com/owner"), "m")) == 7


def test_violations_say_what_and_where(build: Callable[[str], Objects]) -> None:
    container = build(DEPLOYMENT).containers[0]
    violation = container.violation("image", "moves", severity=Severity.LOW, related=[("pod", container.pod.field)])
    assert violation.address == "Deployment/core-api/web"
    assert violation.identity == "Deployment/core-api/web"
    assert violation.field == "spec.template.spec.containers[0].image"
    assert violation.message == "moves"
    assert violation.severity is Severity.LOW
    assert violation.related[0][0] == "pod"
    absent = container.violation("resources.limits.memory", "m")
    assert absent.field == "spec.template.spec.containers[0].resources.limits.memory"
