"""Where the settings of a load balancer come from: class, Ingress, group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.kubernetes.alb import is_public, own_setting, service_of, setting, target_type
from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.ingress import Ingress
    from infracheck.kubernetes.objects import Objects

CLASS = """
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: public}
spec:
  controller: ingress.k8s.aws/alb
  parameters: {apiGroup: elbv2.k8s.aws, kind: IngressClassParams, name: shared}
---
apiVersion: elbv2.k8s.aws/v1beta1
kind: IngressClassParams
metadata: {name: shared}
spec:
  scheme: internet-facing
  group: {name: everyone}
  targetType: ip
---
"""


def ingress(name: str, annotations: str = "", class_name: str = "alb", namespace: str = "core") -> str:
    """An Ingress with annotations of the controller, by their short names."""
    pairs = ", ".join(f"alb.ingress.kubernetes.io/{part.strip()}" for part in annotations.split(";") if part.strip())
    return (
        "apiVersion: networking.k8s.io/v1\nkind: Ingress\n"
        f"metadata: {{name: {name}, namespace: {namespace}, annotations: {{{pairs}}}}}\n"
        f"spec: {{ingressClassName: {class_name}, defaultBackend: "
        "{service: {name: web, port: {number: 80}}}}\n---\n"
    )


def first(objects: Objects) -> Ingress:
    return objects.ingresses[0]


def test_without_a_group_it_stands_alone(build: Callable[[str], Objects]) -> None:
    one = first(build(ingress("a") + ingress("b")))
    assert one.group_name == ""
    assert one.group_members.certain == (one,)


def test_what_another_of_the_group_says_of_the_load_balancer_holds_for_all(build: Callable[[str], Objects]) -> None:
    objects = build(
        ingress("a", "group.name: g")
        + ingress("b", "group.name: g; scheme: internet-facing", namespace="other")
        + ingress("c", "group.name: h; ssl-redirect: '443'")
        + ingress("d", "group.name: g; ssl-policy: p", class_name="nginx")
    )
    one = first(objects)
    assert [member.name for member in one.group_members] == ["a", "b"]
    assert is_public(one)
    assert not own_setting(one, "scheme").exists
    assert not setting(one, "ssl-redirect").exists
    assert not setting(one, "ssl-policy").exists, "an Ingress of another class is not in the group"


def test_its_own_word_goes_before_that_of_the_group(build: Callable[[str], Objects]) -> None:
    objects = build(
        ingress("a", "group.name: g; scheme: internal") + ingress("b", "group.name: g; scheme: internet-facing")
    )
    assert not is_public(first(objects))


def test_the_class_goes_before_the_annotation(build: Callable[[str], Objects]) -> None:
    objects = build(CLASS + ingress("a", "scheme: internal; group.name: mine", class_name="public"))
    one = first(objects)
    assert is_public(one)
    assert one.group_name == "everyone"
    assert target_type(one)[0] == "ip"


def test_an_unknown_group_is_not_taken_to_be_none(build: Callable[[str], Objects]) -> None:
    one = first(build(ingress("a", "group.name: '${GROUP}'")))
    with pytest.raises(NotJudged):
        bool(one.group_members)


def test_an_ingress_of_an_unknown_group_may_belong_to_it(build: Callable[[str], Objects]) -> None:
    one = first(build(ingress("a", "group.name: g") + ingress("b", "group.name: '${GROUP}'; scheme: internet-facing")))
    assert one.group_members.certain == (one,)
    with pytest.raises(NotJudged):
        setting(one, "scheme")
    assert not own_setting(one, "scheme").exists


def test_target_types(build: Callable[[str], Objects]) -> None:
    service = (
        "apiVersion: v1\nkind: Service\n"
        "metadata: {name: web, namespace: core, annotations: {alb.ingress.kubernetes.io/target-type: ip}}\n---\n"
    )
    objects = build(service + ingress("a", "target-type: instance") + ingress("b"))
    one, other = objects.ingresses
    backend = next(iter(one.backends))
    found = service_of(one, backend)
    assert found is objects.services[0]
    assert target_type(one, found)[0] == "ip"
    assert target_type(one)[0] == "instance"
    assert target_type(other)[0] == "instance"
    assert not target_type(other)[1].exists


def test_auto_mode_reaches_pods_by_address(build: Callable[[str], Objects]) -> None:
    declared = (
        "apiVersion: networking.k8s.io/v1\nkind: IngressClass\nmetadata: {name: auto}\n"
        "spec: {controller: eks.amazonaws.com/alb}\n---\n"
    )
    assert target_type(first(build(declared + ingress("a", class_name="auto"))))[0] == "ip"
