"""Vulnerability scan can't fail the job.

Trivy and its action end with exit code 0 whatever they find, unless they are told otherwise; `continue-on-error` and
`|| true` do the same to any scanner. The report is written, nobody reads it, and the image ships.

## Fix

Set `exit-code: "1"` for the severities that must not ship (with `ignore-unfixed` to keep it fair), and let the step
fail.

## References

- [Trivy action: inputs](https://github.com/aquasecurity/trivy-action#inputs)
- [Trivy: exit code](https://trivy.dev/latest/docs/configuration/others/#exit-code)

## Bad: found and passed

```yaml .github/workflows/publish.yml
on: push
jobs:
  publish:
    runs-on: ubuntu-24.04
    steps:
      - uses: aquasecurity/trivy-action@b6643a29fecd7f34b3597bc6acb0a98b03d33ff8 # finding
        with:
          image-ref: example.com/app:1.2.3
      - uses: anchore/scan-action@3343887d815d7b07465f6fdcd395bd66508d486a
        continue-on-error: true # finding
        with:
          image: example.com/app:1.2.3
      - run: |
          grype example.com/app:1.2.3 --fail-on critical || true # finding
```

## Good: a scan that fails, and one that reports to GitHub

```yaml .github/workflows/publish.yml
on: push
jobs:
  publish:
    runs-on: ubuntu-24.04
    steps:
      - uses: aquasecurity/trivy-action@b6643a29fecd7f34b3597bc6acb0a98b03d33ff8
        with:
          image-ref: example.com/app:1.2.3
          exit-code: "1"
      - uses: aquasecurity/trivy-action@b6643a29fecd7f34b3597bc6acb0a98b03d33ff8
        with:
          image-ref: example.com/app:1.2.3
          format: sarif
          output: trivy.sarif
      - run: trivy image --exit-code 1 example.com/app:1.2.3
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.workflows.scanning import is_scan_command, scan_action

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Step

FORGIVEN = re.compile(r"\s*\|\|\s*(?:true|:|exit 0)\b")
TRIVY = "aquasecurity/trivy-action"
REPORTS = ("sarif", "cyclonedx", "spdx", "spdx-json", "github")
"""Formats that are made for somebody else, who decides what happens next."""


@rule(
    Target.STEP,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    priority=Priority.P2,
    tags=("checklist:image-scanning",),
    remedy="Let the scan fail the job for what must not ship.",
)
def scan_without_consequence(step: Step) -> Iterator[Violation]:
    """Yield a scan whose result changes nothing."""
    name = scan_action(step)
    scans = [command for command in step.commands if is_scan_command(command)]
    if not name and not scans:
        return
    if step.at("continue-on-error").boolean():
        yield step.violation("continue-on-error", "the scan may find what it will: the job goes on")
        return
    if name == TRIVY and not _fails(step):
        yield step.violation("uses", "Trivy ends with exit code 0 whatever it finds, unless `exit-code` is set")
    for command in scans:
        if FORGIVEN.match(step.run, command.end):
            yield step.violation(step.command(command), f"`{command.program}` may find what it will: the job goes on")


def _fails(step: Step) -> bool:
    code = step.input("exit-code")
    return (code.exists and code.number() != 0) or (step.input("format").text("") or "").lower() in REPORTS
