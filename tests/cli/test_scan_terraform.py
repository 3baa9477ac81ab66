"""Terraform through the front door: configurations, plans, and what is wrong in them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.cli.conftest import Infracheck

GROUP = """variable "range" {
  default = "10.0.0.0/8"
}

resource "aws_security_group" "ssh" {
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [var.range]
  }
}
"""
SECRET = "s3nsitive-value"


def plan(*, action: str = "create") -> dict[str, Any]:
    """The plan of `GROUP` with an open range; or one that destroys it."""
    ssh = {"from_port": 22, "to_port": 22, "protocol": "tcp", "cidr_blocks": ["0.0.0.0/0"]}
    web = {**ssh, "from_port": 443, "to_port": 443}
    values = {"ingress": [ssh, web], "user_data": SECRET}
    resource = {
        "address": "aws_security_group.ssh",
        "mode": "managed",
        "type": "aws_security_group",
        "name": "ssh",
        "values": values,
        "sensitive_values": {"user_data": True},
    }
    change = {"actions": [action], "before": values, "after": values, "after_sensitive": {"user_data": True}}
    kept = [] if action == "delete" else [resource]
    return {
        "format_version": "1.2",
        "variables": {"range": {"value": "0.0.0.0/0"}},
        "planned_values": {"root_module": {"resources": kept}},
        "resource_changes": [{"address": resource["address"], "change": change}],
        "prior_state": {"values": {"root_module": {"resources": [resource]}}},
    }


def ssh_findings(infracheck: Infracheck, *arguments: str | Path) -> list[dict[str, Any]]:
    outcome = infracheck("scan", *arguments, "--select", "terraform/public-ssh", "-o", "json")
    found: list[dict[str, Any]] = json.loads(outcome.out)["findings"]
    assert outcome.code == (1 if found else 0), outcome.err
    return found


def places(findings: list[dict[str, Any]]) -> list[str]:
    return [f"{one['location']['path']}:{one['location']['line']}" for one in findings]


def test_every_way_to_open_a_port_is_found_and_no_safe_twin(infracheck: Infracheck, repository: Path) -> None:
    folder = repository / "tests" / "fixtures" / "ssh27"
    ways = {path.name for path in (folder / "open").iterdir()}
    assert len(ways) == 27
    found = ssh_findings(infracheck, folder)
    stacks = {"/".join(stack.split("/")[-2:]) for one in found for stack in one["stacks"]}
    assert stacks == {f"open/{way}" for way in ways}


def test_a_plan_is_judged_by_the_same_rules_at_the_lines_beside_it(infracheck: Infracheck, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(GROUP)
    assert ssh_findings(infracheck, ".") == []
    (tmp_path / "open.tfvars").write_text('range = "0.0.0.0/0"\n')
    (tmp_path / "plan.json").write_text(json.dumps(plan()))
    (finding,) = ssh_findings(infracheck, "plan.json")
    assert finding["address"] == "aws_security_group.ssh"
    assert finding["location"]["path"] == "plan.json"
    assert finding["location"]["text"].startswith('{"format_version"')
    assert [f"{step['path']}:{step['line']}" for step in finding["via"]] == ["main.tf:16"]


def test_a_plan_found_in_a_tree_knows_the_var_file_of_its_environment(infracheck: Infracheck, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(GROUP)
    (tmp_path / "production.tfvars").write_text('\nrange = "0.0.0.0/0"\n')
    (tmp_path / "plan.production.json").write_text(json.dumps(plan()))
    (finding,) = ssh_findings(infracheck, ".")
    assert places([finding]) == ["production.tfvars:2"]
    assert finding["environments"] == ["production"]
    assert finding["stacks"] == [".", "plan.production.json"]


def test_what_a_plan_destroys_is_not_judged(infracheck: Infracheck, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(plan(action="delete")))
    assert ssh_findings(infracheck, "plan.json") == []


def test_a_plan_alone_shows_no_sensitive_value_in_any_format(infracheck: Infracheck, tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(json.dumps(plan(), indent=1))
    (finding,) = ssh_findings(infracheck, "plan.json")
    assert finding["location"]["text"].strip() == '"0.0.0.0/0"'
    (tmp_path / "plan.json").write_text(json.dumps(plan()))
    for form in ("text", "json", "sarif", "html", "markdown", "github"):
        outcome = infracheck("scan", "plan.json", "-v", "-o", form)
        assert "public-ssh" in outcome.out
        assert SECRET not in outcome.out


def test_a_broken_plan_and_a_broken_file_are_faults_and_the_rest_is_judged(
    infracheck: Infracheck, tmp_path: Path
) -> None:
    (tmp_path / "main.tf").write_text(GROUP.replace("10.0.0.0/8", "0.0.0.0/0"))
    (tmp_path / "broken.tf").write_text("resource {\n")
    (tmp_path / "plan.json").write_text('{"format_version": "1.2", "planned_values": {')
    outcome = infracheck("scan", ".", "-o", "json")
    report = json.loads(outcome.out)
    assert outcome.code == 1
    assert "terraform/public-ssh" in {one["rule_id"] for one in report["findings"]}
    broken = {gap["subject"] for gap in report["gaps"] if gap["kind"] == "broken"}
    assert broken == {"broken.tf", "plan.json"}


def test_the_environment_sets_variables_only_when_asked(
    infracheck: Infracheck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_VAR_range", "0.0.0.0/0")
    monkeypatch.setenv("TF_VAR_undeclared", "x")
    (tmp_path / "main.tf").write_text(GROUP)
    assert [one["location"]["line"] for one in ssh_findings(infracheck)] == []
    (finding,) = ssh_findings(infracheck, "--tf-var-env")
    # No file holds the value: the place to change is where it comes in.
    assert (finding["location"]["path"], finding["location"]["line"]) == ("main.tf", 1)
    assert finding["location"]["step"] == "environment"
    (tmp_path / "terraform.tfvars").write_text('range = "10.0.0.0/8"\n')
    assert ssh_findings(infracheck, "--tf-var-env") == []


def test_a_value_of_the_environment_that_cannot_be_read_breaks_the_root(
    infracheck: Infracheck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_VAR_ports", '["hunter2secret"')
    (tmp_path / "main.tf").write_text('\nvariable "ports" {\n  type = list(string)\n}\n')
    done = infracheck("scan", "--tf-var-env")
    assert done.code == 1
    assert 'main.tf:2:1: Invalid value for variable "ports" in TF_VAR_ports: ' in done.out
    assert "hunter2secret" not in done.out
    assert infracheck("scan").code == 0
    refused = infracheck("eval", "var.ports", "--tf-var-env")
    assert refused.code == 2
    assert "TF_VAR_ports" in refused.err


def test_parts_of_a_value_of_the_environment_stand_where_it_comes_in(
    infracheck: Infracheck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TF_VAR_ports", '[{ a = ["x"] }]')
    (tmp_path / "main.tf").write_text('variable "ports" {\n  type = any\n}\n\nvariable "p" {\n  type = map(any)\n}\n')
    monkeypatch.setenv("TF_VAR_p", '{ a = [{ b = "x" }] }')
    told = infracheck("eval", "var.p.a[0].b", "--tf-var-env", "--origin").out
    assert "set at main.tf:5:1 (environment)" in told


def test_a_file_outside_is_said_to_be_missing_and_never_read(infracheck: Infracheck, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / ".git").mkdir(parents=True)
    (tmp_path / "secret.txt").write_text("hunter2secret")
    (root / "link.txt").symlink_to("../secret.txt")
    (root / "linked").symlink_to("..")
    (root / "main.tf").write_text(
        """locals {
  a = file("../secret.txt")
  b = templatefile("/etc/passwd", {})
  c = fileset("..", "**")
  d = fileset(path.module, "../*")
  e = filesha256("link.txt")
  f = file("~/.aws/credentials")
  h = fileset(path.module, "../absent/*")
  i = fileset(path.module, "../secret.txt")
  j = fileset(path.module, "link*")
  k = fileset(path.module, "linked/*")
  l = fileset(path.module, "**")
  g = [for i in range(3) : fileexists("../secret${i}.txt")]
}
"""
    )
    outcome = infracheck("scan", root, "-o", "json")
    gaps = [gap for gap in json.loads(outcome.out)["gaps"] if gap["subject"] == "main.tf"]
    assert [gap["location"]["line"] for gap in gaps] == list(range(2, 14))
    assert {gap["kind"] for gap in gaps} == {"outside"}
    assert gaps[0]["reason"] == "`file()` leads outside of what is scanned: what depends on it is not known"
    assert "hunter2secret" not in outcome.out
    assert outcome.code == 0
    assert infracheck("scan", root, "--strict").code == 1


def test_of_thousands_of_problems_some_are_told_and_the_rest_is_counted(infracheck: Infracheck, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text("".join(f"a{i} = {i}\n" for i in range(3_000)))
    done = infracheck("scan", "-v")
    assert done.code == 1
    assert done.out.count("Unsupported argument") == 200
    assert "2,800 more problems in this stack" in done.out
    assert "201 broken" in done.out


def test_no_error_quotes_what_is_sensitive(infracheck: Infracheck, tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(
        f"""variable "secret" {{
  sensitive = true
  default   = "{SECRET}"
}}
locals {{
  a = cidrhost(var.secret, 1)
  b = parseint(var.secret, 10)
  c = timeadd(var.secret, "1h")
  d = jsondecode(var.secret)
  e = parseint("plain text", 10)
}}
"""
    )
    done = infracheck("scan", "-v")
    assert 'main.tf:6:7: Call to function "cidrhost" failed: what is wrong is not shown' in done.out
    assert "plain text" in done.out
    assert SECRET not in done.out
