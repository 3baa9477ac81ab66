"""What the tests of the Kustomize renderer share: trees of files, and rendering them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

import pytest

from infracheck import api

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from infracheck.kustomize import Rendering

DEPLOYMENT = """\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: app
        image: nginx:1.25
        ports:
        - containerPort: 80
"""


def put(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass"))
    return folder


class Render(Protocol):
    def __call__(self, files: Mapping[str, str | bytes], overlay: str = ".", **options: Any) -> Rendering: ...


@pytest.fixture
def render(tmp_path: Path) -> Render:
    """Writes files and renders one of their directories."""

    def call(files: Mapping[str, str | bytes], overlay: str = ".", **options: Any) -> Rendering:
        put(tmp_path, files)
        return api.render(tmp_path / overlay, root=tmp_path, **options)

    return call
