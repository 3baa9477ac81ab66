from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Infracheck

MAIN = """variable "region" {}

variable "size" {
  type    = number
  default = 3
}

variable "pw" {
  default   = "hush-hush"
  sensitive = true
}

locals {
  name = "x-${var.region}"
  map  = { b = [1, "two", null], a = true }
}

module "m" {
  source = "./m"
  v      = local.name
}

output "workspace" {
  value = terraform.workspace
}
"""
CHILD = 'variable "v" {}\noutput "o" {\n  value = var.v\n}\n'


@pytest.fixture
def module(tmp_path: Path) -> Path:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "main.tf").write_text(CHILD)
    (tmp_path / "main.tf").write_text(MAIN)
    return tmp_path


def data(infracheck: Infracheck, *arguments: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(infracheck("eval", *arguments, "--json").out)
    return found


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("var.size + 1", "4"),
        ("local.map", '{\n  "a" = true\n  "b" = [\n    1,\n    "two",\n    null,\n  ]\n}'),
        ("toset([2, 1])", "toset([\n  1,\n  2,\n])"),
        ("var.pw", "(sensitive value)"),
        ('"${var.pw}!"', "(sensitive value)"),
        ("terraform.workspace", '"default"'),
        ('module.m == null ? "a" : "b"', '"b"'),
    ],
)
def test_a_known_value_is_printed_as_the_console_does(
    infracheck: Infracheck, module: Path, expression: str, shown: str
) -> None:
    assert infracheck("eval", expression, "-C", module).out == shown + "\n"
    outcome = infracheck("eval", expression)
    assert (outcome.code, outcome.out, outcome.err) == (0, shown + "\n", "")


def test_an_unknown_value_says_why_step_by_step(infracheck: Infracheck, module: Path) -> None:
    outcome = infracheck("eval", "module.m.o")
    assert outcome.code == 1
    assert outcome.out == (
        "(not known)\n"
        "  because `var.v` (m/main.tf:3:11)\n"
        "  because `local.name` (main.tf:20:12)\n"
        "  because a part of the string is not known (main.tf:14:10)\n"
        "  because `var.region` (main.tf:14:15)\n"
        "  because `var.region` has no default and no value (main.tf:1:1)\n"
    )


def test_of_a_value_known_in_part_each_unknown_part_is_explained(infracheck: Infracheck, module: Path) -> None:
    outcome = infracheck("eval", "{ a = [1, var.region], b = 2 }")
    assert outcome.code == 1
    assert "a[1] is not known\n  because `var.region` has no default and no value (main.tf:1:1)" in outcome.out
    many = infracheck("eval", "[for i in range(15) : var.region]")
    assert many.out.endswith("5 more parts are not known\n")


def test_every_kind_of_input_counts_in_its_order(infracheck: Infracheck, module: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("TF_VAR_region", "environment")
    assert infracheck("eval", "local.name").code == 1
    assert infracheck("eval", "local.name", "--tf-var-env").out == '"x-environment"\n'
    (module / "terraform.tfvars").write_text('region = "automatic"\n')
    assert infracheck("eval", "local.name", "--tf-var-env").out == '"x-automatic"\n'
    (module / "eu.tfvars").write_text('region = "file"\n')
    (module / "us.tfvars").write_text('region = "last"\n')
    files = ("--var-file", "eu.tfvars", "--var-file", "us.tfvars")
    assert infracheck("eval", "local.name", *files).out == '"x-last"\n'
    assert infracheck("eval", "local.name", *files, "--var", "region=given").out == '"x-given"\n'
    assert infracheck("eval", "local.name", "--var", "region=a=b").out == '"x-a=b"\n'
    assert infracheck("eval", "terraform.workspace", "--workspace", "blue").out == '"blue"\n'


def test_the_origin_leads_from_the_tfvars_line_through_both_modules(infracheck: Infracheck, module: Path) -> None:
    (module / "terraform.tfvars").write_text('\nregion = "eu"\n')
    (module / "main.tf").write_text(MAIN.replace("v      = local.name", "v      = var.region"))
    assert infracheck("eval", "module.m.o", "--origin").out == (
        '"eu"\n'
        '  set at terraform.tfvars:2:10 (tfvars): region = "eu"\n'
        "  through main.tf:20:12 (variable): v      = var.region\n"
        "  through main.tf:20:12 (argument): v      = var.region\n"
        "  through m/main.tf:3:11 (variable): value = var.v\n"
        "  through m/main.tf:3:11 (output): value = var.v\n"
    )
    assert "made of terraform.tfvars:2:10" in infracheck("eval", "local.name", "--origin").out
    (module / "a.auto.tfvars").write_text('region = "us"\n')
    assert "instead of terraform.tfvars:2:10 (tfvars)" in infracheck("eval", "var.region", "--origin").out


def test_json_holds_the_value_its_origin_and_what_is_unknown(infracheck: Infracheck, module: Path) -> None:
    found = data(infracheck, "{ n = var.size, big = 12345678901234567890, r = var.region, half = 0.5 }")
    assert found["value"] == {"n": 3, "big": 12345678901234567890, "r": None, "half": 0.5}
    assert found["known"] is False
    (unknown,) = found["unknown"]
    assert unknown["path"] == "r"
    assert unknown["because"][-1] | {"step": ""} == {
        "reason": "`var.region` has no default and no value", "path": "main.tf", "line": 1, "column": 1, "step": "",
    }  # fmt: skip
    size = data(infracheck, "var.size")
    assert (size["known"], size["type"]) == (True, "number")
    assert (size["origin"]["line"], size["origin"]["step"]) == (5, "variable default")
    secret = data(infracheck, "{ a = var.pw }")
    assert "hush-hush" not in json.dumps(secret)


@pytest.mark.parametrize(
    ("expression", "message", "mark"),
    [
        ("1 + var.nope", 'no input variable "nope"|"nope" has not been declared', "  1 + var.nope\n      ^^^^^^^^\n"),
        ("1 +", "expected the start of an expression", "  1 +\n     ^\n"),
        ("upper(", "Unclosed call", "  upper(\n       ^\n"),
        ('upper("a", 1)', "expects only 1 argument", "^"),
        ("nosuch()", "no function named", "  nosuch()\n  ^"),
        ("[\n  1,\n  local.q\n]", '"q" has not been declared', "    local.q\n    ^^^^^^^\n"),
    ],
)
def test_a_wrong_expression_is_refused_with_a_mark_below_it(
    infracheck: Infracheck, module: Path, expression: str, message: str, mark: str
) -> None:
    outcome = infracheck("eval", expression)
    assert (outcome.code, outcome.out) == (2, "")
    assert any(words in outcome.err for words in message.split("|"))
    assert mark in outcome.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("1", "--var", "size"), "write NAME=VALUE"),
        (("1", "--var", "=1"), "write NAME=VALUE"),
        (("1", "--var", "nope=1"), 'no variable "nope" is declared'),
        (("1", "--var", "size=abc"), 'Invalid value for variable "size"'),
        (("1", "--var-file", "nope.tfvars"), "does not exist"),
        (("1", "-C", "nope"), "does not exist"),
        (("1", "-C", "main.tf"), "is a file"),
        (("1", "--nope"), "No such option"),
        ((), "Missing argument"),
    ],
)
def test_wrong_usage(infracheck: Infracheck, module: Path, arguments: tuple[str, ...], words: str) -> None:
    outcome = infracheck("eval", *arguments)
    assert (outcome.code, outcome.out) == (2, "")
    assert words in outcome.err


def test_a_broken_file_is_reported_and_the_rest_still_evaluated(infracheck: Infracheck, module: Path) -> None:
    (module / "broken.tf").write_text('locals {\n  z = [\n}\nvariable "y" {\n')
    outcome = infracheck("eval", "var.size")
    assert (outcome.code, outcome.out) == (1, "3\n")
    assert "broken.tf:" in outcome.err
    assert "Unclosed" in outcome.err
    maybe = infracheck("eval", "var.y")
    assert maybe.out.startswith("(not known)")
    assert "not declared in the files that can be read" in maybe.out


def test_an_error_elsewhere_is_mentioned_and_does_not_count(infracheck: Infracheck, module: Path) -> None:
    (module / "more.tf").write_text("locals {\n  p = upper(1, 2)\n  q = local.none\n}\n")
    (module / "terraform.tfvars").write_text("unused = 1\n")
    outcome = infracheck("eval", "var.size")
    assert (outcome.code, outcome.out) == (0, "3\n")
    assert "the configuration is in error: more.tf:2:" in outcome.err
    assert "and 1 more" in outcome.err
    assert 'warning: terraform.tfvars:1:1: Value for undeclared variable: no variable "unused"' in outcome.err
    assert "expects only 1 argument" in infracheck("eval", "local.p").out


def test_a_broken_variable_file_is_reported(infracheck: Infracheck, module: Path) -> None:
    (module / "x.tfvars").write_text("region = [\n")
    outcome = infracheck("eval", "var.size", "--var-file", "x.tfvars")
    assert (outcome.code, outcome.out) == (1, "3\n")
    assert "x.tfvars:1:10" in outcome.err
