from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from infracheck.source.field import NotJudged
from infracheck.source.reader import Reader
from infracheck.source.values import Unknown
from infracheck.terraform.modules import TerraformModule, load_terraform

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.terraform.resources import Resource


@pytest.fixture
def load(tmp_path: Path) -> Any:
    def loaded(files: dict[str, str] | str, **options: Any) -> TerraformModule:
        for name, text in ({"main.tf": files} if isinstance(files, str) else files).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        root = tmp_path / options.pop("root", ".")
        return load_terraform(root, Reader(tmp_path), **options)

    return loaded


def outputs(module: TerraformModule) -> dict[str, Any]:
    assert not module.problems, module.problems
    return {name: value.to_plain() for name, value in module.outputs.items()}


def only(module: TerraformModule) -> Resource:
    (resource,) = module.resources
    return resource


def test_locals_in_any_order_and_of_any_length(load: Any) -> None:
    chain = "".join(f"  a{i} = local.a{i + 1}\n" for i in range(3000))
    module = load(f'locals {{\n{chain}  a3000 = "end"\n}}\noutput "o" {{\n  value = local.a0\n}}\n')
    assert outputs(module) == {"o": "end"}


def test_a_cycle_is_a_problem_and_the_rest_is_evaluated(load: Any) -> None:
    module = load('locals {\n  a = local.b\n  b = local.a\n  c = 1\n}\noutput "o" {\n  value = local.c\n}\n')
    (problem,) = module.problems
    assert str(problem) == "main.tf:2:3: Cycle: local.a, local.b refer to each other"
    assert module.outputs["o"].to_plain() == 1


def test_repetition_gives_the_addresses_terraform_gives(load: Any) -> None:
    module = load(
        'resource "a" "one" {}\nresource "a" "two" {\n  count = 2\n}\n'
        'resource "a" "three" {\n  for_each = { "x\\"y" = 1, b = 2 }\n}\nresource "a" "none" {\n  count = 0\n}\n'
        'data "d" "e" {}\n'
    )
    assert [resource.address for resource in module.resources] == [
        "a.one", "a.two[0]", "a.two[1]", 'a.three["b"]', 'a.three["x\\"y"]', "data.d.e",
    ]  # fmt: skip
    assert module.resources[-1].kinds == ("data.d",)
    assert module.resources[3].identity == "a.three"


@pytest.mark.parametrize(
    ("argument", "words"),
    [
        ("count = -1", "Invalid count argument"),
        ("count = null", "null"),
        ('count = "x"', "Invalid count argument"),
        ("count = 1.5", "Invalid count argument"),
        ('for_each = ["a"]', "toset()"),
        ("for_each = null", "null"),
        ("for_each = toset([1])", "must hold strings"),
        ('for_each = "a"', "a map, or a set of strings"),
        ("count = 20000", "not looked at one by one"),
    ],
)
def test_a_wrong_repetition_is_a_problem_and_the_resource_is_judged_once(load: Any, argument: str, words: str) -> None:
    module = load(f'resource "a" "b" {{\n  {argument}\n  name = "x"\n}}\n')
    assert [resource.get("name").text() for resource in module.resources] == ["x"]
    assert words in module.problems[0].message
    assert str(module.problems[0]).startswith("main.tf:2:")
    assert only(module).is_repeated_unknown


@pytest.mark.parametrize("argument", ["count = var.n", "for_each = var.n"])
def test_an_unknown_repetition_is_judged_once(load: Any, argument: str) -> None:
    text = (
        f'variable "n" {{}}\nresource "a" "b" {{\n  {argument}\n  open = true\n  k = try(each.key, count.index)\n}}\n'
    )
    resource = only(load(text))
    assert resource.address == "a.b"
    assert resource.is_repeated_unknown
    assert resource.get("open").boolean() is True


def test_dynamic_blocks_mix_with_static_ones_and_nest(load: Any) -> None:
    module = load(
        """
resource "a" "b" {
  rule {
    name = "static"
  }
  dynamic "rule" {
    for_each = [for i in [1, 2] : { id = i, ports = [i, i * 10] }]
    iterator = outer
    content {
      name = "dynamic-${outer.value.id}-${outer.key}"
      dynamic "port" {
        for_each = toset(outer.value.ports)
        content {
          number = port.value
        }
      }
    }
  }
}
"""
    )
    rules = only(module).blocks("rule")
    assert [rule["name"].text() for rule in rules] == ["static", "dynamic-1-0", "dynamic-2-1"]
    assert [port["number"].number() for port in rules[2]["port"]] == [2, 20]
    assert rules[1]["port"][0]["number"].path == "rule[1].port[0].number"


def test_an_unknown_dynamic_block_is_neither_there_nor_not(load: Any) -> None:
    module = load(
        'variable "v" {}\nresource "a" "b" {\n  dynamic "x" {\n    for_each = var.v\n    content {}\n  }\n'
        '  y {}\n  dynamic "y" {\n    for_each = var.v\n    content {}\n  }\n}\n'
    )
    resource = only(module)
    with pytest.raises(NotJudged, match="how many `x` blocks"):
        list(resource.get("x"))
    with pytest.raises(NotJudged):
        resource.blocks("y")
    assert isinstance(resource.get("y")[1].value, Unknown)


def test_modules_are_called_with_their_own_arguments(load: Any) -> None:
    module = load(
        {
            "main.tf": 'module "m" {\n  source = "./m"\n  for_each = { a = 1, b = 2 }\n  n = each.value\n}\n'
            'module "c" {\n  source = "./m"\n  count = 2\n  n = count.index\n}\n'
            'output "o" {\n  value = [module.m["b"].n, module.c[*].n, [for k, one in module.m : "${k}${one.n}"]]\n}\n',
            "m/main.tf": 'variable "n" {\n  type = number\n}\nresource "a" "b" {\n  count = var.n\n}\n'
            'output "n" {\n  value = var.n * 10\n}\n',
        }
    )
    assert outputs(module) == {"o": [20, [0, 10], ["a10", "b20"]]}
    assert [resource.address for resource in module.resources] == [
        'module.m["a"].a.b[0]', 'module.m["b"].a.b[0]', 'module.m["b"].a.b[1]', "module.c[1].a.b[0]",
    ]  # fmt: skip


def test_wrong_arguments_of_a_module_are_problems(load: Any) -> None:
    module = load(
        {
            "main.tf": 'module "m" {\n  source = "./m"\n  wrong = 1\n}\noutput "o" {\n  value = module.m.nothing\n}\n',
            "m/main.tf": 'variable "n" {}\n',
        }
    )
    assert [str(problem) for problem in module.problems] == [
        'main.tf:1:1: Missing required argument: the argument "n" of module "m" is required',
        'main.tf:3:3: Unsupported argument: module "m" has no variable named "wrong"',
        'main.tf:6:11: Unsupported attribute: module "m" has no output named "nothing".',
    ]


def test_a_module_that_is_not_on_disk_is_a_gap_and_its_outputs_unknown(load: Any) -> None:
    module = load(
        'module "vpc" {\n  source  = "terraform-aws-modules/vpc/aws"\n  version = "~> 5.0"\n}\n'
        'output "o" {\n  value = module.vpc.vpc_id\n}\n'
    )
    (gap,) = module.gaps
    assert gap.subject == "module.vpc"
    assert "terraform-aws-modules/vpc/aws ~> 5.0" in gap.reason
    assert gap.command == "terraform init"
    value = module.outputs["o"]
    assert isinstance(value, Unknown)
    assert value.reference == "module.vpc.vpc_id"
    assert not module.problems


def test_installed_modules_are_found_where_init_left_them(load: Any) -> None:
    module = load(
        {
            "main.tf": 'module "a" {\n  source = "example.com/x/y/z"\n}\noutput "o" {\n  value = module.a.b\n}\n',
            ".terraform/modules/modules.json": '{"Modules": [{"Key": "", "Dir": "."}, '
            '{"Key": "a", "Dir": ".terraform/modules/a"}, {"Key": "a.c", "Dir": ".terraform/modules/c"}]}',
            ".terraform/modules/a/main.tf": 'module "c" {\n  source = "git::https://example.com/c"\n}\n'
            'output "b" {\n  value = module.c.d\n}\n',
            ".terraform/modules/c/main.tf": 'output "d" {\n  value = 5\n}\n',
        }
    )
    assert outputs(module) == {"o": 5}
    assert not module.gaps


def test_attributes_of_resources_are_known_where_they_are_set(load: Any) -> None:
    module = load(
        'resource "aws_kms_key" "k" {\n  description = "d"\n  nothing = null\n}\n'
        'output "o" {\n  value = aws_kms_key.k.description\n}\noutput "p" {\n  value = aws_kms_key.k.arn\n}\n'
        'output "q" {\n  value = aws_kms_key.k.nothing\n}\noutput "r" {\n  value = jsonencode(aws_kms_key.k)\n}\n'
        'output "s" {\n  value = "${aws_kms_key.k.description}-${aws_kms_key.k.id}"\n}\n'
    )
    assert module.outputs["o"].to_plain() == "d"
    for name, reference in (("p", "aws_kms_key.k.arn"), ("q", "aws_kms_key.k.nothing")):
        value = module.outputs[name]
        assert isinstance(value, Unknown)
        assert value.reference == reference
    assert isinstance(module.outputs["r"], Unknown)
    assert isinstance(module.outputs["s"], Unknown)
    assert not module.problems


def test_elements_of_repeated_resources_keep_their_address(load: Any) -> None:
    module = load(
        'resource "a" "b" {\n  count = 2\n}\nresource "a" "c" {\n  for_each = a.b[*]\n}\n'
        'output "o" {\n  value = a.b[1].id\n}\noutput "p" {\n  value = { for i, one in a.b : i => one.arn }["0"]\n}\n'
    )
    for name, reference in (("o", "a.b[1].id"), ("p", "a.b[0].arn")):
        value = module.outputs[name]
        assert isinstance(value, Unknown)
        assert value.reference == reference


def test_references_are_followed_through_locals_modules_and_repetition(load: Any) -> None:
    module = load(
        {
            "main.tf": 'resource "k" "key" {}\nlocals {\n  key = k.key.arn\n}\n'
            'module "m" {\n  source = "./m"\n  key = local.key\n}\n'
            'resource "s" "t" {\n  for_each = { a = module.m.key }\n  x = each.value\n'
            "  y {\n    z = data.d.e.f\n  }\n}\n"
            'data "d" "e" {}\n',
            "m/main.tf": 'variable "key" {}\nresource "b" "c" {\n  key = var.key\n}\n'
            'output "key" {\n  value = b.c.key\n}\n',
        }
    )
    found = {resource.address: resource for resource in module.resources}
    assert found["module.m.b.c"].references == {"k.key"}
    assert found['s.t["a"]'].references == {"module.m", "module.m.b.c", "data.d.e"}
    assert found['s.t["a"]'].references_of("y") == {"data.d.e"}
    assert found['s.t["a"]'].references_of("x") == {"module.m", "module.m.b.c"}


def test_meta_arguments_stand_apart(load: Any) -> None:
    resource = only(
        load(
            'resource "aws_x" "y" {\n  provider = aws.east\n  depends_on = [aws_z.w]\n  name = 1\n'
            "  lifecycle {\n    ignore_changes = [tags, name]\n    prevent_destroy = true\n  }\n"
            '  provisioner "local-exec" {\n    command = "echo ${self.id}"\n  }\n}\n'
        )
    )
    assert list(resource.field.plain()) == ["name"]
    assert resource.provider == "aws.east"
    assert resource.meta["depends_on"].texts() == ["aws_z.w"]
    assert resource.meta["lifecycle"][0]["ignore_changes"].texts() == ["tags", "name"]
    assert resource.meta["lifecycle"][0]["prevent_destroy"].boolean() is True
    assert resource.meta["provisioner"][0]["label"].text() == "local-exec"
    assert resource.meta["provisioner"][0]["command"].is_unknown


def test_override_files_replace_arguments_and_blocks(load: Any) -> None:
    module = load(
        {
            "main.tf": 'resource "a" "b" {\n  x = 1\n  y = 1\n  r {\n    n = 1\n  }\n  s {\n  }\n  lifecycle {\n'
            "    prevent_destroy = true\n  }\n}\nlocals {\n  l = 1\n}\n",
            "override.tf": 'resource "a" "b" {\n  y = 2\n  dynamic "r" {\n    for_each = [2, 3]\n    content {\n'
            "      n = r.value\n    }\n  }\n  lifecycle {\n    create_before_destroy = true\n  }\n}\n",
            "z_override.tf.json": '{"locals": {"l": 2}, "resource": {"a": {"c": {}}}}',
        }
    )
    resource = only(module)
    assert resource.field.plain() == {"x": 1, "y": 2, "s": [{}], "r": [{"n": 2}, {"n": 3}]}
    assert resource.get("y").origin.span.file.path == "override.tf"
    assert resource.meta["lifecycle"][0].plain() == {"prevent_destroy": True, "create_before_destroy": True}
    assert [str(problem) for problem in module.problems] == [
        "z_override.tf.json:1:41: Missing base resource declaration to override"
    ]


def test_json_configuration_is_the_same_language(load: Any) -> None:
    module = load(
        {
            "main.tf.json": """{
  "variable": {"n": {"type": "list(number)", "default": [1]}},
  "resource": {"a": {"b": [{
    "count": "${length(var.n)}",
    "tags": {"k": "${var.n[0]}"},
    "versioning": {"enabled": true, "rule": {"days": 3}},
    "depends_on": ["a.c"],
    "dynamic": {"ingress": {"for_each": "${var.n}", "content": {"port": "${ingress.value}"}}}
  }]}},
  "output": {"o": {"value": "${a.b[0].tags.k}"}}
}"""
        }
    )
    assert outputs(module) == {"o": "1"} or outputs(module) == {"o": 1}
    resource = only(module)
    assert resource.address == "a.b[0]"
    assert resource.get("tags").plain() == {"k": 1}
    assert [block["enabled"].boolean() for block in resource.blocks("versioning")] == [True]
    assert resource.at("versioning[0].rule[0].days").number() == 3
    assert resource.at("ingress[0].port").number() == 1
    assert resource.meta["depends_on"].texts() == ["a.c"]


def test_a_tofu_file_takes_the_place_of_its_namesake(load: Any) -> None:
    module = load({"a.tf": 'output "o" {\n  value = 1\n}\n', "a.tofu": 'output "o" {\n  value = 2\n}\n'})
    assert outputs(module) == {"o": 2}


def test_a_broken_file_is_a_problem_and_what_it_may_declare_unknown(load: Any) -> None:
    module = load(
        {"a.tf": 'variable "x" {\n  default = [\n}\n', "b.tf": 'resource "r" "s" {\n  a = var.x\n  b = 2\n}\n'}
    )
    (problem,) = module.problems
    assert str(problem).startswith("a.tf:2:13: Unclosed list")
    resource = only(module)
    assert resource.get("a").is_unknown
    assert resource.get("b").number() == 2


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('variable "a" {}\nvariable "a" {}\n', "Duplicate variable `a`"),
        ('resource "a" {}\n', "label"),
        ("something {}\n", "Unsupported block type"),
        ("a = 1\n", "Unsupported argument"),
        ('output "o" {}\n', '"value"'),
        ('output "o" {\n  value = var.nope\n}\n', "has not been declared"),
        ('output "o" {\n  value = aws_x.nope.id\n}\n', "has not been declared"),
        ('module "m" {\n  source = "./nowhere"\n}\n', None),
        ('module "m" {}\n', "source"),
        ('variable "a" {\n  type = strin\n}\n', "not a valid type"),
        ('resource "a" "b" {\n  dynamic "c" {\n  }\n}\n', "for_each"),
    ],
)
def test_wrong_configuration_is_a_problem(load: Any, text: str, words: str | None) -> None:
    module = load(text)
    if words is None:
        assert module.gaps
    else:
        assert words in module.problems[0].message
        assert "main.tf:" in str(module.problems[0])


def test_path_and_workspace(load: Any) -> None:
    module = load(
        {
            "env/main.tf": 'module "m" {\n  source = "../mod"\n}\noutput "o" {\n  value = [path.module, path.root, '
            "terraform.workspace, module.m.p]\n}\n",
            "mod/main.tf": 'output "p" {\n  value = [path.module, file("${path.module}/x.txt")]\n}\n',
            "mod/x.txt": "text",
        },
        root="env",
        workspace="staging",
    )
    assert outputs(module) == {"o": [".", ".", "staging", ["../mod", "text"]]}


def test_terraform_data_hands_its_input_on(load: Any) -> None:
    module = load(
        'resource "terraform_data" "a" {\n  input = { x = 1 }\n}\n'
        'output "o" {\n  value = terraform_data.a.output.x\n}\n'
    )
    assert outputs(module) == {"o": 1}


def test_declarations_can_be_read_as_one_tree(load: Any) -> None:
    module = load(
        'terraform {\n  required_version = ">= 1.5"\n  required_providers {\n    aws = {\n'
        '      source = "hashicorp/aws"\n'
        '      configuration_aliases = [aws.east]\n    }\n  }\n  backend "s3" {\n    encrypt = false\n  }\n}\n'
        'provider "aws" {\n  region = "eu-west-1"\n}\nvariable "v" {\n  type = string\n  sensitive = true\n}\n'
    )
    assert module.settings[0]["required_version"].text() == ">= 1.5"
    assert module.settings[0]["required_providers"][0]["aws"]["source"].text() == "hashicorp/aws"
    assert module.settings[0]["backend"][0].plain() == {"encrypt": False, "label": "s3"}
    assert module.providers[0].plain() == {"region": "eu-west-1", "label": "aws"}
    assert module.at("variable.v.sensitive").boolean() is True
    assert module.at("variable.v.type").text() == "string"


PERHAPS = {
    "main.tf": 'variable "options" {\n  type    = object({ size = number, none = any })\n  default = null\n}\n'
    'variable "on" {}\n'
    'module "m" {\n  source = "./m"\n  count  = var.on ? 1 : 0\n  size   = var.options.size\n}\n'
    'resource "a" "b" {\n  for_each = var.on ? { k = 1 } : {}\n  size = var.options.size\n  name = local.none\n}\n',
    "m/main.tf": 'variable "size" {\n  type = number\n  validation {\n    condition = var.size > 1\n'
    '    error_message = "small"\n  }\n}\nresource "a" "b" {\n  n = upper(var.size, 1)\n  z = local.missing\n}\n'
    'resource "a" "c" {\n  count = null\n}\n',
}


def test_what_may_never_exist_is_in_error_only_where_no_value_could_mend_it(load: Any) -> None:
    module = load(PERHAPS)
    assert [str(problem).split(" has ")[0] for problem in module.problems] == [
        'm/main.tf:10:7: A local value with the name "missing"',
        'main.tf:14:10: A local value with the name "none"',
    ]
    found = {resource.address: resource for resource in module.resources}
    size = found["a.b"].get("size").value
    assert isinstance(size, Unknown)
    assert "This value is null" in size.explain()


def test_what_does_exist_is_in_error_for_its_values_too(load: Any) -> None:
    module = load(PERHAPS, variables={"on": True})
    said = [str(problem) for problem in module.problems]
    assert len(said) == 6
    assert any("main.tf:9:" in one and "This value is null" in one for one in said)
    too_small = load(PERHAPS, variables={"on": True, "options": {"size": 0, "none": 1}})
    assert any("small" in str(problem) for problem in too_small.problems)


def test_blocks_beside_resources_are_read(load: Any) -> None:
    module = load(
        """
variable "token" {
  type      = string
  ephemeral = true
  default   = "t"
}
ephemeral "aws_secret" "s" {
  id = "x"
}
moved {
  from = aws_x.a
  to   = aws_x.b
}
removed {
  from = aws_x.gone
  lifecycle {
    destroy = false
  }
}
import {
  for_each = { a = "id1" }
  to       = aws_x.b
  id       = each.value
}
check "health" {
  data "http" "h" {
    url = "https://example.com"
  }
  assert {
    condition     = data.http.h.status_code == 200
    error_message = "down: ${data.http.h.status_code}"
  }
}
resource "aws_x" "b" {
  secret = ephemeral.aws_secret.s.value
  token  = var.token
}
"""
    )
    assert not module.problems
    assert [resource.kinds[0] for resource in module.resources] == ["ephemeral.aws_secret", "data.http", "aws_x"]
    assert module.resources[-1].get("secret").is_unknown
    assert module.resources[-1].get("token").text() == "t"


CONDITIONS = """
variable "n" {
  type = number
}
resource "aws_x" "b" {
  for_each = toset(["a", "b"])
  lifecycle {
    precondition {
      condition     = each.key == "a" || var.n > 4
      error_message = "${each.key} needs more than ${var.n}."
    }
    postcondition {
      condition     = false
      error_message = "later"
    }
  }
}
output "o" {
  value = var.n
  precondition {
    condition     = var.n < 10
    error_message = "Too many."
  }
}
"""


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (1, ['main.tf:9:23: The precondition of `aws_x.b["b"]` is false: b needs more than 1.']),
        (11, ['main.tf:21:21: The precondition of output "o" is false: Too many.']),
        (5, []),
        (None, []),
    ],
)
def test_a_precondition_known_to_be_false_is_a_problem(load: Any, given: int | None, said: list[str]) -> None:
    module = load(CONDITIONS, variables={} if given is None else {"n": given})
    assert [str(problem) for problem in module.problems] == said


def test_opentofus_files_take_the_place_of_their_namesakes_in_every_form(load: Any) -> None:
    module = load(
        {
            "a.tf": 'output "a" {\n  value = "tf"\n}\n',
            "a.tofu": 'output "a" {\n  value = "tofu"\n}\n',
            "b.tf.json": '{"output": {"b": {"value": "tf.json"}}}',
            "b.tofu.json": '{"output": {"b": {"value": "tofu.json"}}}',
            "c.tf": 'output "c" {\n  value = "tf"\n}\n',
            "c_override.tf": 'output "c" {\n  value = "override tf"\n}\n',
            "c_override.tofu": 'output "c" {\n  value = "override tofu"\n}\n',
            "d.tofu": 'output "d" {\n  value = "tofu alone"\n}\n',
        }
    )
    assert outputs(module) == {"a": "tofu", "b": "tofu.json", "c": "override tofu", "d": "tofu alone"}


def test_conditions_that_are_malformed_do_no_harm(load: Any) -> None:
    module = load(
        'variable "v" {}\nresource "a" "b" {\n  lifecycle {\n    precondition {\n      condition = false\n    }\n'
        '    precondition {}\n    dynamic "precondition" {\n      for_each = var.v\n      content {}\n    }\n  }\n}\n'
        'output "o" {\n  value = 1\n  precondition {\n    condition = false\n  }\n  precondition {}\n}\n'
    )
    assert [problem.message for problem in module.problems] == [
        "The precondition of `a.b` is false: its condition is false",
        'The precondition of output "o" is false: its condition is false',
    ]


def test_what_the_left_side_decides_is_not_in_error_by_the_right(load: Any) -> None:
    """As in Terraform since 1.12; the console of 1.11, which lone expressions follow, refuses all of these."""
    module = load(
        {
            "main.tf": """
            variable "provider" {
              default = null
              type    = string
              validation {
                condition     = var.provider == null || contains(["external"], var.provider)
                error_message = "No such provider."
              }
            }
            locals {
              rows = null
            }
            output "or" {
              value = var.provider == null || upper(var.provider) == "A"
            }
            output "and" {
              value = local.rows != null && local.rows.first
            }
            output "template" {
              value = templatefile("greeting.tftpl", { name = null })
            }
        """,
            "greeting.tftpl": "%{ if name != null && length(name) > 0 }Hello%{ else }Hi%{ endif }",
        }
    )
    assert outputs(module) == {"or": True, "and": False, "template": "Hi"}


@pytest.mark.parametrize(
    "expression",
    ['false || upper(null) == "A"', 'upper(null) == "A" || true', "true && null", "null || true", "true || var.absent"],
)
def test_what_the_left_side_does_not_decide_is(load: Any, expression: str) -> None:
    module = load(f'output "x" {{\n  value = {expression}\n}}\n')
    assert len(module.problems) == 1
