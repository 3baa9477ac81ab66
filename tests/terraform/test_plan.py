from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from infracheck.source.reader import Reader
from infracheck.source.values import Unknown
from infracheck.terraform.plan import load_plan

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.terraform.modules import TerraformModule
    from tests.terraform.conftest import Planner

CONFIGURATION = """variable "sizes" {
  default = { small = 10 }
}

module "data" {
  source   = "./data"
  for_each = var.sizes
  size     = each.value
}
"""
MODULE = """variable "size" {}

resource "aws_db_instance" "db" {
  allocated_storage = var.size
  password          = "hush"

  timeouts {
    create = "1h"
  }
}
"""


def plan(values: dict[str, Any], **change: Any) -> dict[str, Any]:
    address = 'module.data["small"].aws_db_instance.db'
    resource = {
        "address": address,
        "mode": "managed",
        "type": "aws_db_instance",
        "name": "db",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "values": values,
        "sensitive_values": {},
    }
    child = {"address": 'module.data["small"]', "resources": [resource]}
    return {
        "format_version": "1.2",
        "planned_values": {"root_module": {"child_modules": [child]}, "outputs": {"o": {"value": 1}, "p": {}}},
        "resource_changes": [{"address": address, "change": {"actions": ["create"], **change}}],
    }


def load(folder: Path, document: Any, *, configured: bool = True) -> TerraformModule:
    if configured:
        (folder / "data").mkdir()
        (folder / "main.tf").write_text(CONFIGURATION)
        (folder / "data" / "main.tf").write_text(MODULE)
    path = folder / "plan.json"
    path.write_text(document if isinstance(document, str) else json.dumps(document))
    return load_plan(path, Reader(folder))


VALUES = {"allocated_storage": 10, "password": "hush", "timeouts": {"create": "1h"}, "tags": None, "replicas": []}


def test_planned_values_stand_at_the_lines_that_set_them(tmp_path: Path) -> None:
    module = load(tmp_path, plan(VALUES, after_unknown={"arn": True}, after_sensitive={"password": True}))
    (resource,) = module.resources
    assert resource.address == 'module.data["small"].aws_db_instance.db'
    assert resource.identity == "module.data.aws_db_instance.db"
    assert resource.provider == "aws"
    assert str(resource.get("allocated_storage").origin.span) == "main.tf:2:23"
    assert str(resource.origin.span) == "data/main.tf:3:1"
    assert resource.get("allocated_storage").number() == 10
    assert not resource.get("tags").exists
    assert not resource.get("replicas").exists
    arn, password = resource.get("arn").value, resource.get("password").value
    assert isinstance(arn, Unknown)
    assert isinstance(password, Unknown)
    assert password.sensitive
    assert "hush" not in repr(resource.field.value)


def test_a_plan_alone_is_read_too(tmp_path: Path) -> None:
    module = load(tmp_path, plan(VALUES), configured=False)
    (resource,) = module.resources
    assert resource.get("allocated_storage").origin.span.file.path == "plan.json"
    assert module.outputs["o"].to_plain() == 1
    assert isinstance(module.outputs["p"], Unknown)


def test_partly_unknown_and_sensitive_values(tmp_path: Path) -> None:
    values = {"rules": [{"a": 1}, {"a": 2}], "tags": {"x": "s", "y": "t"}}
    document = plan(values, after_unknown={"rules": [{}, {"b": True}]}, after_sensitive={"tags": {"y": True}})
    (resource,) = load(tmp_path, document, configured=False).resources
    assert resource.at("rules[1].a").number() == 2
    assert resource.at("rules[1].b").is_unknown
    assert resource.at("tags.x").text() == "s"
    assert resource.at("tags.y").is_unknown


def test_what_is_no_plan_is_a_problem(tmp_path: Path) -> None:
    assert "not the JSON of a plan" in load(tmp_path, {"a": 1}, configured=False).problems[0].message
    assert "Invalid JSON" in load(tmp_path, "{", configured=False).problems[0].message


@pytest.mark.parametrize(
    ("planned", "wrong"),
    [
        ("7", 1),
        ("{}", 0),
        ('{"root_module": []}', 1),
        ('{"root_module": {"resources": [1, {"values": []}, null], "child_modules": {}}}', 3),
        ('{"root_module": {"child_modules": [{"resources": "x"}, 2]}}', 2),
        ('{"root_module": {"resources": [' + "1," * 1000 + "1]}}", 20),
    ],
)
def test_values_of_the_wrong_kind_are_no_empty_plan(tmp_path: Path, planned: str, wrong: int) -> None:
    problems = load(tmp_path, f'{{"planned_values": {planned}}}', configured=False).problems
    assert [one.message for one in problems if "another kind of value" in one.message] == [
        "This is not the JSON of a plan: another kind of value is expected here"
    ] * wrong
    assert len(problems) == wrong


def resource(name: str, values: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "address": f"aws_x.{name}",
        "mode": "managed",
        "type": "aws_x",
        "name": name,
        "values": values,
        "sensitive_values": more.pop("sensitive", {}),
        **more,
    }


def root_plan(*resources: dict[str, Any], **top: Any) -> dict[str, Any]:
    return {"format_version": "1.2", "planned_values": {"root_module": {"resources": list(resources)}}, **top}


def written(folder: Path, files: dict[str, str], document: dict[str, Any], **options: Any) -> TerraformModule:
    for name, text in files.items():
        (folder / name).write_text(text)
    (folder / "plan.json").write_text(json.dumps(document))
    return load_plan(folder / "plan.json", Reader(folder), **options)


def place(module: TerraformModule, path: str) -> str:
    return str(module.resources[0].at(path).origin.span)


def test_without_configuration_a_value_is_at_its_own_place_in_the_plan(tmp_path: Path) -> None:
    module = written(tmp_path, {}, root_plan(resource("a", {"n": {"deep": ["here"]}})))
    assert module.resources[0].at("n.deep[0]").origin.span.text == '"here"'


def test_blocks_of_a_set_are_matched_by_what_they_say(tmp_path: Path) -> None:
    config = 'resource "aws_x" "a" {\n  rule {\n    port = 443\n  }\n  rule {\n    port = 22\n    open = true\n  }\n}\n'
    rules = [{"port": 22, "open": True, "d": ""}, {"port": 443, "open": None, "d": ""}]
    module = written(tmp_path, {"main.tf": config}, root_plan(resource("a", {"rule": rules})))
    assert [place(module, f"rule[{index}].port") for index in (0, 1)] == ["main.tf:6:12", "main.tf:3:12"]
    assert place(module, "rule[0].d") == "main.tf:5:3"


def test_a_value_that_other_inputs_decided_is_at_the_argument_that_takes_it(tmp_path: Path) -> None:
    config = 'variable "v" {\n  default = "safe"\n}\nresource "aws_x" "a" {\n  v = var.v\n}\n'
    module = written(tmp_path, {"main.tf": config}, root_plan(resource("a", {"v": "open"})))
    assert place(module, "v") == "main.tf:5:7"
    same = written(tmp_path, {}, root_plan(resource("a", {"v": "safe"})))
    assert place(same, "v") == "main.tf:2:13"


def test_the_plans_variables_are_the_configurations_inputs(tmp_path: Path) -> None:
    config = (
        'variable "v" {}\nvariable "n" {\n  default = 1\n}\n'
        'resource "aws_x" "a" {\n  count = var.n\n  v     = var.v\n}\n'
    )
    one = resource("a", {"v": "open"}, index=1) | {"address": "aws_x.a[1]"}
    document = root_plan(one, variables={"v": {"value": "open"}, "n": {"value": 2}})
    module = written(tmp_path, {"main.tf": config, "prod.tfvars": 'v = "open"\n'}, document)
    assert module.resources[0].get("v").origin.span.text == '"open"'
    assert module.resources[0].get("v").origin.span.file.path == "plan.json"
    told = written(tmp_path, {}, document, var_files=[tmp_path / "prod.tfvars"])
    assert place(told, "v") == "prod.tfvars:1:5"
    assert module.resources[0].repetition == "count"


def test_what_is_destroyed_or_only_in_the_prior_state_is_not_judged(tmp_path: Path) -> None:
    old = resource("old", {"open": True})
    data = resource("d", {"x": 1}) | {"mode": "data", "address": "data.aws_x.d"}
    document = root_plan(
        resource("a", {"x": 1}),
        prior_state={"values": {"root_module": {"resources": [old, data]}}},
        resource_changes=[{"address": "aws_x.old", "change": {"actions": ["delete"], "after": None}}],
    )
    module = written(tmp_path, {}, document)
    assert sorted(one.address for one in module.resources) == ["aws_x.a", "data.aws_x.d"]


SECRET = "s3nsitive-value"


def test_sensitive_values_are_in_no_text_that_a_report_could_quote(tmp_path: Path) -> None:
    hushed = {"password": SECRET, "inner": [{"key": SECRET + '"quoted', "pin": 123456}], "plain": "shown"}
    marks = {"password": True, "inner": [{"key": True, "pin": True}]}
    document = root_plan(
        resource("a", hushed, sensitive=marks),
        resource_changes=[
            {
                "address": "aws_x.a",
                "change": {"before": {"password": "0ld-value"}, "before_sensitive": True, "after": hushed,
                           "after_sensitive": marks},
            }
        ],
        variables={"p": {"value": SECRET}, "q": {"value": ["l1sted-value"]}, "r": {"value": "visible"}},
        output_changes={"o": {"after": "0utput-value", "after_sensitive": True}},
        configuration={
            "root_module": {
                "variables": {"p": {"sensitive": True}, "q": {"sensitive": True}, "r": {}},
                "resources": [{"expressions": {"password": {"constant_value": SECRET}}}],
            }
        },
    )  # fmt: skip
    module = written(tmp_path, {}, document)
    read = (tmp_path / "plan.json").read_text()
    text = module.resources[0].get("plain").origin.span.file.text
    assert len(text) == len(read)
    assert "visible" in text
    assert module.resources[0].get("plain").origin.span.text == '"shown"'
    for secret in (SECRET, "0ld-value", "l1sted-value", "0utput-value", "123456"):
        assert secret in read
        assert secret not in text
    assert module.resources[0].at("inner[0].pin").is_unknown


def test_a_plan_that_is_not_whole_says_so(tmp_path: Path) -> None:
    (problem,) = written(tmp_path, {}, root_plan(errored=True, complete=False)).problems
    assert "stopped with an error" in problem.message
    partial = written(tmp_path, {}, root_plan(complete=False))
    assert "not complete" in partial.gaps[0].reason
    assert not partial.problems
    assert not written(tmp_path, {}, root_plan(complete=True)).gaps


@pytest.mark.oracle
def test_a_plan_that_terraform_made_is_read_with_its_lines_and_without_its_secrets(
    terraform_plan: Planner, tmp_path: Path
) -> None:
    root = tmp_path / "root"
    (root / "m").mkdir(parents=True)
    (root / "main.tf").write_text(
        'variable "secret" {\n  sensitive = true\n}\nmodule "m" {\n  source = "./m"\n  for_each = toset(["x"])\n'
        '  open = "0.0.0.0/0"\n  secret = var.secret\n}\n'
    )
    (root / "m" / "main.tf").write_text(
        'variable "open" {}\nvariable "secret" {}\nresource "terraform_data" "a" {\n'
        "  input = { open = var.open, secret = var.secret }\n}\n"
        'resource "terraform_data" "b" {\n  input = terraform_data.a.id\n}\n'
    )
    (root / "terraform.tfvars").write_text(f'secret = "{SECRET}"\n')
    (root / "plan.json").write_text(json.dumps(terraform_plan(root)))
    module = load_plan(root / "plan.json", Reader(root))
    a, b = module.resources
    assert a.address == 'module.m["x"].terraform_data.a'
    assert str(a.at("input.open").origin.span) == "main.tf:7:10"
    assert a.at("input.secret").is_unknown
    assert a.get("id").is_unknown
    assert b.get("input").is_unknown
    assert not module.problems
    bare = tmp_path / "bare"
    bare.mkdir()
    (bare / "plan.json").write_text((root / "plan.json").read_text())
    alone = load_plan(bare / "plan.json", Reader(bare))
    assert SECRET not in alone.resources[0].at("input.open").origin.span.file.text
    assert alone.resources[0].at("input.open").origin.span.text == '"0.0.0.0/0"'


@pytest.mark.parametrize("number", ["1e999999999", "-1e999999999", "1e-999999999"])
def test_a_number_that_would_fill_the_memory_is_unknown(tmp_path: Path, number: str) -> None:
    text = json.dumps(plan({"allocated_storage": "HERE", "password": "x"})).replace('"HERE"', number)
    (resource,) = load(tmp_path, text).resources
    assert resource.get("allocated_storage").is_unknown
    indexed = json.dumps(plan({})).replace('"mode"', f'"index": {number}, "mode"')
    assert load(tmp_path, indexed, configured=False).resources[0].key in (None, 0)


def test_a_plan_that_ends_too_early_is_a_problem_and_shows_nothing(tmp_path: Path) -> None:
    text = json.dumps(plan({"password": "hush-hush"}, after_sensitive={"password": True}))
    for end in range(1, len(text), 7):
        module = load(tmp_path, text[:end], configured=False)
        (problem,) = module.problems
        assert "Invalid JSON" in problem.message
        assert not module.resources
        assert module.field.origin.span.file.text == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[1]", "a JSON object is required here"),
        ('{"planned_values": {}} x', "nothing may follow the value"),
        ('{"planned_values": NaN}', "NaN is no JSON value"),
        ('{"planned_values" 1}', "a colon is expected"),
        ('{"planned_values": 1 2}', "a comma or } is expected"),
        ('{"planned_values": ' + '{"root_module":' * 100_000, "Nested too deeply"),
        ('{"planned_values": {"root_module": {"resources": [' + "[" * 200 + "]" * 200 + "]}}}", "Nested too deeply"),
    ],
)
def test_what_is_no_sound_json_is_said(tmp_path: Path, text: str, message: str) -> None:
    assert message in load(tmp_path, text, configured=False).problems[0].message


def test_secrets_are_blanked_wherever_they_occur_and_no_offset_moves(tmp_path: Path) -> None:
    document = plan(
        {"password": "hush-hush", "pin": 1234, "name": "n"}, after_sensitive={"password": True, "pin": True}
    )
    document["resource_drift"] = [{"change": {"before": {"a": "drifted"}, "before_sensitive": {"a": True}}}]
    document["prior_state"] = {"values": {"outputs": {"o": {"value": ["earlier"], "sensitive": True}}}}
    document["resource_changes"][0]["change"]["after"] = {"password": "hush-hush", "pin": 1234}
    document["variables"] = {"v": {"value": "given"}, "w": {"value": "open"}}
    document["configuration"] = {"root_module": {"variables": {"v": {"sensitive": True}}}}
    module = load(tmp_path, document, configured=False)
    (resource,) = module.resources
    shown = resource.get("name").origin.span.file.text
    assert len(shown) == len(json.dumps(document))
    assert resource.get("name").origin.span.text == '"n"'
    for word in ("hush", "drifted", "earlier", "given"):
        assert word not in shown
    assert '"variables": {"v": {"value": "*****"}, "w": {"value": "open"}}' in shown
    assert '"pin": ****' in shown
