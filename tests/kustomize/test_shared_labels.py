"""A label that kustomize added in several places is one node: changed in one of them, it changes in all.

The expected values are what `kubectl kustomize` (v5.5.0) prints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.kustomize.conftest import Render

MANIFESTS = """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: a}
spec: {template: {spec: {}}}
---
apiVersion: v1
kind: Service
metadata: {name: a}
spec: {}
"""
SMP = """\
patches:
- patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: a, labels: {app: z}}
"""
SMP_IN_TEMPLATE = """\
patches:
- patch: |
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: a}
    spec: {template: {metadata: {labels: {app: z}}}}
"""
REPLACEMENT = """\
replacements:
- source: {kind: Service, fieldPath: metadata.name}
  targets:
  - select: {kind: Deployment}
    fieldPaths: [spec.template.metadata.labels.app]
"""
JSON_PATCH = """\
patches:
- target: {kind: Deployment}
  patch: '[{"op": "replace", "path": "/metadata/labels/app", "value": "z"}]'
"""


def labels(render: Render, base: str, overlay: str, kind: str = "Deployment") -> tuple[Any, ...]:
    """The label `app` in metadata, selector and template, and where each was decided."""
    files = {
        "base/kustomization.yaml": f"resources: [r.yaml]\n{base}",
        "base/r.yaml": MANIFESTS,
        "overlay/kustomization.yaml": f"resources: [../base]\n{overlay}",
    }
    found = next(one for one in render(files, "overlay").objects if one.kind == kind)
    plain = found.to_plain()
    below = plain["spec"].get("template", {}).get("metadata", {})
    selector = plain["spec"].get("selector", {})
    return (
        plain["metadata"].get("labels", {}).get("app"),
        selector.get("matchLabels", selector).get("app"),
        below.get("labels", {}).get("app"),
    )


@pytest.mark.parametrize(
    ("overlay", "expected"),
    [
        (SMP, ("z", "z", "z")),
        (SMP_IN_TEMPLATE, ("z", "z", "z")),
        (REPLACEMENT, ("a", "a", "a")),
        ("labels: [{pairs: {app: z}}]", ("z", "z", "z")),
        ("labels: [{pairs: {app: z}, includeTemplates: true}]\nnameSuffix: -s", ("z", "z", "z")),
        # A JSON patch reads the whole object anew.
        (JSON_PATCH, ("z", "x", "x")),
        (JSON_PATCH + SMP.removeprefix("patches:\n").replace("app: z", "app: q"), ("q", "x", "x")),
    ],
)
def test_who_changes_a_common_label_in_one_place_changes_it_everywhere(
    render: Render, overlay: str, expected: tuple[str, ...]
) -> None:
    assert labels(render, "commonLabels: {app: x}", overlay) == expected


def test_other_objects_keep_theirs(render: Render) -> None:
    assert labels(render, "commonLabels: {app: x}", SMP, "Service") == ("x", "x", None)


def test_labels_of_different_entries_are_different_nodes(render: Render) -> None:
    base = "labels: [{pairs: {app: x}, includeTemplates: true}, {pairs: {app: z}}]"
    assert labels(render, base, "") == ("z", None, "z")


@pytest.mark.parametrize("middle", ["", "namePrefix: p-\n"])
def test_annotations_too(render: Render, middle: str) -> None:
    patch = SMP.replace("labels", "annotations")
    assert annotated(render, patch, middle) == ("z", "z")


def annotated(render: Render, overlay: str, middle: str) -> tuple[Any, Any]:
    files = {
        "base/kustomization.yaml": "resources: [r.yaml]\ncommonAnnotations: {app: x}\n",
        "base/r.yaml": MANIFESTS,
        "middle/kustomization.yaml": f"resources: [../base]\n{middle}",
        "overlay/kustomization.yaml": f"resources: [../middle]\n{overlay}",
    }
    found = next(one for one in render(files, "overlay").objects if one.kind == "Deployment").to_plain()
    return found["metadata"]["annotations"]["app"], found["spec"]["template"]["metadata"]["annotations"]["app"]


def test_each_place_names_the_line_that_changed_it(render: Render) -> None:
    files = {
        "base/kustomization.yaml": "resources: [r.yaml]\ncommonLabels:\n  app: x\n",
        "base/r.yaml": MANIFESTS,
        "overlay/kustomization.yaml": f"resources: [../base]\n{SMP}",
    }
    found = next(one for one in render(files, "overlay").objects if one.kind == "Deployment")
    for path in ("metadata.labels.app", "spec.selector.matchLabels.app", "spec.template.metadata.labels.app"):
        origin = found.origin(path)
        assert (str(origin), origin.overrode and str(origin.overrode)) == (
            "overlay/kustomization.yaml:6:39 (patch)",
            "base/kustomization.yaml:3:8 (labels)",
        )
