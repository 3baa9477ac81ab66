"""One open SSH port written in twenty-seven ways: what each evaluates to, and which line it blames."""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

import pytest

from infracheck.source.reader import Reader
from infracheck.terraform.modules import TerraformModule, load_terraform

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from infracheck.source.field import Field

BLAMED = {
    "01-literal": "main.tf:9",
    "02-variable-default": "variables.tf:3",
    "03-tfvars": "terraform.tfvars:1",
    "04-auto-tfvars-json": "team.auto.tfvars.json:2",
    "05-local": "main.tf:2",
    "06-merge": "main.tf:3",
    "07-count": "main.tf:2",
    "08-for-each-map": "main.tf:4",
    "09-for-each-set": "main.tf:2",
    "10-dynamic": "main.tf:2",
    "11-dynamic-iterator": "main.tf:16",
    "12-module-argument": "main.tf:3",
    "13-two-modules-down": "terraform.tfvars:1",
    "14-module-output": "ranges/main.tf:4",
    "15-jsondecode-file": "rules.json:1",
    "16-templatefile": "rules.json.tpl:1",
    "17-cidr-functions": "main.tf:9",
    "18-conditional": "main.tf:9",
    "19-splat": "main.tf:2",
    "20-flatten": "main.tf:2",
    "21-heredoc": "main.tf:2",
    "22-tf-json": "main.tf.json:2",
    "23-override-file": "main_override.tf:6",
    "24-security-group-rule": "main.tf:11",
    "25-vpc-ingress-rule": "main.tf:11",
    "26-ipv6": "main.tf:9",
    "27-ports-and-protocols": "main.tf:12",
}


def load(repository: Path, kind: str, name: str) -> TerraformModule:
    folder = repository / "tests" / "fixtures" / "ssh27" / kind / name
    return load_terraform(folder, Reader(folder))


def ssh_sources(module: TerraformModule) -> Iterator[Field]:
    """Every range of addresses that reaches port 22."""
    for resource in module.resources:
        blocks = resource.blocks("ingress") if resource.type == "aws_security_group" else (resource.at(""),)
        for block in blocks:
            protocol = str(block["protocol"].plain() or block["ip_protocol"].plain())
            low, high = block["from_port"].number(), block["to_port"].number()
            if protocol == "-1" or (protocol in ("tcp", "6") and low is not None and low <= 22 <= (high or 0)):
                yield from block["cidr_blocks"]
                yield from block["ipv6_cidr_blocks"]
                if block["cidr_ipv4"]:
                    yield block["cidr_ipv4"]


def is_everyone(source: Field) -> bool:
    return ip_network(source.text() or "", strict=False).prefixlen == 0


def test_every_case_has_a_twin(repository: Path) -> None:
    folders = repository / "tests" / "fixtures" / "ssh27"
    assert {path.name for path in (folders / "open").iterdir()} == set(BLAMED)
    assert {path.name for path in (folders / "safe").iterdir()} == set(BLAMED)


@pytest.mark.parametrize("name", BLAMED)
def test_the_open_port_is_seen_at_the_line_that_opens_it(repository: Path, name: str) -> None:
    module = load(repository, "open", name)
    assert not module.problems
    guilty = [source for source in ssh_sources(module) if is_everyone(source)]
    assert guilty
    assert str(guilty[0].origin.span).rsplit(":", 1)[0] == BLAMED[name]


@pytest.mark.parametrize("name", BLAMED)
def test_the_twin_is_closed(repository: Path, name: str) -> None:
    module = load(repository, "safe", name)
    assert not module.problems
    sources = list(ssh_sources(module))
    assert sources
    assert not any(map(is_everyone, sources))


def test_the_way_through_two_modules_is_on_record(repository: Path) -> None:
    module = load(repository, "open", "13-two-modules-down")
    (source,) = ssh_sources(module)
    assert [(str(step.span), step.step) for step in source.origin.via] == [
        ("main.tf:3:12", "variable"),
        ("main.tf:3:12", "argument"),
        ("network/main.tf:5:14", "variable"),
        ("network/main.tf:5:13", "argument"),
    ]
