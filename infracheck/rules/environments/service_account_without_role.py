"""Service account names an IAM role that nothing creates.

With IAM roles for service accounts, a pod gets AWS credentials for the role that its account's annotation
names. If the role does not exist, `AssumeRoleWithWebIdentity` fails and every call to AWS is denied: the pod
starts, and its first request fails.

The rule looks only where the environment's own Terraform makes IAM roles and knows the names of all of them.

## Fix

Correct the role's name in the annotation, or add the role to Terraform.

## References

- [Assign IAM roles to Kubernetes service accounts, Amazon EKS User Guide](https://docs.aws.amazon.com/eks/latest/userguide/associate-service-account-role.html)

## Bad: a letter is missing

```yaml kubernetes/overlays/production/kustomization.yaml
resources:
  - account.yaml
```

```yaml kubernetes/overlays/production/account.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: orders
  namespace: core-api
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/shop-production-order # finding
```

```hcl terraform/production/main.tf
resource "aws_iam_role" "orders" {
  name               = "shop-production-orders"
  assume_role_policy = "{}"
}
```

## Good: the role is made

```yaml kubernetes/overlays/production/kustomization.yaml
resources:
  - account.yaml
```

```yaml kubernetes/overlays/production/account.yaml
apiVersion: v1
kind: ServiceAccount
metadata:
  name: orders
  namespace: core-api
  annotations:
    eks.amazonaws.com/role-arn: arn:aws:iam::123456789012:role/shop-production-orders
```

```hcl terraform/production/main.tf
resource "aws_iam_role" "orders" {
  name               = "shop-production-orders"
  assume_role_policy = "{}"
}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.repository import Environment
    from infracheck.rule import Violation

ANNOTATION = "eks.amazonaws.com/role-arn"


@rule(
    Target.ENVIRONMENT,
    severity=Severity.HIGH,
    category=Category.AVAILABILITY,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    tags=("checklist:iam",),
    remedy="Correct the role's name in the annotation, or add the role to Terraform.",
)
def service_account_without_role(environment: Environment) -> Iterator[Violation]:
    """Yield each annotation that names a role which no `aws_iam_role` of the environment makes."""
    names = [one.get("name") for one in environment.resources if one.kinds == ("aws_iam_role",)]
    if not any(name.exists and not name.is_unknown for name in names):
        return

    def judge(manifest: Manifest) -> Iterator[Violation]:
        annotation = manifest.annotation(ANNOTATION)
        role = (annotation.text("") or "").rpartition("/")[2]
        if role and find(names, lambda name: name.text() == role) is None:
            yield manifest.violation(annotation, f"no Terraform of {environment.address} makes the role `{role}`")

    yield from judge_each(environment.objects.of_kind("ServiceAccount"), judge)
