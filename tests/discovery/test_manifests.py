from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.discovery import StackKind
from infracheck.findings.report import GapKind
from tests.discovery.conftest import DEPLOYMENT

if TYPE_CHECKING:
    from tests.discovery.conftest import Find


def test_folders_below_join_unless_they_are_another_environment(find: Find) -> None:
    found = find(
        {"k8s/a.yaml": DEPLOYMENT, "k8s/x/y/b.yml": DEPLOYMENT, "k8s/dev/c.yaml": DEPLOYMENT, "d/d.yaml": DEPLOYMENT}
    )
    assert [(stack.name, stack.environment, len(stack.files)) for stack in found.stacks] == [
        ("d", "", 1),
        ("k8s", "", 2),
        ("k8s/dev", "dev", 1),
    ]
    assert len(found.notes) == 1


@pytest.mark.parametrize(
    "content",
    [
        "services:\n  web: {image: nginx}\n",
        "kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n",
        "apiVersion: skaffold/v4beta6\nkind: Config\n",
        "apiVersion: v1\nkind: Config\nclusters: []\n",
        "apiVersion: eksctl.io/v1alpha5\nkind: ClusterConfig\n",
        "apiVersion: builtin\nkind: PatchTransformer\n",
        "image: {tag: x}\nextra:\n  - apiVersion: v1\n    kind: Pod\n",
        "a: !Ref b\n",
        "- kind: Pod\n  apiVersion: v1\n",
        "",
        "a: {{ b }}\n",
    ],
)
def test_other_tools_files_are_no_manifests(find: Find, content: str) -> None:
    found = find({"x.yaml": content})
    assert (found.stacks, found.gaps) == ((), ())


def test_json_is_read_where_it_speaks_of_a_kind(find: Find) -> None:
    found = find({"pod.json": '{"kind": "Pod", "apiVersion": "v1"}', "package.json": "{broken", "x.json": b"\xff"})
    assert [stack.name for stack in found.stacks] == ["."]
    assert [path.name for path in found.stacks[0].files] == ["pod.json"]
    assert [(gap.kind, gap.subject) for gap in found.gaps] == [(GapKind.SKIPPED, "x.json")]


def test_a_plan_is_recognised(find: Find) -> None:
    found = find({"plans/production/plan.json": '{"format_version": "1.2", "planned_values": {}}'})
    assert [(stack.kind, stack.name, stack.environment) for stack in found.stacks] == [
        (StackKind.PLAN, "plans/production/plan.json", "production")
    ]


@pytest.mark.parametrize(
    ("content", "line"),
    [("a: b: c\n", 1), (DEPLOYMENT + "  x: 'y\n", None), ("[" * 20_000, 1), (b"a: 1\nb: \xff\n", 2)],
)
def test_damaged_files_never_vanish(find: Find, content: str | bytes, line: int | None) -> None:
    (gap,) = find({"x.yaml": content}).gaps
    assert gap.kind is GapKind.BROKEN
    assert gap.location is not None
    assert gap.location.path == "x.yaml"
    assert line is None or gap.location.line == line


def test_templates_are_a_gap_outside(find: Find) -> None:
    (gap,) = find({"x.yaml": "apiVersion: v1\nkind: Pod\nmetadata: {{ .Name }}\n"}).gaps
    assert gap.kind is GapKind.OUTSIDE


def test_a_chart_is_one_gap_and_hides_nothing_else(find: Find) -> None:
    found = find(
        {
            "Chart.yaml": "apiVersion: v2\nname: x\n",
            "values.yaml": "a: {{",
            "templates/deploy.yaml": "kind: Pod\napiVersion: v1\n{{- if }}\n",
            "charts/sub/Chart.yaml": "",
            "control/pod.yaml": DEPLOYMENT,
        }
    )
    assert [stack.name for stack in found.stacks] == ["control"]
    (gap,) = found.gaps
    assert gap.command == "helm template ."


def test_workflows_and_actions_of_a_repository_are_one_stack(find: Find) -> None:
    workflow = "on: push\njobs: {}\n"
    found = find(
        {
            "ci/.github/workflows/a.yml": workflow,
            "ci/.github/workflows/b.yaml": workflow,
            "ci/.github/workflows/README.md": "",
            "ci/.github/dependabot.yml": "version: 2\n",
            "ci/actions/setup/action.yml": "runs: {}\n",
            "other/action.yml": "runs: {}\n",
        }
    )
    assert [(stack.kind, stack.name, len(stack.files)) for stack in found.stacks] == [
        (StackKind.WORKFLOWS, "ci", 3),
        (StackKind.WORKFLOWS, "other", 1),
    ]
    assert found.notes == ()
