"""IAM policy allows every action on every resource.

A statement with `Action: "*"` and `Resource: "*"` is administrator access under another name: whoever can use the role,
or steal its credentials from a pod, owns the account. It also hides what the workload really needs, so nobody dares to
narrow it later.

## Fix

Name the actions the workload calls and the resources it calls them on. IAM Access Analyzer generates such a policy from
CloudTrail; start from there.

## References

- [Grant least privilege, AWS IAM User Guide](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege)
- CIS Amazon Web Services Foundations Benchmark v3.0.0, 1.16: no policies with full "*:*" administrative privileges
- [IAM Access Analyzer policy generation](https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-policy-generation.html)

## Bad: a policy document

```hcl main.tf
data "aws_iam_policy_document" "checkout" {
  statement {
    actions   = ["*"] # finding
    resources = ["*"]
  }
}

resource "aws_iam_policy" "checkout" {
  name   = "checkout"
  policy = data.aws_iam_policy_document.checkout.json
}
```

## Bad: JSON in place

```hcl main.tf
resource "aws_iam_role_policy" "checkout" {
  name = "checkout"
  role = "checkout"
  policy = jsonencode({ # finding
    Version   = "2012-10-17"
    Statement = { Effect = "Allow", Action = "*", Resource = "*" }
  })
}
```

## Good: named actions, a denial, a trust policy

```hcl main.tf
data "aws_iam_policy_document" "checkout" {
  statement {
    actions   = ["ssm:GetParameter"]
    resources = ["arn:aws:ssm:us-east-1:123456789012:parameter/violet/production/*"]
  }

  statement {
    effect    = "Deny"
    actions   = ["*"]
    resources = ["*"]
    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_iam_policy" "checkout" {
  name   = "checkout"
  policy = data.aws_iam_policy_document.checkout.json
}
```
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.source.field import Field
    from infracheck.terraform.resources import Resource

DOCUMENT = "data.aws_iam_policy_document"


@rule(
    Target.RESOURCE,
    kinds=(DOCUMENT, "aws_iam_policy", "aws_iam_role_policy", "aws_iam_user_policy", "aws_iam_group_policy"),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=("CKV_AWS_1", "CKV_AWS_62", "CKV_AWS_63", "AVD-AWS-0057"),
    tags=("checklist:iam",),
    remedy="Name the actions the workload calls and the resources it calls them on.",
)
def iam_wildcard_policy(resource: Resource) -> Iterator[Violation]:
    """Yield each statement that allows everything everywhere."""
    if resource.kinds[0] == DOCUMENT:
        yield from judge_each(resource.get("statement"), lambda statement: _judge_block(resource, statement))
        return
    policy = resource.get("policy")
    if any(address.startswith(DOCUMENT) for address in resource.references_of("policy")):
        return  # the document is judged itself, at the line that can be changed
    if policy.exists and any(_allows_everything(statement) for statement in _statements(policy.text() or "")):
        yield resource.violation(policy, f"`{resource.address}` allows every action on every resource")


def _judge_block(resource: Resource, statement: Field) -> Iterator[Violation]:
    if statement["effect"].text("Allow") != "Allow":
        return
    action = statement["actions"].first(lambda one: one.text() in ("*", "*:*"))
    if action is not None and statement["resources"].first(lambda one: one.text() == "*") is not None:
        yield resource.violation(action, f"`{resource.address}` allows every action on every resource")


def _statements(text: str) -> list[Any]:
    try:
        document = json.loads(text)
    except ValueError:
        return []
    statements = document.get("Statement", []) if isinstance(document, dict) else []
    return statements if isinstance(statements, list) else [statements]


def _allows_everything(statement: Any) -> bool:
    if not isinstance(statement, dict) or statement.get("Effect") != "Allow":
        return False
    actions, resources = statement.get("Action", []), statement.get("Resource", [])
    return bool({"*", "*:*"} & _set(actions)) and "*" in _set(resources)


def _set(value: Any) -> set[str]:
    return {value} if isinstance(value, str) else {one for one in value if isinstance(one, str)}
