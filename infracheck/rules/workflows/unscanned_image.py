"""Container image is published without a vulnerability scan.

An image carries hundreds of packages that nobody on the team wrote. Without a scan between build and push, a known
critical vulnerability reaches production on the day the base image has one, and is found by whoever looks first.

## Fix

Build the image without pushing it, scan it, fail on what must not ship, and push afterwards, in the same job or in a
job that `needs` the scan.

## References

- [NIST SP 800-190, Application Container Security Guide, 4.1.1 Image vulnerabilities](https://csrc.nist.gov/pubs/sp/800/190/final)
- [Amazon ECR image scanning](https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-scanning.html)

## Bad: build and push in one go

```yaml .github/workflows/publish.yml
on: push
jobs:
  publish:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
      - uses: docker/build-push-action@263435318d21b8e681c14492fe198d362a7d2c83 # finding
        with:
          push: true
          tags: example.com/app:1.2.3
```

## Bad: by hand

```yaml .github/workflows/publish.yml
on: push
jobs:
  publish:
    runs-on: ubuntu-24.04
    steps:
      - run: | # finding
          docker build -t example.com/app:1.2.3 .
          docker push example.com/app:1.2.3
```

## Good: scanned in between

```yaml .github/workflows/publish.yml
on: push
jobs:
  publish:
    runs-on: ubuntu-24.04
    steps:
      - uses: docker/build-push-action@263435318d21b8e681c14492fe198d362a7d2c83
        with:
          load: true
          tags: example.com/app:1.2.3
      - uses: aquasecurity/trivy-action@b6643a29fecd7f34b3597bc6acb0a98b03d33ff8
        with:
          image-ref: example.com/app:1.2.3
          exit-code: "1"
      - run: docker push example.com/app:1.2.3
```

## Good: scanned in a job before

```yaml .github/workflows/publish.yml
on: push
jobs:
  scan:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          docker build -t app .
          grype app --fail-on critical
  publish:
    needs: scan
    runs-on: ubuntu-24.04
    steps:
      - run: docker push example.com/app:1.2.3
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Job, Step

PUSHES = re.compile(
    r"\b(?:docker|podman|buildah|nerdctl)\s+(?:image\s+|manifest\s+)?push\b"
    r"|\bbuildx\s+build\b[^\n]*--push\b|\bcrane\s+push\b|\bskopeo\s+copy\b[^\n]*docker://|\bjib:build\b|\bko\s+build\b"
)
SCANNERS = re.compile(
    r"\b(?:trivy|grype|snyk|clair|anchore|twistlock|prisma|wizcli|docker[ -]scout|dockle|aquasec|inspector-sbomgen"
    r"|describe-image-scan-findings|start-image-scan|vuls|sysdig|aws-inspector|scan-image|image-scan)\b",
    re.IGNORECASE,
)
BUILD_ACTIONS = ("docker/build-push-action", "docker/bake-action", "redhat-actions/push-to-registry")


@rule(
    Target.JOB,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    confidence=Confidence.MEDIUM,
    priority=Priority.P2,
    tags=("checklist:images",),
    remedy="Scan the image between build and push, and let the scan fail the job.",
)
def unscanned_image(job: Job) -> Iterator[Violation]:
    """Yield the first step that pushes an image which nothing has scanned."""
    if any(_scans(step) for before in job.before() for step in before.steps):
        return
    for step in job.steps:
        if _scans(step):
            return
        if _pushes(step):
            at = "uses" if step.uses else "run"
            yield step.violation(at, f"job `{job.id}` publishes an image that was not scanned for vulnerabilities")
            return


def _pushes(step: Step) -> bool:
    if step.uses is not None:
        if step.uses.name == "redhat-actions/push-to-registry":
            return True
        if step.uses.name not in BUILD_ACTIONS:
            return False
        outputs = step.inputs["outputs"].text("") or ""
        return step.inputs["push"].boolean(default=False) is True or "push=true" in outputs or _may_push(step)
    return PUSHES.search(step.run) is not None


def _may_push(step: Step) -> bool:
    """`push: ${{ ... }}` pushes on some runs."""
    return "${{" in (step.inputs["push"].text("") or "")


def _scans(step: Step) -> bool:
    words = f"{step.uses.name if step.uses else ''} {step.run}"
    return SCANNERS.search(words) is not None
