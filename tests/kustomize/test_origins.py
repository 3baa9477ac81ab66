"""Every value of the output points at the text it came from."""

from __future__ import annotations

import json
import random
from textwrap import indent
from typing import TYPE_CHECKING

import pytest

from infracheck import InfracheckError, api
from infracheck.source.field import Field
from tests.conftest import REPOSITORY
from tests.kustomize.conftest import DEPLOYMENT, put
from tests.kustomize.layers import Case
from tests.kustomize.origin_check import leaves, unexplained

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.source.origin import Origin
    from tests.kustomize.conftest import Render

IMAGE = "spec.template.spec.containers[0].image"
SETTINGS = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {level: info}\n"
BASE = {"base/kustomization.yaml": "resources: [web.yaml]\n", "base/web.yaml": DEPLOYMENT}


def overlay(render: Render, text: str, path: str, kind: str = "Deployment", **files: str) -> Origin:
    """The origin of a field of what an overlay over a base with a Deployment renders to."""
    named = {name.replace("_", "."): content for name, content in files.items()}
    rendering = render({**BASE, "top/kustomization.yaml": text, **{f"top/{k}": v for k, v in named.items()}}, "top")
    (found,) = [one for one in rendering.objects if one.kind == kind]
    return found.origin(path)


def places(origin: Origin) -> tuple[str, ...]:
    """`step file:line text` of an origin, or of each of its parts."""
    return tuple(
        f"{one.step} {one.span.file.path}:{one.span.line} {one.span.text}" for one in origin.parts or (origin,)
    )


def test_base_line(render: Render) -> None:
    origin = overlay(render, "resources: [../base]\n", IMAGE)
    assert places(origin) == ("written base/web.yaml:11 nginx:1.25",)
    assert origin.overrode is None


def test_patch_line_and_what_it_overrode(render: Render) -> None:
    patch = "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  replicas: 7\n"
    text = "resources: [../base]\npatches:\n- path: patch.yaml\n"
    origin = overlay(render, text, "spec.replicas", patch_yaml=patch)
    assert places(origin) == ("patch top/patch.yaml:6 7",)
    assert [places(one) for one in origin.overridden()] == [("written base/web.yaml:6 1",)]


def test_inline_patch_line(render: Render) -> None:
    text = (
        "resources: [../base]\npatches:\n- patch: |\n    apiVersion: apps/v1\n    kind: Deployment\n"
        "    metadata:\n      name: web\n    spec:\n      replicas: 7\n"
    )
    assert places(overlay(render, text, "spec.replicas")) == ("patch top/kustomization.yaml:9 7",)


def test_json_patch_value(render: Render) -> None:
    text = (
        "resources: [../base]\npatches:\n- target: {kind: Deployment}\n  patch: |\n"
        "    - op: replace\n      path: /spec/replicas\n      value: 7\n"
    )
    origin = overlay(render, text, "spec.replicas")
    assert places(origin) == ("json6902 top/kustomization.yaml:7 7",)
    assert [places(one) for one in origin.overridden()] == [("written base/web.yaml:6 1",)]


def key_place(render: Render, patch: str, path: str) -> str:
    """`step file:line` of the key of a field, or of what took the field away, after a patch."""
    text = f"resources: [../base]\npatches:\n- target: {{kind: Deployment}}\n  patch: |\n{indent(patch, '    ')}"
    rendering = render({**BASE, "top/kustomization.yaml": text}, "top")
    (found,) = [one for one in rendering.objects if one.kind == "Deployment"]
    origin = Field(found.root).at(path).key_origin
    return f"{origin.step} {origin.span.file.path}:{origin.span.line}"


def test_what_a_json_patch_takes_away(render: Render) -> None:
    patch = "- op: remove\n  path: /spec/replicas\n"
    assert key_place(render, patch, "spec.replicas") == "json6902 top/kustomization.yaml:6"


@pytest.mark.parametrize("op", ["add", "replace"])
def test_mapping_that_a_json_patch_puts(render: Render, op: str) -> None:
    patch = f"- op: {op}\n  path: /spec/template/spec\n  value:\n    hostPID: true\n"
    assert key_place(render, patch, "spec.template.spec") == "json6902 top/kustomization.yaml:7"


@pytest.mark.parametrize(
    ("patch", "path", "place"),
    [
        ("spec: {$patch: replace, hostPID: true}", "spec.template.spec", "patch top/kustomization.yaml:10"),
        ("spec: {hostPID: true}", "spec.template.spec", "written base/web.yaml:8"),
        ("spec: {containers: [{$patch: replace}]}", "spec.template.spec.containers", "patch top/kustomization.yaml:10"),
    ],
    ids=["mapping", "merged", "list"],
)
def test_what_a_strategic_merge_patch_replaces(render: Render, patch: str, path: str, place: str) -> None:
    text = f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  template:\n    {patch}\n"
    assert key_place(render, text, path) == place


def test_image_tag(render: Render) -> None:
    text = "resources: [../base]\nimages:\n- name: nginx\n  newTag: '2.0'\n"
    origin = overlay(render, text, IMAGE)
    assert origin.span.text.strip("'") == "2.0"
    assert origin.span.line == 4
    assert places(origin) == ("written base/web.yaml:11 nginx:1.25", "images top/kustomization.yaml:4 '2.0'")
    assert [places(one) for one in origin.overridden()] == [("written base/web.yaml:11 nginx:1.25",)]


def test_replicas_count(render: Render) -> None:
    text = "resources: [../base]\nreplicas:\n- name: web\n  count: 5\n"
    origin = overlay(render, text, "spec.replicas")
    assert places(origin) == ("replicas top/kustomization.yaml:4 5",)
    assert [places(one) for one in origin.overridden()] == [("written base/web.yaml:6 1",)]


@pytest.mark.parametrize("path", ["metadata.labels.app", "spec.selector.matchLabels.app"])
def test_label_pair(render: Render, path: str) -> None:
    text = "resources: [../base]\nlabels:\n- includeSelectors: true\n  pairs:\n    app: shop\n"
    assert places(overlay(render, text, path)) == ("labels top/kustomization.yaml:5 shop",)


def test_annotation(render: Render) -> None:
    text = "resources: [../base]\ncommonAnnotations:\n  note: kind words\n"
    found = overlay(render, text, "metadata.annotations.note")
    assert places(found) == ("annotations top/kustomization.yaml:3 kind words",)


def test_namespace_line(render: Render) -> None:
    text = "resources: [../base]\nnamespace: shop\n"
    assert places(overlay(render, text, "metadata.namespace")) == ("namespace top/kustomization.yaml:2 shop",)


def test_generator_literal(render: Render) -> None:
    text = "configMapGenerator:\n- name: settings\n  literals:\n  - level=info\n  - colour='light blue'\n"
    assert places(overlay(render, text, "data.level", "ConfigMap")) == ("generator top/kustomization.yaml:4 info",)
    found = overlay(render, text, "data.colour", "ConfigMap")
    assert places(found) == ("generator top/kustomization.yaml:5 light blue",)


def test_generated_secret(render: Render) -> None:
    text = "secretGenerator:\n- name: password\n  literals:\n  - user=me\n"
    assert places(overlay(render, text, "data.user", "Secret")) == ("generator top/kustomization.yaml:4 me",)


def test_env_file_line(render: Render) -> None:
    text = "configMapGenerator:\n- name: settings\n  envs: [app.env]\n"
    origin = overlay(render, text, "data.PORT", "ConfigMap", app_env="# the port\nHOST=x\nPORT=8080\n")
    assert places(origin) == ("env file top/app.env:3 8080",)
    assert [f"{one.span.file.path}:{one.span.line}" for one in origin.via] == ["top/kustomization.yaml:3"]


def test_generated_from_a_file(render: Render) -> None:
    files = {"kustomization.yaml": "configMapGenerator:\n- name: a\n  files: [motd.txt]\n", "motd.txt": "hi\nyou\n"}
    (made,) = render(files).objects
    (origin,) = [scalar.origin for path, scalar in leaves(made.root) if path == "data.motd.txt"]
    assert places(origin) == ("generator motd.txt:1 hi\nyou\n",)
    assert [f"{one.span.file.path}:{one.span.line}" for one in origin.via] == ["kustomization.yaml:3"]


def test_merged_literal_and_what_it_overrode(render: Render) -> None:
    files = {
        "base/kustomization.yaml": "configMapGenerator:\n- name: settings\n  literals: [a=1, b=1]\n",
        "kustomization.yaml": "resources: [base]\nconfigMapGenerator:\n- name: settings\n  behavior: merge\n"
        "  literals: [a=2]\n",
    }
    (made,) = render(files).objects
    assert places(made.origin("data.a")) == ("generator kustomization.yaml:5 2",)
    assert [places(one) for one in made.origin("data.a").overridden()] == [("generator base/kustomization.yaml:3 1",)]
    assert places(made.origin("data.b")) == ("generator base/kustomization.yaml:3 1",)


def test_replacement_source(render: Render) -> None:
    text = (
        "resources: [../base, settings.yaml]\nreplacements:\n- source:\n    kind: ConfigMap\n"
        "    fieldPath: data.level\n  targets:\n  - select:\n      kind: Deployment\n    fieldPaths:\n"
        "    - metadata.name\n"
    )
    origin = overlay(render, text, "metadata.name", settings_yaml=SETTINGS)
    assert places(origin) == ("replacement top/settings.yaml:4 info",)
    assert [f"{one.span.file.path}:{one.span.line}" for one in origin.via] == ["top/kustomization.yaml:10"]
    assert [places(one) for one in origin.overridden()] == [("written base/web.yaml:4 web",)]


def test_prefix_suffix_and_hash(render: Render) -> None:
    text = "namePrefix: a-\nnameSuffix: -z\nconfigMapGenerator:\n- name: settings\n  literals: [x=1]\n"
    assert places(overlay(render, text, "metadata.name", "ConfigMap"))[:3] == (
        "prefix top/kustomization.yaml:1 a-",
        "generator top/kustomization.yaml:4 settings",
        "suffix top/kustomization.yaml:2 -z",
    )
    assert overlay(render, text, "metadata.name", "ConfigMap").parts[3].step == "hash"


def test_reference_to_a_renamed_object(render: Render) -> None:
    pod = (
        "apiVersion: v1\nkind: Pod\nmetadata: {name: pod}\nspec:\n  volumes:\n"
        "  - {name: v, configMap: {name: settings}}\n"
    )
    text = "namePrefix: a-\nresources: [pod.yaml, settings.yaml]\n"
    files = {"kustomization.yaml": text, "pod.yaml": pod, "settings.yaml": SETTINGS}
    found = next(one for one in render(files).objects if one.kind == "Pod")
    origin = found.origin("spec.volumes[0].configMap.name")
    assert places(origin) == ("prefix kustomization.yaml:1 a-", "written settings.yaml:3 settings")
    assert [places(one) for one in origin.overridden()] == [("written pod.yaml:6 settings",)]


def test_variable_of_a_composed_name(render: Render) -> None:
    text = (
        "namePrefix: a-\nresources: [../base, settings.yaml]\nvars:\n- name: NAME\n"
        "  objref: {apiVersion: v1, kind: ConfigMap, name: settings}\npatches:\n- patch: |\n"
        "    apiVersion: apps/v1\n    kind: Deployment\n    metadata:\n      name: web\n    spec:\n"
        "      template:\n        spec:\n          containers:\n          - name: app\n"
        "            args: ['x $(NAME)']\n"
    )
    origin = overlay(render, text, "spec.template.spec.containers[0].args[0]", settings_yaml=SETTINGS)
    assert places(origin) == (
        "patch top/kustomization.yaml:17 'x $(NAME)'",
        "prefix top/kustomization.yaml:1 a-",
        "written top/settings.yaml:3 settings",
    )


# Everything at once -------------------------------------------------------------------------------------------------


@pytest.mark.search
def test_random_kustomizations(tmp_path: Path) -> None:
    looked_at = 0
    for seed in range(150):
        folder = put(tmp_path / str(seed), Case(random.Random(seed)).files)
        try:
            rendering = api.render(folder / "overlay", root=folder)
        except InfracheckError:
            continue
        looked_at += len(rendering.objects)
        assert unexplained(rendering) == [], f"seed {seed}"
    assert looked_at > 200


OVERLAYS = sorted(path.parent for path in REPOSITORY.glob("fixtures/*/*/overlays/*/kustomization.yaml"))


@pytest.mark.parametrize("folder", OVERLAYS, ids=lambda path: str(path.relative_to(REPOSITORY / "fixtures")))
def test_the_example_company(folder: Path) -> None:
    rendering = api.render(folder)
    assert rendering.objects
    assert unexplained(rendering) == []


def test_real_repositories(shared: Path) -> None:
    material = shared / "conformance" / "kustomize"
    for line in (material / "repos.jsonl").read_text(encoding="utf-8").splitlines():
        case = json.loads(line)
        rendering = api.render(material / case["dir"], load_restrictor=case["load_restrictor"])
        assert unexplained(rendering) == [], case["dir"]
