"""Artifact contains the credentials of the checkout.

`actions/checkout` writes the job's token into `.git/config` unless it is told not to. An artifact of the whole
workspace takes that file along: whoever may download the artifact, which in a public repository is everybody, has the
token for as long as the job still runs, and with it whatever the job may do.

## Fix

Check out with `persist-credentials: false`, and upload the folder that was built instead of the workspace.

## References

- [ArtiPACKED: hacking giants through a race condition in GitHub Actions artifacts, Unit 42](https://unit42.paloaltonetworks.com/github-repo-artifacts-leak-tokens/)
- [actions/checkout: usage](https://github.com/actions/checkout#usage)

## Bad: the whole workspace

```yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # finding
      - run: make
      - uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02
        with:
          path: .
```

## Good: what was built, or a checkout without the token

```yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
      - run: make
      - uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02
        with:
          path: dist/
  sources:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
        with:
          persist-credentials: false
      - uses: actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02
        with:
          path: ${{ github.workspace }}
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Job, Step

WORKSPACE = frozenset({".", "./", "*", "./*", "**", "**/*", "./**", "${{ github.workspace }}", "${{github.workspace}}"})


@rule(
    Target.JOB,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    priority=Priority.P2,
    aliases=("zizmor:artipacked",),
    tags=("checklist:secrets",),
    remedy="Check out with `persist-credentials: false`.",
)
def uploaded_checkout_credentials(job: Job) -> Iterator[Violation]:
    """Yield each checkout whose token ends up in an artifact of the workspace."""
    checkouts: list[Step] = []
    for step in job.steps:
        name = step.uses.name if step.uses is not None else ""
        if name == "actions/checkout" and step.input("persist-credentials").boolean(default=True):
            checkouts.append(step)
        elif name == "actions/upload-artifact":
            paths = (step.input("path").text("") or "").splitlines()
            if any(path.strip() in WORKSPACE for path in paths):
                for checkout in checkouts:
                    related = [("the artifact", step.input("path"))]
                    message = "the artifact of the workspace holds the job's token, in `.git/config`"
                    yield checkout.violation("uses", message, related=related)
                checkouts = []
