"""What stands outside of every environment may be a part: what it lacks is not judged where others may bring it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import infracheck

if TYPE_CHECKING:
    from pathlib import Path

WORKLOAD = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec: {SPEC}
"""
NO_LABELS = "template: {spec: {serviceAccountName: web, containers: [{name: app, image: 'web:1.0'}]}}"
LACKING = {
    "kubernetes/schema-violation": "",
    "kubernetes/selector-mismatch": NO_LABELS,
    "kubernetes/dangling-service-account": NO_LABELS,
}
ACCOUNTS = """\
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: NAME, namespace: shop}
"""


@pytest.mark.parametrize("rule", LACKING)
def test_an_environment_lacks_what_a_part_need_not_have(tmp_path: Path, rule: str) -> None:
    workload = WORKLOAD.replace("SPEC", LACKING[rule])
    (environment := tmp_path / "overlays/production").mkdir(parents=True)
    (environment / "web.yaml").write_text(workload + ACCOUNTS.replace("NAME", "other"))
    (part := tmp_path / "parts").mkdir()
    (part / "web.yaml").write_text(workload + ACCOUNTS.replace("NAME", "other"))
    # The account is made by another stack: the part may be applied beside it, and production without it.
    (stage := tmp_path / "overlays/staging").mkdir()
    (stage / "account.yaml").write_text(ACCOUNTS.replace("NAME", "web"))
    report = infracheck.scan([tmp_path], infracheck.Settings(select=(rule,)))
    assert [found.location.path for found in report.findings] == ["overlays/production/web.yaml"]
    assert {(one.rule_id, one.address) for one in report.undecided} == {(rule, "Deployment/shop/web")}


def test_what_a_part_has_is_judged(tmp_path: Path) -> None:
    (tmp_path / "web.yaml").write_text(
        WORKLOAD.replace("SPEC", "selector: {matchLabels: {app: web}}, " + NO_LABELS)
        + ACCOUNTS.replace("NAME", "other")
    )
    report = infracheck.scan([tmp_path], infracheck.Settings(select=tuple(LACKING)))
    assert {found.rule_id for found in report.findings} == {
        "kubernetes/selector-mismatch",
        "kubernetes/dangling-service-account",
    }
