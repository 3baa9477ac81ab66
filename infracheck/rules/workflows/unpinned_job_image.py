"""Job runs in an image whose content can change.

A `container` or service without a tag, or with `latest`, is another image whenever somebody pushes one. Builds then
break, or run somebody else's code with the job's secrets, without any change in the repository.

## Fix

Name a version; better, name the digest with the version as a comment behind it.

## References

- [Workflow syntax: jobs.<job_id>.container](https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idcontainer)
- [NIST SP 800-190, Application Container Security Guide, 4.2.2 Stale images in registries](https://csrc.nist.gov/pubs/sp/800/190/final)

## Bad: the latest, said or unsaid

```yaml .github/workflows/test.yml
on: push
jobs:
  test:
    runs-on: ubuntu-24.04
    container: example.com:5000/build # finding
    services:
      database:
        image: postgres:latest # finding
    steps:
      - run: make test
```

## Good: a version, a digest

```yaml .github/workflows/test.yml
on: push
jobs:
  test:
    runs-on: ubuntu-24.04
    container:
      image: example.com:5000/build@sha256:a8560b36e8b8210634f77d9f7f9efd7ffa463e380b75e2e74aff4511df3ef88c
    services:
      database:
        image: postgres:16.4
      cache:
        image: ${{ matrix.cache }}
    steps:
      - run: make test
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Job


@rule(
    Target.JOB,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=("zizmor:unpinned-images",),
    tags=("checklist:image-scanning",),
    remedy="Name a version or a digest.",
)
def unpinned_job_image(job: Job) -> Iterator[Violation]:
    """Yield each image of a container or service that has no version."""
    for field in job.images:
        image = (field.text("") or "").removeprefix("docker://")
        if "${{" in image or "@" in image:
            continue
        name, _, tag = image.rpartition("/")[2].partition(":")
        if name and tag in ("", "latest"):
            yield job.violation(field, f"`{image}` is whatever was pushed last")
