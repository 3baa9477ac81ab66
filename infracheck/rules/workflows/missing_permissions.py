"""Job runs with whatever permissions the repository gives by default.

Without `permissions`, a job's token has the organisation's default, which for older organisations is write access to
everything. What a job may do is then decided by a setting that nobody sees in review and that anyone with access to the
settings can change.

## Fix

Put `permissions: {}` or `contents: read` at the top of the workflow, and give each job the writes it needs.

## References

- [Automatic token authentication: permissions for the GITHUB_TOKEN](https://docs.github.com/en/actions/tutorials/authenticate-with-github_token#modifying-the-permissions-for-the-github_token)
- [OpenSSF Scorecard: Token-Permissions](https://github.com/ossf/scorecard/blob/main/docs/checks.md#token-permissions)

## Bad: nothing said

```yaml .github/workflows/build.yml
on: push
jobs:
  build: # finding
    runs-on: ubuntu-24.04
    steps:
      - run: make
```

## Bad: said for one job only

```yaml .github/workflows/build.yml
on: push
jobs:
  build: # finding
    runs-on: ubuntu-24.04
    steps:
      - run: make
  release:
    runs-on: ubuntu-24.04
    permissions:
      contents: write
    steps:
      - run: make release
```

## Good: nothing by default

```yaml .github/workflows/build.yml
on: push
permissions: {}
jobs:
  build:
    runs-on: ubuntu-24.04
    permissions:
      contents: read
    steps:
      - run: make
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
    aliases=("zizmor:excessive-permissions",),
    tags=("checklist:iam",),
    remedy="Put `permissions: {}` at the top of the workflow and name what each job needs.",
)
def missing_permissions(job: Job) -> Iterator[Violation]:
    """Yield a job for which nothing says what its token may do."""
    # An empty mapping is a value; only what is not written at all leaves it to the repository's default.
    if job.effective_permissions.value is None:
        yield job.violation("permissions", f"nothing says what the token of job `{job.id}` may do")
