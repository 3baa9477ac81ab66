from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from infracheck.findings.finding import Finding, Location, Related
from infracheck.findings.report import Coverage, Gap, GapKind, Report, RuleError, Suppressed, Undecided
from infracheck.findings.severity import Category, Confidence, Priority, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

PATCHED = Finding(
    rule_id="kubernetes/privileged-container",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    priority=Priority.P1,
    category=Category.SECURITY,
    message="container app of Deployment/core-api/orders runs privileged",
    address="Deployment/core-api/orders",
    field="spec.template.spec.containers[0].securityContext.privileged",
    location=Location("overlays/prod/patch.yaml", 9, 25, 9, 29, "patch", "            privileged: true"),
    overrode=(Location("base/orders.yaml", 31, 25, 31, 30, "written", "            privileged: false"),),
    environments=("production",),
    stacks=("overlays/prod",),
    remedy="Remove `privileged: true`.",
    fingerprint="00112233445566aa",
)
PASSED_ON = Finding(
    rule_id="terraform/single-az-database",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    priority=Priority.P0,
    category=Category.AVAILABILITY,
    message="`module.db.aws_db_instance.this` has no standby in another zone",
    address="module.db.aws_db_instance.this",
    field="multi_az",
    location=Location("prod/terraform.tfvars", 3, 12, 3, 17, "tfvars", "multi_az = false"),
    via=(
        Location("prod/main.tf", 7, 14, 7, 26, "argument", "  multi_az = var.multi_az"),
        Location("prod/main.tf", 7, 14, 7, 26, "each", "  multi_az = var.multi_az"),
        Location("modules/db/main.tf", 4, 14, 4, 26, "variable", "  multi_az = var.multi_az"),
    ),
    related=(Related("the subnets", Location("prod/network.tf", 1, 1, 1, 9, text="resource")),),
    environments=("production", "sandbox"),
    remedy="Set `multi_az = true`.",
    fingerprint="aa00112233445566",
    also=("module.db.aws_db_instance.replica",),
)
UNPINNED = Finding(
    rule_id="workflows/unpinned-action",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    priority=Priority.P2,
    category=Category.SECURITY,
    message="the step runs an action from a branch",
    address=".github/workflows/ci.yml#jobs.build.steps[0]",
    field="uses",
    location=Location(".github/workflows/ci.yml", 12, 15, 12, 35, text="      - uses: actions/checkout@main"),
    fingerprint="ffee112233445566",
)
REPORT = Report(
    findings=(PATCHED, UNPINNED, PASSED_ON),
    gaps=(
        Gap(GapKind.BROKEN, "bad.yaml", "mapping values are not allowed here", Location("bad.yaml", 4, 7), count=1),
        Gap(
            GapKind.OUTSIDE,
            "example.com/base?ref=v1",
            "remote bases are not fetched",
            Location("overlays/dev/kustomization.yaml", 3, 5),
            command="kubectl kustomize dev",
            environments=("dev",),
        ),
        Gap(GapKind.SKIPPED, "vendor/", "excluded", count=12),
    ),
    undecided=(
        Undecided(
            "terraform/unencrypted-database",
            "aws_db_instance.a",
            "storage_encrypted",
            "`var.encrypted` has no default (variables.tf:3:1), read by `local.x` (locals.tf:2:7)",
            Location("variables.tf", 3, 1),
        ),
        Undecided(
            "terraform/single-az-database",
            "aws_db_instance.b",
            "multi_az",
            "`var.encrypted` has no default (variables.tf:3:1)",
            Location("variables.tf", 3, 1),
        ),
    ),
    errors=(RuleError("kubernetes/odd", "Pod/default/x", "KeyError: 'spec'", "odd.py:12"),),
    suppressed=(Suppressed(UNPINNED, "mirrored by our proxy", Location("ci.yml", 12, 40)),),
    notes=("the profile of `dev` is assumed to be production",),
    environments=(("dev", "development"), ("production", "production"), ("sandbox", "sandbox")),
    coverage=Coverage(files=41, stacks=3, resources=1301, rules=2, judgements=900),
    rule_ids=("kubernetes/privileged-container", "terraform/single-az-database", "workflows/unpinned-action"),
)
CLEAN = Report(coverage=Coverage(files=4, stacks=1, resources=9, rules=60, judgements=100))


def hostile_report(text: str) -> Report:
    """A report in which a stranger's text stands wherever one can."""
    place = replace(PATCHED.location, path=f"a/{text}", text=f"image: {text}", step=text or "x")
    finding = replace(
        PATCHED,
        message=f"container {text} runs",
        address=text,
        field=text,
        location=place,
        via=(place,),
        overrode=(place,),
        related=(Related(text, place),),
        environments=(text,),
        remedy=text,
        also=(text,),
    )
    gap = Gap(GapKind.BROKEN, text, text, place, text, (text,))
    return Report(
        findings=(finding,),
        gaps=(gap, replace(gap, kind=GapKind.OUTSIDE, location=None)),
        undecided=(Undecided("a/b", text, text, text, place, (text,)),),
        errors=(RuleError("a/b", text, text, text),),
        suppressed=(Suppressed(finding, text, place),),
        notes=(text,),
        environments=((text, "production"),),
        rule_ids=("kubernetes/privileged-container",),
    )


@pytest.fixture
def report() -> Report:
    return REPORT


@pytest.fixture
def clean() -> Report:
    return CLEAN


@pytest.fixture(scope="session")
def hostile() -> Callable[[str], Report]:
    return hostile_report
