"""Reusable workflow is called at a branch or tag that can move.

A called workflow runs its own jobs with the permissions, and often the secrets, that the caller hands over. A branch or
tag of it means whatever its repository says today, so a change there runs here without review.

## Fix

Name the commit, with the version as a comment behind it:
`uses: owner/repository/.github/workflows/x.yml@<40 hex digits> # v1`. Workflows of the same repository are called by
path and need none.

## References

- [Reuse workflows, GitHub Docs](https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows)
- [Secure use reference: reusing third-party workflows](https://docs.github.com/en/actions/reference/security/secure-use#reusing-third-party-workflows)

## Bad: a tag

```yaml .github/workflows/publish.yml
on: push
jobs:
  publish:
    uses: example/workflows/.github/workflows/publish.yml@v1 # finding
```

## Good: a commit, a workflow next door, and one that refuses anything but a tag

```yaml .github/workflows/publish.yml
on: push
jobs:
  test:
    uses: ./.github/workflows/test.yml
  publish:
    needs: test
    uses: example/workflows/.github/workflows/publish.yml@08c6903cd8c0fde910a37f88322edcfb5dd907a8
  provenance:
    needs: publish
    uses: slsa-framework/slsa-github-generator/.github/workflows/generator_container_slsa3.yml@v2.1.0
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


TAG_ONLY = "slsa-framework/slsa-github-generator/"
"""Its verifier checks the tag and refuses a commit (slsa-github-generator, "Referencing the SLSA generator")."""


@rule(
    Target.JOB,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    priority=Priority.P2,
    aliases=("zizmor:unpinned-uses",),
    remedy="Name the full commit, with the version as a comment behind it.",
)
def unpinned_reusable_workflow(job: Job) -> Iterator[Violation]:
    """Yield a called workflow that somebody else can change."""
    uses = job.uses
    if uses is None or uses.is_pinned or "${{" in uses.text:
        return
    if not uses.name.startswith(TAG_ONLY):
        yield job.violation("uses", f"`{uses.text}` follows a branch or tag that can be moved")
