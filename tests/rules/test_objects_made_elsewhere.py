"""What a chart or an operator may make is neither reported as missing nor passed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import infracheck
from tests.rules.judged import judged

if TYPE_CHECKING:
    from pathlib import Path

WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: api, namespace: shop}
spec:
  selector: {matchLabels: {app: api}}
  template:
    metadata: {labels: {app: api}}
    spec:
      serviceAccountName: runner
      containers: [{name: app, image: "api:1.0"}]
      volumes: [{name: data, persistentVolumeClaim: {claimName: runner}}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: other, namespace: shop}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: other, namespace: shop}
---
apiVersion: v1
kind: Service
metadata: {name: other, namespace: shop}
spec: {selector: {app: runner}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web, namespace: shop}
spec:
  defaultBackend: {service: {name: runner, port: {number: 80}}}
---
"""
RULES = ("dangling-service-account", "dangling-claim", "ingress-without-service", "service-selects-nothing")
RELEASE = "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: {name: r, namespace: NAMESPACE}\n"
OPERATED = "apiVersion: ci.example/v1\nkind: Runner\nmetadata: {name: runner, namespace: NAMESPACE}\n"
MAKERS = [
    RELEASE.replace("NAMESPACE", "shop"),
    RELEASE.replace("NAMESPACE", "flux-system") + "spec: {targetNamespace: shop}\n",
    OPERATED.replace("NAMESPACE", "shop"),
]
OTHERS = [RELEASE.replace("NAMESPACE", "other"), OPERATED.replace("NAMESPACE", "other"), ""]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("manifest", MAKERS)
def test_what_something_may_make_is_not_judged(tmp_path: Path, rule: str, manifest: str) -> None:
    assert judged(tmp_path, rule, WORKLOAD + manifest) == (0, 1)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("manifest", OTHERS)
def test_what_stands_in_another_namespace_is_no_excuse(tmp_path: Path, rule: str, manifest: str) -> None:
    assert judged(tmp_path, rule, WORKLOAD + manifest) == (1, 0)


@pytest.mark.parametrize(("namespace", "expected"), [("shop", (0, 1)), ("other", (1, 0))])
def test_an_account_of_another_stack_counts(tmp_path: Path, namespace: str, expected: tuple[int, int]) -> None:
    account = f"apiVersion: v1\nkind: ServiceAccount\nmetadata: {{name: runner, namespace: {namespace}}}\n"
    for folder, text in (("app", WORKLOAD), ("accounts", account)):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "kustomization.yaml").write_text("resources: [manifest.yaml]\n", encoding="utf-8")
        (tmp_path / folder / "manifest.yaml").write_text(text, encoding="utf-8")
    report = infracheck.scan([tmp_path], infracheck.Settings(select=("kubernetes/dangling-service-account",)))
    assert (len(report.findings), len(report.undecided)) == expected


def test_what_flagger_and_openshift_make(tmp_path: Path) -> None:
    canary = "---\napiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata: {name: web, namespace: shop}\n"
    text = WORKLOAD.replace("{name: runner, port", "{name: web-primary, port") + canary
    assert judged(tmp_path, "ingress-without-service", text) == (0, 1)
    route = "---\napiVersion: route.openshift.io/v1\nkind: Route\nmetadata: {name: web, namespace: shop}\n"
    text = WORKLOAD.replace("serviceAccountName: runner", "serviceAccountName: builder")
    for more, expected in (("", (1, 0)), (route, (0, 1))):
        assert judged(tmp_path, "dangling-service-account", text + more) == expected


def test_what_is_merely_called_after_an_application_makes_nothing(tmp_path: Path) -> None:
    route = (
        "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: runner, namespace: shop}\n"
    )
    (tmp_path / "manifest.yaml").write_text(WORKLOAD + route, encoding="utf-8")
    report = infracheck.scan([tmp_path], infracheck.Settings(select=("kubernetes/ingress-without-service",)))
    assert len(report.findings) == 1
