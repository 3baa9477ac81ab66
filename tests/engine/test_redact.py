"""What looks like a secret is not quoted, and what does not is left readable."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import infracheck
from infracheck.engine.places import MAX_LINE, location
from infracheck.engine.redact import redact, redact_message, redact_span
from infracheck.reporters import render
from infracheck.reporters.style import Style
from infracheck.source.files import SourceFile, Span
from infracheck.source.origin import Origin

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "text",
    [
        "password: hunter2-hunter2",
        'db_password = "hunter2-hunter2"',
        "url: postgres://app:hunter2-hunter2@db/app",
        'password: "hunter2-hunter2 and no end',
        "api-token=hunter2-hunter2",
        "git::https://hunter2-hunter2-hunter2@git.example/module.git",
    ],
)
def test_credentials_are_masked(text: str) -> None:
    assert "hunter2" not in redact(text)
    assert "***" in redact(text)


@pytest.mark.parametrize(
    "text",
    [
        "ExternalSecret/core-api/search-secrets: external-secrets.io/v1beta1 is deprecated",
        "secretName: web-tls",
        "secretKeyRef: {name: web, key: password}",
        "token: ${TOKEN}",
    ],
)
def test_names_of_secrets_and_versions_of_apis_are_not(text: str) -> None:
    assert redact(text) == text


def test_a_long_line_is_cut_and_a_secret_across_the_cut_is_not_shown() -> None:
    text = f'{{"a": 1{" " * (MAX_LINE - 24)}"password": "hunter2{"x" * 10_000}"}}'
    shown = location(Origin(Span(SourceFile("a.json", text), 0, 1))).text
    assert len(shown) <= MAX_LINE
    assert "hunter2" not in shown
    assert "password" in shown


def test_a_token_in_the_address_of_a_remote_base_is_not_shown(tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text(
        "resources: ['https://user:hunter2@git.example/o/r?ref=main']\n", encoding="utf-8"
    )
    report = infracheck.scan([tmp_path], infracheck.Settings(root=tmp_path))
    assert report.gaps
    assert "hunter2" not in render("json", report, (), Style())


@pytest.mark.parametrize(
    ("line", "shown"),
    [
        ('data: {pin: 1, x: HERE, conf: "a=b, c", name: n}', "data: {pin: *, x: HERE, conf: ********, name: n}"),
        ("- {name: DB_PASSWORD, value: HERE}", "- {name: DB_PASSWORD, value: HERE}"),
        ("{'a': 'hush', b: HERE, c: hush hush}", "{'a': ******, b: HERE, c: *********}"),
        ('args: ["--user", "bob", "--password=HERE"]', 'args: ["--user", "bob", "--password=HERE"]'),
        ('user_data = "HERE"  # see a:b', 'user_data = "HERE"  # see a:b'),
    ],
)
def test_what_stands_beside_a_secret_is_covered_too(line: str, shown: str) -> None:
    start = line.index("HERE")
    found = redact_span(line, start, start + 4)
    assert re.sub(r"\*{3}[0-9a-f]{6}", "HERE", found) == shown


def test_the_name_of_an_object_is_not_the_name_of_a_secret() -> None:
    address = "Deployment/kube-system/sealed-secrets-controller"
    message = f"{address}: rolling update of 2 pods, password=hunter2222"
    shown = redact_message(message, address)
    assert shown.startswith(f"{address}: rolling update of 2 pods, password=***")
    assert "hunter" not in shown
    assert redact_message(message, "").count("***") == 2


def test_a_finding_keeps_the_name_of_its_object(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: sealed-secrets-controller}\nspec:\n  template:\n"
        "    metadata:\n      annotations: {scheduler.alpha.kubernetes.io/critical-pod: ''}\n"
        "    spec:\n      containers: [{name: web, image: web}]\n"
    )
    rule = "kubernetes/annotation-without-effect"
    (found,) = infracheck.scan([tmp_path], infracheck.Settings(select=(rule,))).findings
    assert found.message.startswith(
        "Deployment/default/sealed-secrets-controller: annotation scheduler.alpha.kubernetes.io/critical-pod has no"
    )
