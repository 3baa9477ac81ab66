from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.discovery import StackKind
from infracheck.findings.report import GapKind

if TYPE_CHECKING:
    from infracheck.discovery import Discovery
    from tests.discovery.conftest import Find


def roots(found: Discovery) -> list[tuple[str, str, list[str]]]:
    return [
        (stack.name, stack.environment, [path.name for path in stack.var_files])
        for stack in found.stacks
        if stack.kind is StackKind.TERRAFORM
    ]


def call(source: str) -> str:
    return f'module "x" {{\n  source = "{source}"\n}}\n'


def test_called_modules_are_judged_through_their_callers(find: Find) -> None:
    found = find(
        {
            "production/main.tf": call("../modules/a"),
            "modules/a/main.tf": call("../b"),
            "modules/b/main.tf": "",
            "modules/unused/main.tf": "",
        }
    )
    assert roots(found) == [("modules/unused", "", []), ("production", "production", [])]


def test_a_commented_call_is_none(find: Find) -> None:
    found = find({"main.tf": "/*\n" + call("./a") + "*/\n", "a/main.tf": ""})
    assert [name for name, *_ in roots(found)] == [".", "a"]


def test_calls_in_json_count(find: Find) -> None:
    found = find({"main.tf.json": '{"module": {"x": {"source": "./a"}}}', "a/main.tf": ""})
    assert [name for name, *_ in roots(found)] == ["."]


def test_modules_in_a_ring_do_not_vanish(find: Find) -> None:
    found = find({"a/main.tf": call("../b"), "b/main.tf": call("../a")})
    assert [name for name, *_ in roots(found)] == ["a"]


def test_an_environment_stays_a_root_though_another_builds_on_it(find: Find) -> None:
    found = find({"production/main.tf": "", "staging/main.tf": call("../production")})
    assert [name for name, *_ in roots(found)] == ["production", "staging"]


def test_a_directory_with_a_backend_is_a_root(find: Find) -> None:
    found = find({"main.tf": call("./a"), "a/main.tf": 'terraform {\n  backend "s3" {}\n}\n', "b/main.tf": ""})
    assert [name for name, *_ in roots(found)] == [".", "a", "b"]


def test_broken_files_still_make_a_root(find: Find) -> None:
    assert [name for name, *_ in roots(find({"main.tf": 'module "x" {', "a/main.tf": b"\xff"}))] == [".", "a"]


def test_var_files_make_environments(find: Find) -> None:
    found = find(
        {
            "main.tf": "",
            "terraform.tfvars": "",
            "x.auto.tfvars": "",
            "production.tfvars": "",
            "eu.dev.tfvars": "",
            "dev.tfvars.json": "{}",
            "envs/prod-eu.tfvars": "",
            "envs/staging/a.tfvars": "",
            "common.tfvars": "",
        }
    )
    assert roots(found) == [
        (".", "dev", ["dev.tfvars.json", "eu.dev.tfvars"]),
        (".", "prod-eu", ["prod-eu.tfvars"]),
        (".", "production", ["production.tfvars"]),
        (".", "staging", ["a.tfvars"]),
    ]
    assert [gap.subject for gap in found.gaps] == ["common.tfvars"]


def test_a_root_of_one_environment_takes_that_environments_var_files(find: Find) -> None:
    found = find({"prod/main.tf": "", "prod/production.tfvars": "", "prod/dev.tfvars": ""})
    assert roots(found) == [("prod", "prod", ["production.tfvars"])]


def test_configured_var_files_keep_their_order(find: Find) -> None:
    found = find(
        {"infra/main.tf": "", "vars/b.tfvars": "", "vars/a.tfvars": ""},
        environments={"blue": {"var-files": ["vars/b.tfvars", "vars/a.tfvars", "vars/missing.tfvars"]}},
    )
    assert roots(found) == [("infra", "blue", ["b.tfvars", "a.tfvars", "missing.tfvars"])]
    assert [(gap.kind, gap.subject) for gap in found.gaps] == [(GapKind.BROKEN, "vars/missing.tfvars")]


def test_terragrunt_is_a_gap(find: Find) -> None:
    (gap,) = find({"live/terragrunt.hcl": ""}).gaps
    assert gap.kind is GapKind.OUTSIDE
    assert "terragrunt" in gap.command


def test_opentofus_files_make_roots_and_call_modules_too(find: Find) -> None:
    found = find(
        {
            "a/main.tofu": call("../modules/m"),
            "b/main.tofu.json": '{"module": {"x": {"source": "../modules/n"}}}',
            "modules/m/main.tofu": "",
            "modules/n/main.tf": "",
        }
    )
    assert [name for name, *_ in roots(found)] == ["a", "b"]


def test_var_files_in_a_folder_per_environment_make_environments(find: Find) -> None:
    found = find(
        {
            "main.tf": "",
            "environments/dev/terraform.tfvars": "",
            "environments/dev/network.tfvars": "",
            "environments/production.tfvars": "",
            "network.production.tfvars": "",
        }
    )
    assert roots(found) == [
        (".", "dev", ["network.tfvars", "terraform.tfvars"]),
        (".", "production", ["network.production.tfvars", "production.tfvars"]),
    ]
    assert found.gaps == ()


def test_an_environment_may_be_applied_in_a_workspace(find: Find) -> None:
    found = find(
        {"dev/main.tf": "", "production/main.tf": ""}, environments={"production": {"workspace": "violet-production"}}
    )
    assert {stack.environment: stack.workspace for stack in found.stacks} == {
        "dev": "default",
        "production": "violet-production",
    }
