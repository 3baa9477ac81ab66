from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import pytest

from infracheck.cli import run

if TYPE_CHECKING:
    from pathlib import Path

POD = """\
apiVersion: v1
kind: Pod
metadata:
  name: bad
spec:
  containers:
    - name: app
      image: registry.example/app@sha256:0000000000000000000000000000000000000000000000000000000000000000
      securityContext:
        privileged: true
"""
CLEAN = """\
apiVersion: v1
kind: ConfigMap
metadata:
  name: colours
  namespace: web
data:
  sky: blue
"""


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


class Infracheck(Protocol):
    def __call__(self, *arguments: str | Path) -> Outcome: ...


@pytest.fixture
def infracheck(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Infracheck:
    """Runs the command line in this process, in a fresh directory."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)

    def call(*arguments: str | Path) -> Outcome:
        code = run([str(argument) for argument in arguments])
        captured = capfd.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    """A repository with a privileged container."""
    return repository(tmp_path / "bad", {"deploy/pod.yaml": POD})


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """A repository in which nothing is wrong."""
    return repository(tmp_path / "good", {"deploy/map.yaml": CLEAN})


def repository(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (root / ".git").mkdir()
    return root


class Process(Protocol):
    def __call__(self, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture
def process(tmp_path: Path) -> Process:
    """Runs the command line as users do, in a process of its own."""

    def call(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "infracheck", *map(str, arguments)],
            capture_output=True,
            text=True,
            encoding="utf-8",
            cwd=tmp_path,
            env={**os.environ, **environment},
            check=False,
        )

    return call
