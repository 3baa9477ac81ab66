from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from infracheck.source.reader import Reader
from infracheck.source.values import Unknown
from infracheck.terraform.modules import TerraformModule, load_terraform

if TYPE_CHECKING:
    from pathlib import Path

VARIABLES = 'variable "v" {\n  default = "default"\n}\noutput "o" {\n  value = var.v\n}\n'


def load(folder: Path, files: dict[str, str], **options: Any) -> TerraformModule:
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return load_terraform(folder, Reader(folder), **options)


def test_each_source_is_stronger_than_the_one_before(tmp_path: Path) -> None:
    steps: list[tuple[dict[str, str], dict[str, Any], str]] = [
        ({"main.tf": VARIABLES}, {}, "default"),
        ({}, {"environment": {"TF_VAR_v": "environment", "OTHER": "x"}}, "environment"),
        ({"terraform.tfvars": 'v = "tfvars"\n'}, {}, "tfvars"),
        ({"terraform.tfvars.json": '{"v": "tfvars.json"}'}, {}, "tfvars.json"),
        ({"b.auto.tfvars": 'v = "b.auto"\n', "a.auto.tfvars": 'v = "a.auto"\n'}, {}, "b.auto"),
        ({"c.auto.tfvars.json": '{"v": "c.auto"}'}, {}, "c.auto"),
        (
            {"one.tfvars": 'v = "one"\n', "two.tfvars": 'v = "two"\n'},
            {"var_files": ["two.tfvars", "one.tfvars"]},
            "one",
        ),
        ({}, {"variables": {"v": "given"}}, "given"),
    ]
    options: dict[str, Any] = {}
    for files, more, expected in steps:
        options |= more
        given = {**options, "var_files": [tmp_path / name for name in options.get("var_files", ())]}
        module = load(tmp_path, files, **given)
        assert module.outputs["o"].to_plain() == expected
        assert not module.problems


def test_a_value_remembers_what_it_overrode(tmp_path: Path) -> None:
    files = {"main.tf": VARIABLES, "terraform.tfvars": 'v = "a"\n', "x.auto.tfvars": '\nv = "b"\n'}
    origin = load(tmp_path, files).outputs["o"].origin
    assert str(origin) == "x.auto.tfvars:2:5 (tfvars)"
    assert [str(earlier) for earlier in origin.overridden()] == ["terraform.tfvars:1:5 (tfvars)"]


def test_a_variable_without_value_is_unknown_and_says_so(tmp_path: Path) -> None:
    module = load(
        tmp_path, {"main.tf": '\nvariable "v" {\n  type = string\n}\noutput "o" {\n  value = "x${var.v}"\n}\n'}
    )
    value = module.outputs["o"]
    assert isinstance(value, Unknown)
    assert "`var.v` has no default and no value (main.tf:2:1)" in value.explain()
    assert not module.problems


def test_undeclared_values_are_warnings_in_files_and_problems_when_given(tmp_path: Path) -> None:
    module = load(tmp_path, {"main.tf": VARIABLES, "terraform.tfvars": "w = 1\n"}, variables={"z": 1})
    assert [str(warning) for warning in module.warnings] == [
        'terraform.tfvars:1:1: Value for undeclared variable: no variable "w" is declared in the root module'
    ]
    assert 'no variable "z"' in module.problems[0].message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("v = upper(1)\n", "Function calls not allowed"),
        ("v = var.x\n", "has not been declared"),
        ("v {\n}\n", "Blocks are not allowed"),
        ("v = [\n", "Unclosed"),
    ],
)
def test_variable_files_hold_constants_only(tmp_path: Path, text: str, words: str) -> None:
    module = load(tmp_path, {"main.tf": VARIABLES, "terraform.tfvars": text})
    assert words in module.problems[0].message


def test_a_variable_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    module = load(tmp_path, {"main.tf": VARIABLES}, var_files=[tmp_path / "nope.tfvars"])
    assert "nope.tfvars" in module.problems[0].message


@pytest.mark.parametrize(
    ("declaration", "given", "expected"),
    [
        ("type = number", "5", 5),
        ("type = string", "5", "5"),
        ("type = string", 5, "5"),
        ("type = list(string)", '["a", "b"]', ["a", "b"]),
        ("type = map(number)", {"a": "1"}, {"a": 1}),
        ("type = set(string)", ["b", "a", "b"], ["a", "b"]),
        ("type = bool", "true", True),
        ("type = object({ a = string, b = optional(number, 3) })", {"a": 1}, {"a": "1", "b": 3}),
        (
            'type = list(object({ p = optional(object({ q = optional(string, "d") }), {}) }))',
            [{}, {"p": {"q": "x"}}],
            [{"p": {"q": "d"}}, {"p": {"q": "x"}}],
        ),
        ('type = map(object({ a = optional(list(string), ["z"]) }))', {"k": {"a": None}}, {"k": {"a": ["z"]}}),
        ("type = tuple([string, object({ a = optional(bool, true) })])", [1, {}], ["1", {"a": True}]),
        ("nullable = false\n  default = 7", None, 7),
        ("default = 7", None, None),
        ("type = any", [1, "a"], [1, "a"]),
        ('type = "list"', "[1]", [1]),
    ],
)  # fmt: skip
def test_values_are_converted_to_the_declared_type(tmp_path: Path, declaration: str, given: Any, expected: Any) -> None:
    text = f'variable "v" {{\n  {declaration}\n}}\noutput "o" {{\n  value = var.v\n}}\n'
    module = load(tmp_path, {"main.tf": text}, variables={"v": given})
    assert not module.problems
    assert module.outputs["o"].to_plain() == expected


@pytest.mark.parametrize(
    ("declaration", "given"),
    [
        ("type = number", "x"),
        ("type = list(string)", "[1"),
        ("type = object({ a = string })", {}),
        ("type = bool", [1]),
    ],
)
def test_values_that_do_not_fit_are_problems(tmp_path: Path, declaration: str, given: Any) -> None:
    text = f'variable "v" {{\n  {declaration}\n}}\n'
    module = load(tmp_path, {"main.tf": text}, variables={"v": given})
    assert 'Invalid value for variable "v"' in module.problems[0].message


VALIDATED = """variable "v" {
  validation {
    condition     = length(var.v) > 3 && startswith(var.v, "x")
    error_message = "Must be long, not ${var.v}."
  }
}
"""


def test_a_validation_that_fails_is_a_problem_at_the_value(tmp_path: Path) -> None:
    module = load(tmp_path, {"main.tf": VALIDATED, "terraform.tfvars": 'v = "x"\n'})
    assert [str(problem) for problem in module.problems] == [
        'terraform.tfvars:1:5: Invalid value for variable "v": Must be long, not x.'
    ]
    assert not load(tmp_path, {"terraform.tfvars": 'v = "xxxx"\n'}).problems
    assert not load(tmp_path, {"terraform.tfvars": ""}).problems


def test_sensitive_variables_stay_sensitive(tmp_path: Path) -> None:
    text = (
        'variable "v" {\n  sensitive = true\n  validation {\n    condition = var.v == ""\n'
        '    error_message = "not ${var.v}"\n  }\n}\nresource "a" "b" {\n  p = "x-${var.v}"\n}\n'
    )
    module = load(tmp_path, {"main.tf": text}, variables={"v": "hush"})
    value = module.resources[0].get("p").value
    assert value is not None
    assert value.sensitive
    assert "hush" not in module.problems[0].message
