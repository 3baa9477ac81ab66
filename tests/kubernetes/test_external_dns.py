"""Which names objects claim, and how External DNS is told what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.kubernetes.external_dns import claimed_names, flag, is_external_dns
from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.container import Container
    from infracheck.kubernetes.objects import Objects


def container(build: Callable[[str], Objects], spec: str) -> Container:
    return build(f"apiVersion: v1\nkind: Pod\nmetadata: {{name: a}}\nspec: {{containers: [{spec}]}}\n").containers[0]


def names(objects: Objects) -> list[str]:
    return [name for one in objects.manifests for claimed in claimed_names(one) for name in claimed.names()]


def test_hosts_of_every_kind_that_has_some(build: Callable[[str], Objects]) -> None:
    objects = build(
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata:
          name: a
          annotations:
            external-dns.alpha.kubernetes.io/hostname: "Two.example., three.example,"
        spec: {rules: [{host: ONE.example}, {http: {}}, {host: null}]}
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: HTTPRoute
        metadata: {name: a}
        spec: {hostnames: [four.example, null]}
        ---
        apiVersion: gateway.networking.k8s.io/v1
        kind: Gateway
        metadata: {name: a}
        spec: {listeners: [{hostname: five.example}, {port: 80}]}
        ---
        apiVersion: externaldns.k8s.io/v1alpha1
        kind: DNSEndpoint
        metadata: {name: a}
        spec: {endpoints: [{dnsName: six.example}]}
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: a, annotations: {external-dns.alpha.kubernetes.io/internal-hostname: seven.example}}
        """
    )
    expected = ["one", "two", "three", "four", "five", "six", "seven"]
    assert names(objects) == [f"{name}.example" for name in expected]


def test_an_unknown_host_is_not_passed_over(build: Callable[[str], Objects]) -> None:
    objects = build(
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: a}
        spec: {rules: "${RULES}"}
        """
    )
    with pytest.raises(NotJudged):
        names(objects)


@pytest.mark.parametrize(
    ("image", "expected"),
    [
        ("registry.k8s.io/external-dns/external-dns:v0.15.0", "it is"),
        ("bitnami/external-dns", "it is"),
        ("acme/external-dns-webhook:1", "it is not"),
        ("nginx:1", "it is not"),
    ],
)
def test_it_is_known_by_its_image(build: Callable[[str], Objects], image: str, expected: str) -> None:
    assert is_external_dns(container(build, f"{{image: '{image}'}}")) is (expected == "it is")


@pytest.mark.parametrize(
    ("spec", "values"),
    [
        ("{args: [--policy=sync]}", ["sync"]),
        ("{args: [--policy, sync]}", ["sync"]),
        ("{command: [external-dns, --policy=sync], args: [--policy=upsert-only]}", ["sync", "upsert-only"]),
        ("{env: [{name: EXTERNAL_DNS_POLICY, value: sync}]}", ["sync"]),
        ("{args: [--policy=sync], env: [{name: EXTERNAL_DNS_POLICY, value: other}]}", ["sync"]),
        ("{args: [--policyx=sync, --policy]}", []),
        ("{}", []),
    ],
)
def test_flags(build: Callable[[str], Objects], spec: str, values: list[str]) -> None:
    found, place = flag(container(build, spec), "policy")
    assert found == values
    assert (place is not None) == bool(values)


def test_a_variable_taken_from_elsewhere_is_set(build: Callable[[str], Objects]) -> None:
    taken = "{env: [{name: EXTERNAL_DNS_TXT_OWNER_ID, valueFrom: {configMapKeyRef: {name: a, key: b}}}]}"
    found, place = flag(container(build, taken), "txt-owner-id")
    assert found == [""]
    assert place is not None


@pytest.mark.parametrize("spec", ["{args: ['${ARGUMENT}']}", "{envFrom: [{configMapRef: {name: a}}]}"])
def test_flags_that_may_be_there_are_not_judged(build: Callable[[str], Objects], spec: str) -> None:
    with pytest.raises(NotJudged):
        flag(container(build, spec), "policy")
