"""Overlays over one base read it once and share its trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.kustomize import RenderCache
from infracheck.kustomize import render as render_overlay
from infracheck.source.reader import Reader
from infracheck.source.values import walk
from tests.kustomize.conftest import DEPLOYMENT, put

if TYPE_CHECKING:
    from pathlib import Path

OVERLAYS = ("dev", "sandbox", "production")


class CountingReader(Reader):
    """Notes which files it opens."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.opened: list[str] = []

    def _bytes(self, real: Path, most: int) -> bytes:
        self.opened.append(str(real.relative_to(self.root)))
        return super()._bytes(real, most)


@pytest.fixture
def reader(tmp_path: Path) -> CountingReader:
    files = {"base/kustomization.yaml": "resources: [web.yaml]\nnamePrefix: shop-\n", "base/web.yaml": DEPLOYMENT}
    for name in OVERLAYS:
        count = len(name)
        text = f"resources: [../base]\nreplicas:\n- name: web\n  count: {count}\n"
        files[f"{name}/kustomization.yaml"] = text
    return CountingReader(put(tmp_path, files))


def test_each_file_is_read_once(reader: CountingReader) -> None:
    cache = RenderCache()
    for name in OVERLAYS:
        render_overlay(reader.root / name, reader, cache=cache)
    assert sorted(reader.opened) == sorted(set(reader.opened))
    assert "base/web.yaml" in reader.opened
    assert len(reader.opened) == 2 + len(OVERLAYS)


def test_what_an_overlay_leaves_alone_is_the_same_tree(reader: CountingReader) -> None:
    cache = RenderCache()
    renderings = [render_overlay(reader.root / name, reader, cache=cache) for name in OVERLAYS]
    roots = [rendering.objects[0].root for rendering in renderings]
    assert [root.to_plain()["spec"]["replicas"] for root in roots] == [3, 7, 10]
    nodes = [{id(node) for node in walk(root)} for root in roots]
    shared = nodes[0] & nodes[1] & nodes[2]
    # The root, `spec` and the number of replicas are an overlay's own.
    assert [len(own - shared) for own in nodes] == [3, 3, 3]


def test_an_overlay_never_changes_its_base(reader: CountingReader) -> None:
    cache = RenderCache()
    before = render_overlay(reader.root / "base", reader, cache=cache).objects[0].to_plain()
    render_overlay(reader.root / "production", reader, cache=cache)
    alone = render_overlay(reader.root / "base", Reader(reader.root)).objects[0].to_plain()
    assert render_overlay(reader.root / "base", reader, cache=cache).objects[0].to_plain() == before == alone
