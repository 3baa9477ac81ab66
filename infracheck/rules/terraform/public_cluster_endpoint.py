"""EKS API server answers the whole internet.

The API server's endpoint is public unless told otherwise, and `public_access_cidrs` is everyone unless told otherwise.
Authentication still stands in the way, but a leaked token or kubeconfig then works from anywhere, and every flaw in the
API server is within everyone's reach.

## Fix

Set `endpoint_private_access = true` and `endpoint_public_access = false`, or name the addresses of the VPN and of the
build machines in `public_access_cidrs`.

## References

- [Cluster API server endpoint, Amazon EKS User Guide](https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html)
- CIS Amazon Elastic Kubernetes Service Benchmark v1.5.0, 5.4.1: restrict access to the control plane endpoint

## Bad: a tfvars file opens it

```hcl main.tf
variable "cidrs" {
  type    = list(string)
  default = []
}

resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::123456789012:role/cluster"

  vpc_config {
    subnet_ids             = ["subnet-1", "subnet-2"]
    endpoint_public_access = length(var.cidrs) > 0
    public_access_cidrs    = length(var.cidrs) > 0 ? var.cidrs : null
  }
}
```

```hcl terraform.tfvars
cidrs = ["0.0.0.0/0"] # finding
```

## Bad: the default

```hcl main.tf
resource "aws_eks_cluster" "main" {
  name     = "main"
  role_arn = "arn:aws:iam::123456789012:role/cluster"

  vpc_config { # finding
    subnet_ids = ["subnet-1", "subnet-2"]
  }
}
```

## Good: private, or for some only

```hcl main.tf
resource "aws_eks_cluster" "private" {
  name     = "private"
  role_arn = "arn:aws:iam::123456789012:role/cluster"

  vpc_config {
    subnet_ids              = ["subnet-1", "subnet-2"]
    endpoint_private_access = true
    endpoint_public_access  = false
  }
}

resource "aws_eks_cluster" "office" {
  name     = "office"
  role_arn = "arn:aws:iam::123456789012:role/cluster"

  vpc_config {
    subnet_ids          = ["subnet-1", "subnet-2"]
    public_access_cidrs = ["198.51.100.0/24"]
  }
}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.terraform.resources import Resource

EVERYONE = ("0.0.0.0/0", "::/0")


@rule(
    Target.RESOURCE,
    kinds=("aws_eks_cluster",),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=("CKV_AWS_38", "CKV_AWS_39", "AVD-AWS-0040", "AVD-AWS-0041"),
    remedy="Make the endpoint private, or name the VPN's addresses in `public_access_cidrs`.",
)
def public_cluster_endpoint(resource: Resource) -> Iterator[Violation]:
    """Yield what opens the endpoint to everyone."""
    message = f"the API server of `{resource.address}` answers the whole internet"
    for network in resource.blocks("vpc_config"):
        if network["endpoint_public_access"].boolean(default=True) is False:
            continue
        allowed = network["public_access_cidrs"]
        if not allowed.exists:
            yield resource.violation(network, message)
            continue
        guilty = allowed.first(lambda one: one.text() in EVERYONE)
        if guilty is not None:
            yield resource.violation(guilty, message)
