"""Workflows as views, from their text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.config.settings import Settings
from infracheck.findings.severity import Profile
from infracheck.rule import Context
from infracheck.source.reader import Reader
from infracheck.workflows import Workflows, load_workflows

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Workflows]:
    """Load files given by name (`on: push` and so on) from `.github/workflows`."""

    def run(**files: str) -> Workflows:
        folder = tmp_path / ".github" / "workflows"
        folder.mkdir(parents=True, exist_ok=True)
        paths = []
        for name, text in files.items():
            path = folder / f"{name}.yml" if name != "action" else tmp_path / "action.yml"
            path.write_text(text)
            paths.append(path)
        context = Context("", Profile.PRODUCTION, ".", Settings())
        return load_workflows(paths, Reader(tmp_path)).in_context(context)

    return run
