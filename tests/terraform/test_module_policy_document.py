from __future__ import annotations

import json
from typing import TYPE_CHECKING

from infracheck.source.reader import Reader
from infracheck.source.values import Unknown
from infracheck.terraform.modules import TerraformModule, load_terraform

if TYPE_CHECKING:
    from pathlib import Path


def load(folder: Path, text: str) -> TerraformModule:
    (folder / "main.tf").write_text(text, encoding="utf-8")
    return load_terraform(folder, Reader(folder))


def document(folder: Path, body: str) -> str:
    output = 'output "o" {\n  value = data.aws_iam_policy_document.d.json\n}\n'
    text = f'data "aws_iam_policy_document" "d" {{\n{body}}}\n{output}'
    module = load(folder, text)
    assert not module.problems
    value = module.outputs["o"].to_plain()
    assert isinstance(value, str)
    return value


# The example of the provider's documentation, with the JSON that documentation and plans show for it.
EXAMPLE = """
  statement {
    sid       = "1"
    actions   = ["s3:ListAllMyBuckets", "s3:GetBucketLocation"]
    resources = ["arn:aws:s3:::*"]
  }
  statement {
    actions   = ["s3:ListBucket"]
    resources = ["arn:aws:s3:::example"]
    condition {
      test     = "StringLike"
      variable = "s3:prefix"
      values   = ["", "home/", "home/&{aws:username}/"]
    }
  }
  statement {
    actions       = ["s3:*"]
    not_resources = ["arn:aws:s3:::b", "arn:aws:s3:::c"]
    effect        = "Deny"
    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::1:root", "arn:aws:iam::2:root"]
    }
  }
"""
PRINTED = """{
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "1",
      "Effect": "Allow",
      "Action": [
        "s3:ListAllMyBuckets",
        "s3:GetBucketLocation"
      ],
      "Resource": "arn:aws:s3:::*"
    },
    {
      "Effect": "Allow",
      "Action": "s3:ListBucket",
      "Resource": "arn:aws:s3:::example",
      "Condition": {
        "StringLike": {
          "s3:prefix": [
            "",
            "home/",
            "home/${aws:username}/"
          ]
        }
      }
    },
    {
      "Effect": "Deny",
      "Action": "s3:*",
      "NotResource": [
        "arn:aws:s3:::c",
        "arn:aws:s3:::b"
      ],
      "Principal": {
        "AWS": [
          "arn:aws:iam::2:root",
          "arn:aws:iam::1:root"
        ]
      }
    }
  ]
}"""


def test_the_json_is_the_providers_to_the_character(tmp_path: Path) -> None:
    assert document(tmp_path, EXAMPLE) == PRINTED


def test_everyone_is_a_star(tmp_path: Path) -> None:
    body = '  statement {\n    principals {\n      type = "*"\n      identifiers = ["*"]\n    }\n  }\n'
    assert json.loads(document(tmp_path, body))["Statement"] == [{"Effect": "Allow", "Principal": "*"}]
    body = '  statement {\n    principals {\n      type = "AWS"\n      identifiers = ["*"]\n    }\n  }\n'
    assert json.loads(document(tmp_path, body))["Statement"][0]["Principal"] == {"AWS": "*"}


def test_documents_build_on_documents(tmp_path: Path) -> None:
    text = """
data "aws_iam_policy_document" "base" {
  statement {
    sid     = "a"
    actions = ["base:a"]
  }
  statement {
    sid     = "b"
    actions = ["base:b"]
  }
}
data "aws_iam_policy_document" "last" {
  policy_id = "last"
  statement {
    sid     = "c"
    actions = ["last:c"]
  }
}
data "aws_iam_policy_document" "d" {
  source_policy_documents   = [data.aws_iam_policy_document.base.json]
  override_policy_documents = [data.aws_iam_policy_document.last.json]
  statement {
    sid     = "b"
    actions = ["own:b"]
  }
  statement {
    sid     = "c"
    actions = ["own:c"]
  }
  statement {
    actions = ["own"]
  }
}
output "o" {
  value = jsondecode(data.aws_iam_policy_document.d.minified_json)
}
"""
    module = load(tmp_path, text)
    assert not module.problems
    found = module.outputs["o"].to_plain()
    assert isinstance(found, dict)
    assert found["Id"] == "last"
    actions = [(statement.get("Sid"), statement["Action"]) for statement in found["Statement"]]
    assert actions == [("a", "base:a"), ("b", "own:b"), ("c", "last:c"), (None, "own")]


def test_what_contains_an_unknown_is_unknown_and_keeps_its_address(tmp_path: Path) -> None:
    text = (
        'resource "aws_s3_bucket" "b" {}\ndata "aws_iam_policy_document" "d" {\n  statement {\n'
        "    resources = [aws_s3_bucket.b.arn]\n  }\n}\n"
        'output "o" {\n  value = data.aws_iam_policy_document.d.json\n}\n'
    )
    value = load(tmp_path, text).outputs["o"]
    assert isinstance(value, Unknown)
    assert value.reference == "data.aws_iam_policy_document.d.json"
    assert "aws_s3_bucket.b.arn" in value.explain()


def test_two_statements_of_one_name_are_a_problem(tmp_path: Path) -> None:
    body = '  statement {\n    sid = "x"\n  }\n' * 2
    module = load(tmp_path, f'data "aws_iam_policy_document" "d" {{\n{body}}}\n')
    assert str(module.problems[0]).startswith("main.tf:6:11: duplicate Sid (x)")


def test_angle_brackets_are_escaped_as_go_does(tmp_path: Path) -> None:
    body = '  statement {\n    actions = ["<&>"]\n  }\n'
    assert '"\\u003c\\u0026\\u003e"' in document(tmp_path, body)
