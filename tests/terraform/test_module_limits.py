"""Configurations that would never end, leave the root, or fill the memory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.source.reader import Reader
from infracheck.terraform.modules import TerraformModule, load_terraform

if TYPE_CHECKING:
    from pathlib import Path


def load(folder: Path, files: dict[str, str], root: str = ".") -> TerraformModule:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return load_terraform(folder / root, Reader(folder))


def call(name: str, source: str, more: str = "") -> str:
    return f'module "{name}" {{\n  source = "{source}"\n{more}}}\n'


@pytest.mark.parametrize("source", [".", "./.", "./m/.."])
def test_a_module_that_calls_itself_is_a_cycle(tmp_path: Path, source: str) -> None:
    (tmp_path / "m").mkdir()
    module = load(tmp_path, {"main.tf": call("a", source) + 'resource "r" "s" {}\n'})
    assert "Module cycle" in module.problems[0].message
    assert str(module.problems[0]).startswith("main.tf:2:12")
    assert [resource.address for resource in module.resources] == ["r.s"]


def test_a_ring_of_modules_is_a_cycle(tmp_path: Path) -> None:
    module = load(
        tmp_path, {"main.tf": call("a", "./a"), "a/main.tf": call("b", "../b"), "b/main.tf": call("a", "../a")}
    )
    assert [str(problem.origin.span.file.path) for problem in module.problems if problem.origin] == ["b/main.tf"]


def test_modules_that_double_are_cut_off(tmp_path: Path) -> None:
    files = {f"m{i}/main.tf": call("a", f"../m{i + 1}") + call("b", f"../m{i + 1}") for i in range(30)}
    module = load(tmp_path, {**files, "m30/main.tf": 'resource "r" "s" {}\n'}, root="m0")
    assert any("module instances" in problem.message for problem in module.problems)


def test_a_module_outside_the_scanned_directory_is_a_gap(tmp_path: Path) -> None:
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "main.tf").write_text('output "o" {\n  value = "canary"\n}\n')
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "main.tf").write_text(call("a", "../outside") + 'output "o" {\n  value = module.a.o\n}\n')
    module = load_terraform(inside, Reader(inside))
    assert "outside the scanned directory" in module.gaps[0].reason
    assert not module.outputs["o"].is_known


def test_installed_modules_may_not_lead_outside(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    manifest = inside / ".terraform" / "modules" / "modules.json"
    manifest.parent.mkdir(parents=True)
    manifest.write_text('{"Modules": [{"Key": "a", "Dir": "../outside"}, {"Key": 1}, 2]}')
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "main.tf").write_text('output "o" {\n  value = "canary"\n}\n')
    (inside / "main.tf").write_text(call("a", "example.com/a/b/c"))
    assert load_terraform(inside, Reader(inside)).gaps


@pytest.mark.parametrize("text", ["{", "[]", '{"Modules": 1}', "[" * 100_000])
def test_a_damaged_list_of_modules_does_no_harm(tmp_path: Path, text: str) -> None:
    module = load(tmp_path, {"main.tf": call("a", "x/y/z"), ".terraform/modules/modules.json": text})
    assert module.gaps


def test_nested_repetition_stays_within_the_limit(tmp_path: Path) -> None:
    files = {
        "main.tf": call("a", "./a", "  count = 500\n"),
        "a/main.tf": 'resource "r" "s" {\n  count = 9000\n  x = [for i in range(3) : i]\n}\n',
    }
    module = load(tmp_path, files)
    assert any("not looked at one by one" in problem.message for problem in module.problems)


def test_values_that_double_end_in_a_problem(tmp_path: Path) -> None:
    doubling = "".join(f"  a{i} = [local.a{i - 1}, local.a{i - 1}]\n" for i in range(1, 60))
    module = load(
        tmp_path, {"main.tf": f'locals {{\n  a0 = 1\n{doubling}}}\nresource "r" "s" {{\n  x = local.a59\n}}\n'}
    )
    assert module.problems
    value = module.resources[0].get("x").value
    assert value is not None
    assert not value.is_wholly_known


def test_text_that_doubles_ends_in_a_problem(tmp_path: Path) -> None:
    doubling = "".join(f'  a{i} = "${{local.a{i - 1}}}${{local.a{i - 1}}}"\n' for i in range(1, 60))
    module = load(tmp_path, {"main.tf": f'locals {{\n  a0 = "xx"\n{doubling}}}\n'})
    assert module.problems


def test_a_thousand_resources_take_a_moment(tmp_path: Path) -> None:
    text = "".join(
        f'resource "r" "n{i}" {{\n  name = "x-${{var.v}}"\n  tags = merge(local.tags, {{ i = {i} }})\n}}\n'
        for i in range(1000)
    )
    module = load(tmp_path, {"main.tf": 'variable "v" {\n  default = 1\n}\nlocals {\n  tags = { a = 1 }\n}\n' + text})
    assert len(module.resources) == 1000
    assert not module.problems


def test_a_load_is_the_same_every_time(tmp_path: Path) -> None:
    files = {
        "main.tf": call("b", "./m", '  for_each = toset(["y", "x"])\n') + "locals {\n  u = local.nope\n}\n",
        "m/main.tf": 'resource "r" "s" {\n  for_each = { q = 1, p = 2 }\n}\noutput "o" {\n  value = z\n}\n',
    }  # fmt: skip
    first, second = (load(tmp_path, files) for _ in range(2))
    assert [resource.address for resource in first.resources] == [resource.address for resource in second.resources]
    assert list(map(str, first.problems)) == list(map(str, second.problems))


def test_modules_are_read_once_for_all_roots_that_share_a_cache(tmp_path: Path) -> None:
    for root in ("a", "b"):
        (tmp_path / root).mkdir()
        (tmp_path / root / "main.tf").write_text(call("m", "../m"))
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text('resource "r" "s" {\n  x = 1\n')
    reader, cache = Reader(tmp_path), {}  # type: ignore[var-annotated]  # holds whatever the loader keeps
    first, second = (load_terraform(tmp_path / root, reader, cache=cache) for root in ("a", "b"))
    assert len(cache) == 3
    assert str(first.problems[0]) == str(second.problems[0])


def test_one_endless_expression_does_not_keep_the_others_from_being_evaluated(tmp_path: Path) -> None:
    loop = "[for i in range(1000) : [for j in range(1000) : [for k in range(1000) : k]]]"
    module = load(
        tmp_path,
        {
            "main.tf": f'locals {{\n  a = {loop}\n}}\nresource "r" "huge" {{\n  count = 1e9\n  x = 1\n}}\n'
            'resource "r" "s" {\n  for_each = toset([for i in range(20) : tostring(i)])\n  x = 2\n}\n'
        },
    )
    assert [str(problem) for problem in module.problems] == [
        "main.tf:2:79: the expression takes too many steps to evaluate; simplify it",
        "main.tf:5:11: 1,000,000,000 instances; more than 10,000 are not looked at one by one",
    ]
    assert [resource.get("x").number() for resource in module.resources] == [1] + [2] * 20


def test_many_endless_expressions_end_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infracheck.terraform.run.MAX_STEPS", 50_000)
    loop = "[for i in range(1000) : [for j in range(1000) : [for k in range(1000) : k]]]"
    module = load(tmp_path, {"main.tf": "locals {\n" + "".join(f"  a{i} = {loop}\n" for i in range(100)) + "}\n"})
    assert module.problems
