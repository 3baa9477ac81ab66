"""Workflow uses a long-lived AWS access key.

An access key kept as a repository secret works from anywhere until somebody rotates it. Whoever reads it, through a
compromised action, a log or a fork with too much trust, keeps the access after the workflow has ended. GitHub can prove
to AWS which workflow is running instead: the job gets credentials for an hour and nothing is stored.

## Fix

Give the job `permissions: id-token: write`, create an IAM role that trusts GitHub's OIDC provider for this repository
and branch, pass it as `role-to-assume`, and delete the access key.

## References

- [Configuring OpenID Connect in Amazon Web Services, GitHub Docs](https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws)
- [Security best practices in IAM: use temporary credentials](https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#bp-workloads-use-roles)

## Bad: keys as inputs

```yaml .github/workflows/deploy.yml
on: push
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - uses: aws-actions/configure-aws-credentials@e3dd6a429d7300a6a4c196c26e071d42e0343502
        with:
          aws-region: us-east-1
          aws-access-key-id: ${{ secrets.AWS_ACCESS_KEY_ID }} # finding
          aws-secret-access-key: ${{ secrets.AWS_SECRET_ACCESS_KEY }}
```

## Bad: keys in the environment

```yaml .github/workflows/deploy.yml
on: push
env:
  AWS_ACCESS_KEY_ID: ${{ secrets.AWS_ACCESS_KEY_ID }} # finding
  AWS_SECRET_ACCESS_KEY: ${{ secrets.AWS_SECRET_ACCESS_KEY }}
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - run: aws s3 ls
```

## Good: a role for an hour

```yaml .github/workflows/deploy.yml
on: push
permissions:
  id-token: write
  contents: read
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - uses: aws-actions/configure-aws-credentials@e3dd6a429d7300a6a4c196c26e071d42e0343502
        with:
          aws-region: us-east-1
          role-to-assume: arn:aws:iam::123456789012:role/deploy
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.source.field import Field
    from infracheck.workflows import Workflow

VARIABLE = "AWS_ACCESS_KEY_ID"
INPUTS = ("aws-access-key-id", "aws_access_key_id")


@rule(
    Target.WORKFLOW,
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    tags=("checklist:secrets", "checklist:iam"),
    remedy="Assume a role through GitHub's OIDC provider (`role-to-assume`) and delete the access key.",
)
def static_aws_credentials(workflow: Workflow) -> Iterator[Violation]:
    """Yield each place that hands an access key to a step."""
    message = "a long-lived AWS access key is used where a role could be assumed"
    if _is_set(workflow.env[VARIABLE]):
        yield workflow.violation(workflow.env[VARIABLE], message)
    for job in workflow.jobs:
        if _is_set(job.env[VARIABLE]):
            yield job.violation(job.env[VARIABLE], message)
        for step in job.steps:
            fields = [step.env[VARIABLE], *(step.inputs[name] for name in INPUTS)]
            guilty = next((field for field in fields if _is_set(field)), None)
            if guilty is not None:
                yield step.violation(guilty, message)


def _is_set(field: Field) -> bool:
    """Whether a key from a secret, a variable or in clear text stands here; outputs of steps are short-lived."""
    text = field.text("") or ""
    return bool(text) and "steps." not in text and "env." not in text
