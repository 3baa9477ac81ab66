from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.discovery import StackKind
from infracheck.findings.report import GapKind
from infracheck.source.reader import MAX_FILE_BYTES

if TYPE_CHECKING:
    from infracheck.discovery import Discovery
    from tests.discovery.conftest import Find

PLAN = '{"format_version": "1.2", "planned_values": {}}'


def plans(found: Discovery) -> list[tuple[str, str, list[str]]]:
    return [
        (stack.name, stack.environment, [path.name for path in stack.var_files])
        for stack in found.stacks
        if stack.kind is StackKind.PLAN
    ]


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        ("plan.json", ""),
        ("production.plan.json", "production"),
        ("plan-dev.json", "dev"),
        ("environments/blue/plan.json", "blue"),
        ("environments/blue/tfplan.staging.json", "staging"),
    ],
)
def test_a_plan_belongs_to_the_environment_its_name_or_folder_says(find: Find, name: str, environment: str) -> None:
    assert plans(find({name: PLAN})) == [(name, environment, [])]


def test_a_plan_takes_the_var_files_of_the_root_beside_it(find: Find) -> None:
    files = {"main.tf": "", "production.tfvars": "", "dev.tfvars": "", "plan.production.json": PLAN, "plan.json": PLAN}
    assert plans(find(files)) == [("plan.json", "", []), ("plan.production.json", "production", ["production.tfvars"])]


def test_a_plan_beside_a_root_of_one_environment_is_that_environments(find: Find) -> None:
    assert plans(find({"main.tf": "", "prod.tfvars": "", "plan.json": PLAN})) == [
        ("plan.json", "prod", ["prod.tfvars"])
    ]


def test_a_named_plan_may_be_called_anything(find: Find) -> None:
    files = {"plan.out": PLAN, "other.txt": "x"}
    assert plans(find(files)) == []
    assert plans(find({}, "plan.out")) == [("plan.out", "", [])]
    assert find({}, "other.txt").stacks == ()


@pytest.mark.parametrize("name", ["tfplan", "production.tfplan", "plan.out"])
def test_a_saved_plan_is_a_gap_that_says_how_to_read_it(find: Find, name: str) -> None:
    files = {name: b"PK\x03\x04\x00\xff", "main.tf": ""}
    (gap,) = find(files).gaps
    assert (gap.kind, gap.subject) == (GapKind.OUTSIDE, name)
    assert gap.command == f"terraform show -json {name} > {name}.json"
    (named,) = find({}, name).gaps
    assert named.kind is GapKind.BROKEN


def test_a_zip_file_is_no_plan(find: Find) -> None:
    assert find({"lambda.zip": b"PK\x03\x04\x00\xff", "main.tf": ""}).gaps == ()


def test_a_named_plan_that_cannot_be_read_is_a_fault_and_data_is_not(find: Find) -> None:
    files = {"plan.json": b"\xff\xfe\x00", "main.tf": ""}
    assert [gap.kind for gap in find(files).gaps] == [GapKind.SKIPPED]
    assert [gap.kind for gap in find({}, "plan.json").gaps] == [GapKind.BROKEN]


def test_state_is_no_plan(find: Find) -> None:
    assert plans(find({"state.json": '{"format_version": "1.0", "values": {"root_module": {}}}'})) == []


def test_a_plan_may_be_larger_than_other_files(find: Find) -> None:
    padding = " " * MAX_FILE_BYTES
    large, data = f'{{"planned_values": {{}}, {padding}"format_version": "1.2"}}', f"[{padding}]"
    found = find({"plan.json": large, "data.json": data, "tfplan": b"PK\x03\x04" + padding.encode(), "plan.out": large})
    assert [stack.name for stack in found.stacks] == ["plan.json"]
    assert [(gap.subject, gap.kind) for gap in found.gaps] == [
        ("tfplan", GapKind.OUTSIDE),
        ("data.json", GapKind.SKIPPED),
    ]
    assert plans(find({}, "plan.out")) == [("plan.out", "", [])]


def test_a_plan_has_a_limit_too(find: Find, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infracheck.discovery.contents.MAX_PLAN_BYTES", MAX_FILE_BYTES + 10)
    (gap,) = find({"plan.json": PLAN + " " * MAX_FILE_BYTES, "main.tf": ""}).gaps
    assert "more than the limit of" in gap.reason
