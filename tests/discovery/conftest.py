"""Trees of files, and what discovery makes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from infracheck.config.settings import Settings
from infracheck.discovery import Discovery, discover
from infracheck.source.reader import Reader

if TYPE_CHECKING:
    from pathlib import Path

Find = Callable[..., Discovery]

DEPLOYMENT = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n"


@pytest.fixture
def find(tmp_path: Path) -> Find:
    """Write files below a root and discover what they are."""

    def run(files: Mapping[str, str | bytes], *paths: str, **settings: Any) -> Discovery:
        root = tmp_path / "repository"
        root.mkdir(exist_ok=True)
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        chosen = [root / path for path in paths] or [root]
        return discover(chosen, Reader(root), Settings.model_validate(settings))

    return run
