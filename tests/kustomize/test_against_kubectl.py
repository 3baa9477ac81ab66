"""Random kustomizations come out as `kubectl kustomize` prints them, byte for byte, or are refused by both."""

from __future__ import annotations

import random
import subprocess
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from infracheck import InfracheckError, api
from infracheck.kustomize.emit import emit
from tests.kustomize.conftest import put
from tests.kustomize.layers import Case

EXAMPLES = 250
"""A kubectl and a rendering take about a tenth of a second."""
BREAKDOWNS = ("panic", "goroutine", "runtime error")
"""Where kubectl itself breaks down, there is nothing to compare with."""


def printed_by_kubectl(kubectl: str, overlay: Path) -> str | None:
    """What kubectl prints, None where it refuses; an example over which it breaks down is passed over."""
    run = subprocess.run([kubectl, "kustomize", str(overlay)], capture_output=True, check=False, timeout=60)
    if any(word in run.stderr.decode("utf-8", "replace") for word in BREAKDOWNS):
        reject()
    return run.stdout.decode("utf-8") if run.returncode == 0 else None


def printed_by_us(overlay: Path) -> tuple[str | None, str]:
    """What we print and nothing, or None and why we refuse."""
    try:
        return emit(api.render(overlay, root=overlay.parent)), ""
    except InfracheckError as problem:
        return None, str(problem)


def shown(files: dict[str, str]) -> str:
    """Files to look at when they come out differently."""
    return "\n".join(f"=== {name}\n{text}" for name, text in files.items())


@pytest.mark.search
@pytest.mark.oracle
@given(seed=st.integers(0, 2**32))
@settings(max_examples=EXAMPLES)
def test_random_kustomizations(kubectl: str, seed: int) -> None:
    files = Case(random.Random(seed)).files
    with tempfile.TemporaryDirectory() as folder:
        overlay = put(Path(folder), files) / "overlay"
        ours, why = printed_by_us(overlay)
        theirs = printed_by_kubectl(kubectl, overlay)
    assert ours == theirs, f"seed {seed}: {why}\n{shown(files)}"


def test_the_search_renders_much_of_what_it_makes(tmp_path: Path) -> None:
    """A search that only makes what is refused would prove nothing."""
    rendered = 0
    for seed in range(80):
        overlay = put(tmp_path / str(seed), Case(random.Random(seed)).files) / "overlay"
        rendered += printed_by_us(overlay)[0] is not None
    assert rendered >= 80 // 3
