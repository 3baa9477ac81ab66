"""What would be fetched or executed is left out and said; hostile files end in an error, never in a crash or a hang."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck import InfracheckError, api
from infracheck.kustomize import render as render_overlay
from infracheck.source.errors import LimitError
from infracheck.source.reader import Reader
from tests.kustomize.conftest import put

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.kustomize import Rendering
    from tests.kustomize.conftest import Render

MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: map\n"
HELM = "resources: [map.yaml]\nhelmCharts:\n- name: redis\n  repo: https://charts.example\n  version: 1.0.0\n"
EXEC = """\
resources: [map.yaml]
transformers:
- |
  apiVersion: example.com/v1
  kind: Stamp
  metadata:
    name: stamp
    annotations:
      config.kubernetes.io/function: |
        exec:
          path: ./stamp.sh
"""
CONTAINER = EXEC.replace("transformers", "generators").replace(
    "exec:\n          path: ./stamp.sh", "container:\n          image: example.com/stamp:1"
)


# Gaps ---------------------------------------------------------------------------------------------------------------


def collected(folder: Path, files: dict[str, str | bytes]) -> Rendering:
    """Rendered as a scan does."""
    put(folder, files)
    return render_overlay(folder, Reader(folder), gaps="collect")


@pytest.mark.parametrize(
    ("text", "entry", "line", "command"),
    [
        (
            "resources:\n- map.yaml\n- https://example.com/all.yaml\n",
            "https://example.com/all.yaml",
            3,
            "kubectl kustomize .",
        ),
        (
            "resources:\n- github.com/org/repo//deploy?ref=v1\n- map.yaml\n",
            "github.com/org/repo//deploy?ref=v1",
            2,
            "kubectl",
        ),
        (
            "resources: [map.yaml]\ncomponents:\n- https://github.com/org/repo\n",
            "https://github.com/org/repo",
            3,
            "kubectl",
        ),
        (HELM, "redis", 3, "kustomize build --enable-helm ."),
        (EXEC, "Stamp", 4, "kustomize"),
        (CONTAINER, "Stamp", 4, "kustomize"),
    ],
    ids=["url", "git", "component", "chart", "executable", "container"],
)
def test_what_is_not_fetched_or_run_is_a_gap(tmp_path: Path, text: str, entry: str, line: int, command: str) -> None:
    rendering = collected(tmp_path, {"kustomization.yaml": text, "map.yaml": MAP, "stamp.sh": "#!/bin/sh\ntouch ran\n"})
    (gap,) = rendering.gaps
    assert entry in gap.entry
    assert command in gap.command
    assert (gap.origin.span.file.path, gap.origin.span.line) == ("kustomization.yaml", line)
    assert [one.name for one in rendering.objects] == ["map"]
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize("text", [HELM, EXEC, CONTAINER], ids=["chart", "executable", "container"])
def test_what_kubectl_would_not_run_either_is_refused(render: Render, text: str) -> None:
    with pytest.raises(InfracheckError, match="Nothing is fetched or executed") as caught:
        render({"kustomization.yaml": text, "map.yaml": MAP})
    assert caught.value.origin is not None


def test_a_gap_of_a_base_is_a_gap_of_its_overlay(tmp_path: Path) -> None:
    base = "resources: ['https://example.com/a.yaml']\n"
    files: dict[str, str | bytes] = {"kustomization.yaml": "resources: [base]\n", "base/kustomization.yaml": base}
    (gap,) = collected(tmp_path, files).gaps
    assert gap.origin.span.file.path == "base/kustomization.yaml"


def test_a_directory_that_looks_remote_is_a_directory(render: Render) -> None:
    name = "github.com/org/repo"
    files = {"kustomization.yaml": f"resources: [{name}]\n", f"{name}/kustomization.yaml": "resources: [map.yaml]\n"}
    rendering = render({**files, f"{name}/map.yaml": MAP})
    assert not rendering.gaps
    assert [one.name for one in rendering.objects] == ["map"]


# Hostile files ------------------------------------------------------------------------------------------------------


def bomb(levels: int = 30) -> str:
    """Aliases that would double at every level."""
    lines = [f"a{level}: &a{level} [*a{level - 1}, *a{level - 1}]" for level in range(1, levels)]
    return MAP + "a0: &a0 [x]\n" + "\n".join(lines) + "\n"


def copies(levels: int = 40) -> str:
    """A JSON patch that doubles an object with every operation."""
    steps = "".join(f"    - {{op: copy, from: /data, path: /data/x{level}}}\n" for level in range(levels))
    return f"resources: [map.yaml]\npatches:\n- target: {{kind: ConfigMap}}\n  patch: |\n{steps}"


def doubling(levels: int = 40) -> dict[str, str | bytes]:
    """Bases that are used twice at every level."""
    files: dict[str, str | bytes] = {"kustomization.yaml": "resources: [b0]\n"}
    for level in range(levels):
        files[f"b{level}/kustomization.yaml"] = f"resources: [x, y]\nnamePrefix: p{level}-\n"
        for side in "xy":
            files[f"b{level}/{side}/kustomization.yaml"] = f"resources: [../../b{level + 1}]\nnamePrefix: {side}-\n"
    files[f"b{levels}/kustomization.yaml"] = "resources: [map.yaml]\n"
    files[f"b{levels}/map.yaml"] = MAP
    return files


LIST = "resources: [map.yaml]\n"
HOSTILE: dict[str, dict[str, str | bytes]] = {
    "deep-flow": {"kustomization.yaml": LIST, "map.yaml": MAP + "data: " + "[" * 100_000},
    "deep-flow-mapping": {"kustomization.yaml": LIST, "map.yaml": MAP + "data: " + "{a: " * 50_000 + "}" * 50_000},
    "deep-block": {"kustomization.yaml": LIST, "map.yaml": MAP + "data: " + "- " * 50_000 + "x\n"},
    "deep-kustomization": {"kustomization.yaml": "resources: " + "[" * 100_000},
    "deep-json-patch": {
        "kustomization.yaml": LIST + "patches:\n- {target: {kind: ConfigMap}, path: p.json}\n",
        "map.yaml": MAP,
        "p.json": '[{"op": "add", "path": "/data", "value": ' + "[" * 50_000,
    },
    "alias-bomb": {"kustomization.yaml": LIST, "map.yaml": bomb()},
    "alias-bomb-in-the-kustomization": {"kustomization.yaml": "a0: &a0 [x]\n" + bomb()},
    "alias-of-itself": {"kustomization.yaml": LIST, "map.yaml": MAP + "data: &a\n  b: *a\n"},
    "copies": {"kustomization.yaml": copies(), "map.yaml": MAP + "data: {a: b}\n"},
    "doubling-bases": doubling(),
    "cycle-of-components": {
        "kustomization.yaml": "components: [a]\n",
        "a/kustomization.yaml": "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\ncomponents: [../b]\n",
        "b/kustomization.yaml": "kind: Component\napiVersion: kustomize.config.k8s.io/v1alpha1\ncomponents: [../a]\n",
    },
    "not-utf-8": {"kustomization.yaml": LIST, "map.yaml": MAP.encode() + b"data: {a: \xff\xfe}\n"},
    "kustomization-not-utf-8": {"kustomization.yaml": b"resources: [\xff]\n"},
    "nul": {"kustomization.yaml": LIST, "map.yaml": MAP.encode() + b"data: {a: \x00}\n"},
    "nul-in-a-path": {"kustomization.yaml": 'resources: ["a\\0b"]\n'},
    "long-path": {"kustomization.yaml": f"resources: [{'x' * 300}.yaml]\n"},
    "long-patch-path": {"kustomization.yaml": f"patches: [{{path: {'x' * 300}.yaml}}]\n"},
    "long-component-path": {"kustomization.yaml": f"components: [{'x' * 300}]\n"},
    "long-env-path": {"kustomization.yaml": f"configMapGenerator: [{{name: a, envs: [{'x' * 300}]}}]\n"},
    "outside": {"kustomization.yaml": "resources: [../../../../../../../../etc]\n"},
    "absolute": {"kustomization.yaml": "resources: [/etc/hostname]\n"},
    "secret-file": {"kustomization.yaml": "configMapGenerator: [{name: a, files: [/etc/hostname]}]\n"},
    "backtracking-name": {
        "kustomization.yaml": LIST + "images: [{name: '(a+)+$x(', newTag: b}]\n",
        "map.yaml": MAP,
    },
    "not-a-mapping": {"kustomization.yaml": "- a\n"},
    "resources-not-a-list": {"kustomization.yaml": "resources: {a: b}\n"},
}


@pytest.mark.parametrize("files", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_input_is_an_error_at_a_place(render: Render, files: dict[str, str | bytes]) -> None:
    with pytest.raises(InfracheckError) as caught:
        render(files)
    assert str(caught.value)
    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize("load_restrictor", ["root-only", "none"])
@pytest.mark.parametrize("link", ["map.yaml", "base"])
def test_links_out_of_the_repository_are_not_followed(tmp_path: Path, link: str, load_restrictor: str) -> None:
    outside = put(tmp_path / "outside", {"map.yaml": MAP, "base/kustomization.yaml": LIST, "base/map.yaml": MAP})
    root = put(tmp_path / "root", {"kustomization.yaml": f"resources: [{link}]\n"})
    (root / link).symlink_to(outside / link)
    with pytest.raises(InfracheckError, match="outside"):
        api.render(root, root=root, load_restrictor=load_restrictor)


def test_links_within_the_repository_are_followed(tmp_path: Path) -> None:
    root = put(tmp_path, {"real/map.yaml": MAP, "top/kustomization.yaml": "resources: [base]\n"})
    put(tmp_path, {"real/kustomization.yaml": LIST})
    (root / "top/base").symlink_to("../real")
    assert [one.name for one in api.render(root / "top", root=root).objects] == ["map"]


def test_too_large_a_file_is_a_limit(render: Render) -> None:
    with pytest.raises(LimitError, match="limit"):
        render({"kustomization.yaml": LIST, "map.yaml": MAP + "# " + "x" * (11 * 1024 * 1024)})


def test_a_long_path_does_not_end_a_scan(tmp_path: Path) -> None:
    put(tmp_path, {"a/kustomization.yaml": f"resources: [{'x' * 300}.yaml]\n", "b/map.yaml": MAP})
    (tmp_path / ".git").mkdir()
    report = api.scan([tmp_path])
    (broken,) = report.broken
    assert "file name too long" in broken.reason
    assert broken.location is not None
    assert (broken.location.path, broken.location.line) == ("a/kustomization.yaml", 1)
    assert report.coverage.resources == 1
