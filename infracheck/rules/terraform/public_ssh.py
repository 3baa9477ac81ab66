"""Security group lets the whole internet reach SSH.

Port 22 open to `0.0.0.0/0` or `::/0` is found by scanners within minutes and then tried with stolen keys and passwords
for as long as it stays open. One leaked key, or one flaw in the SSH server, is then a shell inside the VPC. The rule
looks at what the group allows after variables, `dynamic` blocks and modules have been worked out: any range of ports
that contains 22, and the protocols `tcp`, `6`, `-1` and `all`.

## Fix

Let nobody in by SSH: use AWS Systems Manager Session Manager, which needs no open port. Where SSH must stay, allow
the addresses of the VPN or of a bastion's security group only.

## References

- [Security group rules, Amazon VPC User Guide](https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html)
- CIS Amazon Web Services Foundations Benchmark v3.0.0, 5.2 and 5.3: no ingress from 0.0.0.0/0 or ::/0 to remote server
  administration ports
- [AWS Systems Manager Session Manager](https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager.html)

## Bad: written out

```hcl main.tf
resource "aws_security_group" "bastion" {
  name        = "bastion"
  description = "Bastion host"

  ingress {
    description = "SSH"
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/8", "0.0.0.0/0"] # finding
  }
}
```

## Bad: through a variable, a dynamic block and a tfvars file

```hcl main.tf
variable "allowed" {
  type    = list(string)
  default = []
}

resource "aws_security_group" "bastion" {
  dynamic "ingress" {
    for_each = var.allowed
    content {
      from_port   = 20
      to_port     = 25
      protocol    = "tcp"
      cidr_blocks = [ingress.value]
    }
  }
}
```

```hcl terraform.tfvars
allowed = [
  "10.20.0.0/16",
  "0.0.0.0/0", # finding
]
```

## Bad: as resources of their own

```hcl main.tf
resource "aws_security_group" "bastion" {
  name = "bastion"
}

resource "aws_security_group_rule" "ssh" {
  security_group_id = aws_security_group.bastion.id
  type              = "ingress"
  from_port         = 0
  to_port           = 65535
  protocol          = "tcp"
  ipv6_cidr_blocks  = ["::/0"] # finding
}

resource "aws_vpc_security_group_ingress_rule" "everything" {
  security_group_id = aws_security_group.bastion.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0" # finding
}
```

## Good: from the VPN only

```hcl main.tf
resource "aws_security_group" "bastion" {
  name = "bastion"

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["10.8.0.0/16"]
  }

  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }

  egress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_security_group_rule" "out" {
  security_group_id = aws_security_group.bastion.id
  type              = "egress"
  from_port         = 0
  to_port           = 65535
  protocol          = "tcp"
  cidr_blocks       = ["0.0.0.0/0"]
}
```
"""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.source.field import find, judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.source.field import Field
    from infracheck.terraform.resources import Resource

SSH = 22
LISTS = ("cidr_blocks", "ipv6_cidr_blocks")
ANY_PROTOCOL = ("-1", "all")
TCP = ("tcp", "6")


@rule(
    Target.RESOURCE,
    kinds=(
        "aws_security_group",
        "aws_default_security_group",
        "aws_security_group_rule",
        "aws_vpc_security_group_ingress_rule",
    ),
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=("CKV_AWS_24", "AVD-AWS-0107", "aws-ec2-no-public-ingress-sgr"),
    tags=("checklist:iam",),
    remedy="Allow the VPN's addresses only, or close the port and use Session Manager.",
)
def public_ssh(resource: Resource) -> Iterator[Violation]:
    """Yield each range of addresses that lets the internet in."""

    def judge(block: Field) -> Iterator[Violation]:
        guilty = find(_sources(block), _is_everyone)
        if guilty is not None and _reaches_ssh(block):
            yield resource.violation(
                guilty, f"`{resource.address}` lets {guilty.text()} reach SSH (port {SSH})", related=_port(block)
            )

    yield from judge_each(_ingress_blocks(resource), judge)


def _ingress_blocks(resource: Resource) -> list[Field]:
    if resource.type in ("aws_security_group", "aws_default_security_group"):
        return list(resource.get("ingress"))
    if resource.type == "aws_security_group_rule" and resource.get("type").text() != "ingress":
        return []
    return [resource.at("")]


def _sources(block: Field) -> Iterator[Field]:
    for name in LISTS:
        if block[name].is_unknown:
            yield block[name]
        else:
            yield from block[name]
    for name in ("cidr_ipv4", "cidr_ipv6"):
        if block[name]:
            yield block[name]


def _is_everyone(source: Field) -> bool:
    try:
        return ip_network(source.text() or "", strict=False).prefixlen == 0
    except ValueError:
        return False


def _reaches_ssh(block: Field) -> bool:
    protocol = block["ip_protocol" if block["ip_protocol"] else "protocol"]
    name = (protocol.text() or str(protocol.number(-1))).lower()
    if name in ANY_PROTOCOL:
        return True
    low, high = block["from_port"].number(), block["to_port"].number()
    return name in TCP and low is not None and high is not None and low <= SSH <= high


def _port(block: Field) -> tuple[tuple[str, Field], ...]:
    return (("the ports", block["from_port"]),) if block["from_port"] else ()
