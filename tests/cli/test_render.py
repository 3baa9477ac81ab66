from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Infracheck

MANIFEST = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
"""
OVERLAY = "resources: [../base]\nnamespace: shop\nreplicas:\n- name: web\n  count: 3\n"
RENDERED = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
  namespace: shop
spec:
  replicas: 3
"""


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    for name, text in {
        "base/kustomization.yaml": "resources: [web.yaml]\n",
        "base/web.yaml": MANIFEST,
        "overlay/kustomization.yaml": OVERLAY,
        "strict/kustomization.yaml": "resources: [../base/web.yaml]\n",
        "remote/kustomization.yaml": "resources: [../base, 'https://example.com/\x1b[31mred.yaml']\n".replace(
            "'https://example.com/\x1b[31mred.yaml'", '"https://example.com/\\e[31mred.yaml"'
        ),
    }.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (tmp_path / ".git").mkdir()
    return tmp_path / "overlay"


def test_prints_what_kubectl_prints(infracheck: Infracheck, overlay: Path) -> None:
    outcome = infracheck("render", overlay)
    assert (outcome.code, outcome.out, outcome.err) == (0, RENDERED, "")


@pytest.mark.oracle
def test_byte_for_byte(infracheck: Infracheck, overlay: Path, kubectl: str) -> None:
    run = subprocess.run([kubectl, "kustomize", str(overlay)], capture_output=True, check=True, text=True)
    assert infracheck("render", overlay).out == run.stdout


def test_the_current_directory_by_default(
    infracheck: Infracheck, overlay: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(overlay)
    assert infracheck("render").out == RENDERED


def test_origins_are_comments_beside_what_changed(infracheck: Infracheck, overlay: Path) -> None:
    outcome = infracheck("render", overlay, "--origins")
    lines = outcome.out.splitlines()
    assert "  namespace: shop # overlay/kustomization.yaml:2 (namespace)" in lines
    assert "  replicas: 3 # overlay/kustomization.yaml:5 (replicas), over base/web.yaml:6" in lines
    assert "  name: web" in lines
    without = "".join(line.partition(" # ")[0] + "\n" for line in lines)
    assert without == RENDERED


def test_files_beside_the_overlay_need_the_flag(infracheck: Infracheck, overlay: Path) -> None:
    strict = overlay.parent / "strict"
    refused = infracheck("render", strict)
    assert refused.code == 1
    assert refused.out == ""
    assert "strict/kustomization.yaml:1:13: security; file '../base/web.yaml' is not in or below" in refused.err
    assert infracheck("render", strict, "--load-restrictor", "none").out == MANIFEST


def test_what_is_not_fetched_is_said_beside_the_rest(infracheck: Infracheck, overlay: Path) -> None:
    outcome = infracheck("render", overlay.parent / "remote")
    assert outcome.code == 0
    assert outcome.out == MANIFEST
    assert "not rendered: https://example.com/" in outcome.err
    assert "\x1b" not in outcome.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--load-restrictor", "some"], "'some' is not one of"),
        (["--no-such-flag"], "No such option"),
        (["overlay", "base"], "unexpected extra argument"),
    ],
)
def test_wrong_usage(infracheck: Infracheck, overlay: Path, arguments: list[str], words: str) -> None:
    outcome = infracheck("render", *arguments)
    assert outcome.code == 2
    assert words in outcome.err
    assert outcome.out == ""
    assert overlay.exists()


@pytest.mark.parametrize(
    ("place", "words"), [("gone", "not a directory"), ("base/web.yaml", "not a directory"), (".", "kustomization")]
)
def test_nothing_to_render(infracheck: Infracheck, overlay: Path, place: str, words: str) -> None:
    outcome = infracheck("render", overlay.parent / place)
    assert outcome.code != 0
    assert words in outcome.err
    assert "Traceback" not in outcome.err
    assert outcome.out == ""
