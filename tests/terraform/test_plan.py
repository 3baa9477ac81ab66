from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from infracheck.source.reader import Reader
from infracheck.source.values import Unknown
from infracheck.terraform.plan import load_plan

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.terraform.modules import TerraformModule

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
    strange = {"planned_values": {"root_module": {"resources": [1, {"values": []}], "child_modules": {}}}}
    assert not load(tmp_path, strange, configured=False).problems
