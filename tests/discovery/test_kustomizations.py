from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.discovery import StackKind
from tests.discovery.conftest import DEPLOYMENT

if TYPE_CHECKING:
    from infracheck.discovery import Discovery
    from tests.discovery.conftest import Find


def stacks(found: Discovery) -> list[tuple[StackKind, str, str]]:
    return [(stack.kind, stack.name, stack.environment) for stack in found.stacks]


def test_overlays_are_judged_and_bases_through_them(find: Find) -> None:
    found = find(
        {
            "base/kustomization.yaml": "resources: [web.yaml]\n",
            "base/web.yaml": DEPLOYMENT,
            "components/ha/kustomization.yaml": "kind: Component\npatches: [{path: patch.yaml}]\n",
            "components/ha/patch.yaml": DEPLOYMENT,
            "overlays/dev/kustomization.yml": "resources: [../../base]\n",
            "overlays/dev/env": "A=1\n",
            "overlays/production/Kustomization": "Bases: [../../base]\ncomponents: [../../components/ha]\n",
        }
    )
    assert stacks(found) == [
        (StackKind.KUSTOMIZATION, "overlays/dev", "dev"),
        (StackKind.KUSTOMIZATION, "overlays/production", "production"),
    ]
    assert [stack.env_file.name if stack.env_file else None for stack in found.stacks] == ["env", None]
    assert found.gaps == ()
    assert found.notes == ()


def test_the_env_file_of_an_overlay_serves_the_folders_below(find: Find) -> None:
    found = find({"overlays/dev/env": "", "overlays/dev/web/kustomization.yaml": "resources: []\n", "env": ""})
    assert [stack.env_file and stack.env_file.parent.name for stack in found.stacks] == ["dev"]


def test_a_component_alone_is_left_out(find: Find) -> None:
    found = find({"ha/kustomization.yaml": "kind: Component\n"})
    assert found.stacks == ()
    assert "component" in found.gaps[0].reason


def test_an_overlay_that_another_builds_on_stays(find: Find) -> None:
    found = find(
        {
            "overlays/production/kustomization.yaml": "resources: []\n",
            "overlays/staging/kustomization.yaml": "resources: [../production]\n",
            "overlays/staging/web/kustomization.yaml": "resources: []\n",
            "kustomization.yaml": "resources: [overlays/staging, overlays/production]\n",
        }
    )
    assert [name for _, name, _ in stacks(found)] == [
        ".",
        "overlays/production",
        "overlays/staging",
        "overlays/staging/web",
    ]


@pytest.mark.parametrize(
    "content",
    [
        "patches:\n  - path: x.yaml\n",
        "patchesStrategicMerge: [x.yaml]\n",
        "configMapGenerator:\n  - files: [a=x.yaml]\n",
    ],
)
def test_what_a_kustomization_names_is_no_manifest(find: Find, content: str) -> None:
    found = find({"overlays/dev/kustomization.yaml": content, "overlays/dev/x.yaml": DEPLOYMENT})
    assert [kind for kind, *_ in stacks(found)] == [StackKind.KUSTOMIZATION]
    assert found.gaps == ()


def test_a_manifest_beside_that_is_not_named_is_left_out_but_not_silently(find: Find) -> None:
    found = find({"a/kustomization.yaml": "resources: []\n", "a/x.yaml": DEPLOYMENT, "a/b/y.yaml": DEPLOYMENT})
    assert stacks(found) == [(StackKind.KUSTOMIZATION, "a", ""), (StackKind.MANIFESTS, "a/b", "")]
    assert [gap.subject for gap in found.gaps] == ["a/x.yaml"]


@pytest.mark.parametrize("content", ["a: [", "", "- x\n", b"\xff"])
def test_a_broken_kustomization_is_still_one(find: Find, content: str | bytes) -> None:
    assert stacks(find({"a/kustomization.yaml": content})) == [(StackKind.KUSTOMIZATION, "a", "")]


def test_flux_objects_are_manifests(find: Find) -> None:
    flux = "apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: {name: x}\n"
    assert stacks(find({"a/kustomization.yaml": flux})) == [(StackKind.MANIFESTS, "a", "")]


def test_a_ring_does_not_vanish(find: Find) -> None:
    ring = {"a/kustomization.yaml": "resources: [../b]\n", "b/kustomization.yaml": "resources: [../a]\n"}
    assert [name for _, name, _ in stacks(find(ring))] == ["a"]


def test_a_component_that_nothing_builds_hides_nothing(find: Find) -> None:
    files = {
        "a/kustomization.yaml": "resources: [../b]\n",
        "b/kustomization.yaml": "resources: [../a]\n",
        "c/kustomization.yaml": "kind: Component\ncomponents: [../c]\nresources: [../a, ../base]\n",
        "base/kustomization.yaml": "resources: []\n",
    }
    found = find(files)
    assert [stack.name for stack in found.stacks] == ["a", "base"]
    assert [gap.subject for gap in found.gaps] == ["c/kustomization.yaml"]
    # As soon as something builds the component, it is judged there together with what it uses.
    files["d/kustomization.yaml"] = "components: [../c]\n"
    assert [stack.name for stack in find(files).stacks] == ["d"]
