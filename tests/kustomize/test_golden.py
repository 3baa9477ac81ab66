"""Each feature in a small case of its own: `golden/*.txt` hold the files and what kustomize v5.5.0 makes of them.

A case ends in `=== expected` with the text that is printed, or in `=== refused` with the file, line and message.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from infracheck import InfracheckError
from infracheck.kustomize.emit import emit
from tests.kustomize.conftest import put

if TYPE_CHECKING:
    from tests.kustomize.conftest import Render

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.txt"))
HEADING = re.compile(r"^=== (.+)\n", re.MULTILINE)


class Case(NamedTuple):
    files: dict[str, str]
    expected: str | None
    refused: str | None


def read_case(path: Path) -> Case:
    _, *parts = HEADING.split(path.read_text(encoding="utf-8"))
    sections = dict(zip(parts[::2], parts[1::2], strict=True))
    expected, refused = sections.pop("expected", None), sections.pop("refused", None)
    return Case(sections, expected, refused)


def stems(*, refused: bool) -> list[Path]:
    return [path for path in GOLDEN if path.stem.startswith("refused-") is refused]


@pytest.mark.parametrize("path", stems(refused=False), ids=lambda path: path.stem)
def test_rendered(path: Path, render: Render) -> None:
    case = read_case(path)
    assert emit(render(case.files)) == case.expected


@pytest.mark.parametrize("path", stems(refused=True), ids=lambda path: path.stem)
def test_refused(path: Path, render: Render) -> None:
    case = read_case(path)
    with pytest.raises(InfracheckError) as caught:
        render(case.files)
    assert str(caught.value) == (case.refused or "").rstrip("\n")
    assert caught.value.origin is not None


@pytest.mark.oracle
@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_kubectl_says_the_same(path: Path, kubectl: str, tmp_path: Path) -> None:
    case = read_case(path)
    folder = put(tmp_path, case.files)
    run = subprocess.run([kubectl, "kustomize", str(folder)], capture_output=True, check=False, encoding="utf-8")
    assert (run.stdout if run.returncode == 0 else None) == case.expected, run.stderr


def test_there_are_cases_of_both_kinds() -> None:
    assert len(stems(refused=False)) > 30
    assert len(stems(refused=True)) > 25
