from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.kubernetes.ingress import Ingress
    from infracheck.kubernetes.objects import Objects


def ingress(build: Callable[[str], Objects], annotations: str = "{}", spec: str = "{}", rest: str = "") -> Ingress:
    text = f"""
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {{name: web, annotations: {annotations}}}
spec: {spec}
---
{rest}
"""
    return build(text).ingresses[0]


def test_rules_lead_to_services(build: Callable[[str], Objects]) -> None:
    one = ingress(
        build,
        spec="""{defaultBackend: {service: {name: fallback, port: {number: 80}}}, tls: [{hosts: [a.b], secretName: t}],
        rules: [{host: a.b, http: {paths: [{path: /x, pathType: Exact,
        backend: {service: {name: x, port: {name: http}}}}]}},
        {http: {paths: [{backend: {service: {name: y, port: {number: 81}}}}]}}]}""",
    )
    assert [host.text() for host in one.hosts] == ["a.b"]
    assert [(entry.host.text(), entry.path, entry.path_type) for entry in one.paths] == [
        ("a.b", "/x", "Exact"),
        (None, "/", "ImplementationSpecific"),
    ]
    assert [(each.service, each.port) for each in one.backends] == [("fallback", 80), ("x", "http"), ("y", 81)]
    assert one.tls[0]["secretName"].text() == "t"
    assert one.terminates_tls


def test_old_backends_are_read_too(build: Callable[[str], Objects]) -> None:
    one = build(
        """
        apiVersion: extensions/v1beta1
        kind: Ingress
        metadata: {name: web}
        spec: {backend: {serviceName: a, servicePort: 80}, rules: [{http: {paths: [{backend:
          {serviceName: b, servicePort: use-annotation}}]}}]}
        """
    ).ingresses[0]
    assert [(each.service, each.port, each.is_action) for each in one.backends] == [
        ("a", 80, False),
        ("b", "use-annotation", True),
    ]


def test_classes(build: Callable[[str], Objects]) -> None:
    default = """{apiVersion: networking.k8s.io/v1, kind: IngressClass, metadata: {name: main,
      annotations: {ingressclass.kubernetes.io/is-default-class: "true"}}, spec: {controller: ingress.k8s.aws/alb}}"""
    assert ingress(build, spec="{ingressClassName: nginx}").class_name == "nginx"
    assert ingress(build, "{kubernetes.io/ingress.class: alb}").class_name == "alb"
    assert ingress(build).class_name == ""
    assert ingress(build, rest=default).class_name == "main"
    assert ingress(build, rest=default).is_alb
    assert ingress(build, "{kubernetes.io/ingress.class: alb}").is_alb
    assert not ingress(build, spec="{ingressClassName: nginx}").is_alb
    assert not ingress(build).is_alb
    assert ingress(build, "{alb.ingress.kubernetes.io/scheme: internal}").is_alb
    with pytest.raises(NotJudged):
        _ = ingress(build, spec="{ingressClassName: '${C}'}").is_alb


LISTENERS = [
    ("{}", [("HTTP", 80)]),
    ("{alb.ingress.kubernetes.io/certificate-arn: 'arn:a'}", [("HTTPS", 443)]),
    ("""{alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80}, {"HTTPS": 443}]'}""", [("HTTP", 80), ("HTTPS", 443)]),
    ("""{alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": 80, "HTTPS": 8443}]'}""", [("HTTP", 80), ("HTTPS", 8443)]),
    ("""{alb.ingress.kubernetes.io/listen-ports: '[{"HTTP": "80"}]'}""", None),
    ("""{alb.ingress.kubernetes.io/listen-ports: '[{"TCP": 80}]'}""", None),
    ("""{alb.ingress.kubernetes.io/listen-ports: 'HTTP 80'}""", None),
    ("""{alb.ingress.kubernetes.io/listen-ports: '{"HTTP": 80}'}""", None),
]


@pytest.mark.parametrize("case", LISTENERS)
def test_listeners_of_load_balancers(build: Callable[[str], Objects], case: tuple[str, object]) -> None:
    annotations, ports = case
    assert ingress(build, annotations).listen_ports == ports


def test_annotations_of_load_balancers(build: Callable[[str], Objects]) -> None:
    one = ingress(
        build,
        """{alb.ingress.kubernetes.io/scheme: internet-facing,
        alb.ingress.kubernetes.io/certificate-arn: 'arn:a, arn:b', alb.ingress.kubernetes.io/tags: 'team=a,env=b=c',
        alb.ingress.kubernetes.io/load-balancer-attributes:
          'access_logs.s3.enabled=true,idle_timeout.timeout_seconds=60',
        alb.ingress.kubernetes.io/actions.go: '{"type": "redirect"}'}""",
    )
    assert one.alb("scheme").text() == "internet-facing"
    assert one.certificates == ["arn:a", "arn:b"]
    assert one.tags == {"team": "a", "env": "b=c"}
    assert one.load_balancer_attributes["access_logs.s3.enabled"] == "true"
    assert one.action("go") == {"type": "redirect"}
    assert one.action("gone") is None
    assert not ingress(build).terminates_tls


def test_deep_json_is_refused(build: Callable[[str], Objects]) -> None:
    deep = "[" * 15_000
    assert ingress(build, f"{{alb.ingress.kubernetes.io/listen-ports: '{deep}'}}").listen_ports is None
    long = "[" + "1," * 15_000 + "1]"
    assert ingress(build, f"{{alb.ingress.kubernetes.io/listen-ports: '{long}'}}").listen_ports is None
