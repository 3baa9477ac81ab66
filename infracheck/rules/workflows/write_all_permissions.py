"""Workflow's token may change everything.

`write-all` gives every step, and every action that a step runs, a token that can push commits, publish packages, edit
releases and approve pull requests. One compromised dependency then owns the repository.

## Fix

Start from `permissions: {}` or `contents: read` at the top, and give each job the writes it needs.

## References

- [Automatic token authentication: modifying the permissions for the GITHUB_TOKEN](https://docs.github.com/en/actions/tutorials/authenticate-with-github_token#modifying-the-permissions-for-the-github_token)
- [Secure use reference: use of the GITHUB_TOKEN](https://docs.github.com/en/actions/reference/security/secure-use)

## Bad: for the whole workflow

```yaml .github/workflows/build.yml
on: push
permissions: write-all # finding
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - run: make
```

## Bad: for a job

```yaml .github/workflows/build.yml
on: push
permissions: {}
jobs:
  build:
    runs-on: ubuntu-24.04
    permissions: write-all # finding
    steps:
      - run: make
```

## Good: what the job needs

```yaml .github/workflows/build.yml
on: push
permissions: {}
jobs:
  release:
    runs-on: ubuntu-24.04
    permissions:
      contents: write
    steps:
      - run: make release
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Job, Workflow


@rule(
    Target.WORKFLOW,
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P2,
    aliases=("CKV2_GHA_1", "zizmor:excessive-permissions"),
    tags=("checklist:iam",),
    remedy="Name the permissions each job needs, one by one.",
)
def write_all_permissions(workflow: Workflow) -> Iterator[Violation]:
    """Yield each `permissions: write-all`."""
    parts: tuple[Workflow | Job, ...] = (workflow, *workflow.jobs)
    for part in parts:
        if part.permissions.text() == "write-all":
            yield part.violation("permissions", "`write-all` lets every step change everything in the repository")
