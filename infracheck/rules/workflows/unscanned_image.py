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

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.workflows.scanning import pushes, scans

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Job


@rule(
    Target.JOB,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    confidence=Confidence.MEDIUM,
    priority=Priority.P2,
    tags=("checklist:image-scanning",),
    remedy="Scan the image between build and push, and let the scan fail the job.",
)
def unscanned_image(job: Job) -> Iterator[Violation]:
    """Yield the first step that pushes an image which nothing has scanned."""
    if any(scans(step) for before in job.before() for step in before.steps):
        return
    for step in job.steps:
        if scans(step):
            return
        if pushes(step):
            at = "uses" if step.uses else "run"
            yield step.violation(at, f"job `{job.id}` publishes an image that was not scanned for vulnerabilities")
            return
