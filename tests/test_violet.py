"""The demonstration repository: each planted fault once, at the line that decides it, and nothing else."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

import infracheck
from infracheck.kustomize.emit import emit
from infracheck.reporters import json_report, render
from infracheck.reporters.style import Style

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck import Report


def short(report: Report) -> list[dict[str, Any]]:
    """What the golden file keeps of a report: cause, place and environments of each finding."""
    return [
        {
            "rule": finding.rule_id,
            "severity": finding.severity.value,
            "place": f"{finding.location.path}:{finding.location.line}",
            "environments": list(finding.environments),
            "address": finding.address,
        }
        for finding in report.findings
    ]


@pytest.fixture(scope="module")
def report(repository: Path) -> Report:
    return infracheck.scan([repository / "fixtures/violet"], infracheck.Settings(root=repository / "fixtures/violet"))


def test_the_report_is_the_golden_one(report: Report, repository: Path) -> None:
    golden = json.loads((repository / "fixtures/violet/expected.json").read_text(encoding="utf-8"))
    assert short(report) == golden


def test_everything_could_be_read_and_no_rule_failed(report: Report) -> None:
    assert not report.broken
    assert not report.errors


def test_the_healthy_version_has_no_findings(repository: Path) -> None:
    healthy = repository / "fixtures/violet-healthy"
    found = infracheck.scan([healthy], infracheck.Settings(root=healthy))
    assert short(found) == []
    assert not found.broken
    assert not found.errors


def test_json_fits_its_schema_and_comes_back_whole(report: Report, repository: Path) -> None:
    schema = json.loads((repository / "docs/schema/report.schema.json").read_text(encoding="utf-8"))
    data = json.loads(render("json", report, (), Style()))
    jsonschema.validate(data, schema, cls=jsonschema.Draft202012Validator)
    assert json_report.from_data(data) == report


@pytest.mark.parametrize("format_name", ["text", "json", "sarif", "github", "markdown"])
def test_two_runs_and_any_order_of_paths_give_the_same_bytes(format_name: str, repository: Path) -> None:
    violet = repository / "fixtures/violet"
    parts = sorted(path for path in violet.iterdir() if path.is_dir())
    settings = infracheck.Settings(root=violet)
    texts = {
        render(format_name, infracheck.scan(paths, settings), infracheck.rules(), Style())
        for paths in (parts, parts[::-1], [*parts, *parts])
    }
    assert len(texts) == 1


def test_no_planted_secret_is_shown(report: Report) -> None:
    for format_name in ("text", "json", "sarif", "github", "markdown"):
        assert "violet-demo-password" not in render(format_name, report, (), Style())


@pytest.mark.oracle
@pytest.mark.parametrize("fixture", ["violet", "violet-healthy"])
@pytest.mark.parametrize("overlay", ["dev", "sandbox", "production"])
def test_every_overlay_renders_as_kubectl_renders_it(
    fixture: str, overlay: str, repository: Path, kubectl: str
) -> None:
    directory = repository / "fixtures" / fixture / "VioletInfrastructureKubernetes/overlays" / overlay
    done = subprocess.run([kubectl, "kustomize", str(directory)], capture_output=True, text=True, check=True)
    assert emit(infracheck.render(directory)) == done.stdout


@pytest.mark.oracle
@pytest.mark.parametrize("fixture", ["violet", "violet-healthy"])
def test_terraform_finds_every_root_well_formed(fixture: str, repository: Path, terraform: str) -> None:
    directory = repository / "fixtures" / fixture / "VioletInfrastructureTerraform"
    done = subprocess.run(
        [terraform, "fmt", "-check", "-recursive", str(directory)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize(
    "name", ["argoproj__argo-cd", "GoogleCloudPlatform__microservices-demo", "aws-samples__eks-workshop-v2"]
)
def test_real_repositories_are_judged_without_an_error(name: str, shared: Path) -> None:
    root = shared / "conformance/kustomize/repos" / name
    report = infracheck.scan([root], infracheck.Settings(root=root))
    assert not report.errors
    assert report.coverage.resources
