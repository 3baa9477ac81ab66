from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from infracheck.findings.finding import Location
from infracheck.findings.severity import Severity
from infracheck.reporters import render
from infracheck.reporters.snippet import snippet
from infracheck.reporters.style import Style

if TYPE_CHECKING:
    from infracheck.findings.report import Report

EXPECTED = """\
critical[kubernetes/privileged-container]: container app of Deployment/core-api/orders runs privileged
  --> overlays/prod/patch.yaml:9:25 (patch)
  |
9 |             privileged: true
  |                         ^^^^
  |
  = overrode: base/orders.yaml:31:25: privileged: false
  = object: Deployment/core-api/orders
  = in: production
  = fix: Remove `privileged: true`.

high[workflows/unpinned-action]: the step runs an action from a branch
   --> .github/workflows/ci.yml:12:15
   |
12 |       - uses: actions/checkout@main
   |               ^^^^^^^^^^^^^^^^^^^^
   |
   = object: .github/workflows/ci.yml#jobs.build.steps[0]

medium[terraform/single-az-database]: `module.db.aws_db_instance.this` has no standby in another zone
  --> prod/terraform.tfvars:3:12 (tfvars)
  |
3 | multi_az = false
  |            ^^^^^
  |
  = through: prod/main.tf:7:14 (argument, each): multi_az = var.multi_az
  = through: modules/db/main.tf:4:14 (variable): multi_az = var.multi_az
  = the subnets: prod/network.tf:1:1: resource
  = object: module.db.aws_db_instance.this; 1 more like it
  = in: production, sandbox
  = fix: Set `multi_az = true`.

Broken (this fails the scan):
  - bad.yaml:4:7: mapping values are not allowed here

Outside of what is read:
  - overlays/dev/kustomization.yaml:3:5: example.com/base?ref=v1: remote bases are not fetched [kubectl kustomize dev]

Not judged, because a value is not known:
  - 2 x `var.encrypted` has no default (variables.tf:3:1)

Waived:
  - 1 x mirrored by our proxy

Rules that failed (a fault of the rule; please report it):
  - kubernetes/odd on Pod/default/x: KeyError: 'spec' (odd.py:12)

Notes:
  - the profile of `dev` is assumed to be production

environment     critical      high    medium
dev                    -         -         -
production             1         -         1
sandbox                -         -         1
no environment         -         1         -
all                    1         1         1

3 findings (1 critical, 1 high, 1 medium). Looked at 41 files, 1,301 resources in 3 stacks, 2 rules.
Not covered: 1 broken, 1 outside of what is read, 12 left out, 2 judgements left open, 1 finding waived, 1 rule failure.
"""


def test_the_whole_report(report: Report) -> None:
    assert render("text", report, (), Style(unicode=False)) == EXPECTED


def test_nothing_to_complain_about_still_says_what_was_looked_at(clean: Report) -> None:
    assert render("text", clean, (), Style()) == (
        "No findings. Looked at 4 files, 9 resources in 1 stack, 60 rules.\nEverything found was read and judged.\n"
    )


def test_quiet_keeps_findings_and_what_fails_the_scan(report: Report) -> None:
    text = render("text", report, (), Style(quiet=True))
    assert "privileged-container" in text
    assert "bad.yaml:4:7" in text
    assert "Looked at" not in text
    assert "Notes" not in text


def test_statistics_count_rules_instead_of_showing_findings(report: Report) -> None:
    text = render("text", replace(report, findings=(*report.findings, report.findings[0])), (), Style(statistics=True))
    assert text.startswith("     2  kubernetes/privileged-container\n     1  terraform/single-az-database\n")
    assert "-->" not in text


def test_verbose_sums_nothing_up(report: Report) -> None:
    text = render("text", report, (), Style(verbose=True))
    assert "vendor/: excluded (12 times)" in text
    assert "module.db.aws_db_instance.replica" in text


def test_many_findings_of_a_rule_in_a_file_are_counted(report: Report) -> None:
    many = tuple(
        replace(report.findings[0], location=replace(report.findings[0].location, line=number))
        for number in range(1, 61)
    )
    text = render("text", replace(report, findings=many), (), Style())
    assert text.count("runs privileged") == 50
    assert "and 10 more of kubernetes/privileged-container in overlays/prod/patch.yaml; -v shows all" in text
    assert render("text", replace(report, findings=many), (), Style(verbose=True)).count("runs privileged") == 60


def test_findings_of_one_file_stand_together(report: Report) -> None:
    critical, high, medium = report.findings
    mixed = replace(
        report, findings=(critical, high, replace(medium, location=replace(critical.location, line=2, text="")))
    )
    text = render("text", mixed, (), Style())
    assert text.index("medium[") < text.index("critical[") < text.index("high[")


def test_colours_only_where_they_are_wanted(report: Report) -> None:
    assert "\x1b" not in render("text", report, (), Style())
    assert "\x1b[1;35mcritical[" in render("text", report, (), Style(colour=True))


def test_marks_stand_under_the_guilty_text_whatever_it_is_written_in() -> None:
    line, blank, mark = snippet(Location("x", 1, 7, 1, 9, text="名前: \u202eab c"), 80)
    assert line == "名前: <U+202E>ab c"
    assert len(blank) == 4 + 2 + len("<U+202E>") + 1
    assert mark == "^^"


def test_a_long_line_is_cut_around_the_guilty_text() -> None:
    text = "a" * 300 + " GUILTY " + "b" * 300
    line, blank, mark = snippet(Location("x", 1, 302, 1, 308, text=text), 60)
    assert len(line) <= 60
    assert line[len(blank) : len(blank) + len(mark)] == "GUILTY"
    assert line.startswith("...")
    assert line.endswith("...")


def test_places_beyond_the_text_do_not_disturb() -> None:
    assert snippet(Location("x", 1, 500, 9, 1, text="short"), 60)[2] == "^"
    assert snippet(Location("x", 1, 0, 0, 0, text="short"), 1)[0] == "short"


def test_what_several_rules_say_of_one_place_stands_together(report: Report) -> None:
    worst = report.findings[0]
    less = replace(
        worst,
        rule_id="kubernetes/writable-root-filesystem",
        severity=Severity.LOW,
        message="container app of Deployment/core-api/orders can write to its root filesystem",
        remedy="Set `readOnlyRootFilesystem: true`.",
    )
    apart = replace(less, rule_id="kubernetes/runs-as-root", environments=("sandbox",))
    text = render("text", replace(report, findings=(worst, less, apart)), (), Style(unicode=False))
    assert text.startswith("""\
critical[kubernetes/privileged-container]: container app of Deployment/core-api/orders runs privileged
low[kubernetes/writable-root-filesystem]: container app of Deployment/core-api/orders can write to its root filesystem
  --> overlays/prod/patch.yaml:9:25 (patch)
  |
9 |             privileged: true
  |                         ^^^^
  |
  = overrode: base/orders.yaml:31:25: privileged: false
  = object: Deployment/core-api/orders
  = in: production
  = fix: Remove `privileged: true`.
  = fix: Set `readOnlyRootFilesystem: true`.

low[kubernetes/runs-as-root]: """)
