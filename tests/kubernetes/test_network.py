from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.network import NetworkPolicy
    from infracheck.kubernetes.objects import Objects

PODS = """
{apiVersion: v1, kind: Pod, metadata: {name: db, namespace: core, labels: {role: db}}, spec: {containers: []}}
---
{apiVersion: v1, kind: Pod, metadata: {name: web, namespace: front, labels: {role: web}}, spec: {containers: []}}
---
"""


def policy(build: Callable[[str], Objects], spec: str, rest: str = "") -> NetworkPolicy:
    metadata = "{name: p, namespace: core}"
    text = f"{{apiVersion: networking.k8s.io/v1, kind: NetworkPolicy, metadata: {metadata}, spec: {spec}}}"
    return build(PODS + rest + text).network_policies[0]


TYPES = [
    # https://kubernetes.io/docs/concepts/services-networking/network-policies/#networkpolicy-resource
    ("{podSelector: {}}", {"Ingress"}),
    ("{podSelector: {}, egress: [{}]}", {"Ingress", "Egress"}),
    ("{podSelector: {}, egress: []}", {"Ingress"}),
    ("{podSelector: {}, policyTypes: [Egress]}", {"Egress"}),
    ("{podSelector: {}, policyTypes: [Ingress, Egress]}", {"Ingress", "Egress"}),
    ("{podSelector: {}, policyTypes: []}", {"Ingress"}),
]


@pytest.mark.parametrize("case", TYPES)
def test_directions_default_as_documented(build: Callable[[str], Objects], case: tuple[str, set[str]]) -> None:
    spec, types = case
    assert policy(build, spec).policy_types == types


def test_policies_isolate_the_pods_they_select(build: Callable[[str], Objects]) -> None:
    one = policy(build, "{podSelector: {matchLabels: {role: db}}, policyTypes: [Ingress]}")
    db, web = one.objects.workloads
    assert one.isolates(db, "Ingress")
    assert not one.isolates(db, "Egress")
    assert not one.isolates(web, "Ingress")
    assert [each.name for each in db.network_policies] == ["p"]
    assert not web.network_policies
    # The selector is a plain struct: none at all selects all pods of the namespace.
    assert policy(build, "{policyTypes: [Ingress]}").selects(db)


def test_default_deny_is_recognised(build: Callable[[str], Objects]) -> None:
    assert policy(build, "{podSelector: {}, policyTypes: [Ingress]}").denies_all("Ingress")
    assert policy(build, "{podSelector: {}, policyTypes: [Ingress, Egress]}").denies_all("Egress")
    assert policy(build, "{podSelector: {}}").denies_all("Ingress")
    assert policy(build, "{podSelector: {matchLabels: {}}}").denies_all("Ingress")
    assert not policy(build, "{podSelector: {}}").denies_all("Egress")
    assert not policy(build, "{podSelector: {}, ingress: [{}]}").denies_all("Ingress")
    assert not policy(build, "{podSelector: {matchLabels: {role: db}}}").denies_all("Ingress")
    with pytest.raises(NotJudged):
        policy(build, "{podSelector: '${S}'}").denies_all("Ingress")


def test_an_open_rule_undoes_isolation(build: Callable[[str], Objects]) -> None:
    assert policy(build, "{podSelector: {}, ingress: [{}]}").allows_all("Ingress")
    assert policy(build, "{podSelector: {}, ingress: [{from: []}]}").allows_all("Ingress")
    assert not policy(build, "{podSelector: {}, ingress: [{ports: [{port: 80}]}]}").allows_all("Ingress")
    assert not policy(build, "{podSelector: {}, ingress: [{from: [{podSelector: {}}]}]}").allows_all("Ingress")


def test_peers_mean_pods_namespaces_or_addresses(build: Callable[[str], Objects]) -> None:
    spec = """{podSelector: {}, ingress: [{from: [{podSelector: {}}, {namespaceSelector: {}},
        {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: front}},
        podSelector: {matchLabels: {role: web}}},
        {ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]}]}"""
    one = policy(build, spec)
    db, web = one.objects.workloads
    own, any_namespace, front, addresses = one.rules("Ingress")[0].peers
    assert (own.selects(db), own.selects(web)) == (True, False)
    assert (any_namespace.selects(db), any_namespace.selects(web)) == (True, True)
    assert (front.selects(db), front.selects(web)) == (False, True)
    assert (addresses.selects(db), addresses.cidr, addresses.exceptions) == (False, "0.0.0.0/0", ["10.0.0.0/8"])


def test_labels_of_namespaces_are_known_where_the_namespace_is(build: Callable[[str], Objects]) -> None:
    spec = "{podSelector: {}, ingress: [{from: [{namespaceSelector: {matchLabels: {team: a}}}]}]}"
    unknown = policy(build, spec)
    with pytest.raises(NotJudged, match="namespace front"):
        unknown.rules("Ingress")[0].peers[0].selects(unknown.objects.workloads[1])
    namespace = "{apiVersion: v1, kind: Namespace, metadata: {name: front, labels: {team: a}}}\n---\n"
    known = policy(build, spec, namespace)
    assert known.rules("Ingress")[0].peers[0].selects(known.objects.workloads[1])


PORTS = [
    # https://kubernetes.io/docs/concepts/services-networking/network-policies/#targeting-a-range-of-ports
    ("{}", ("TCP", 80), True),
    ("{ports: []}", ("TCP", 80), True),
    ("{ports: [{port: 80}]}", ("TCP", 80), True),
    ("{ports: [{port: 80}]}", ("UDP", 80), False),
    ("{ports: [{port: 81}]}", ("TCP", 80), False),
    ("{ports: [{protocol: UDP}]}", ("UDP", 80), True),
    ("{ports: [{protocol: UDP}]}", ("TCP", 80), False),
    ("{ports: [{port: 79, endPort: 81}]}", ("TCP", 80), True),
    ("{ports: [{port: 81, endPort: 90}]}", ("TCP", 80), False),
    ("{ports: [{port: 53}, {port: http}]}", ("TCP", 80), True),
    ("{ports: [{port: https}]}", ("TCP", 80), False),
]


@pytest.mark.parametrize(("entry", "wanted", "allowed"), PORTS)
def test_ports_are_allowed_as_written(
    build: Callable[[str], Objects], entry: str, wanted: tuple[str, int], *, allowed: bool
) -> None:
    one = policy(build, f"{{podSelector: {{}}, ingress: [{entry}]}}").rules("Ingress")[0]
    protocol, port = wanted
    assert one.allows_port(port, protocol, names=frozenset({"http"})) is allowed
