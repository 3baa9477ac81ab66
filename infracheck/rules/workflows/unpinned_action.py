"""Action is taken from a branch or tag that can move.

A tag or branch of an action means whatever its owner, or whoever took over the owner's account, says today. In March
2025 every tag of `tj-actions/changed-files` was moved to a commit that printed the secrets of the workflows using it.
A full commit can't be moved.

## Fix

Name the commit and keep the version in a comment, so that updates by Dependabot or Renovate stay readable:
`uses: owner/action@<40 hex digits> # v4.2.1`. For `docker://` images, name the digest.

## References

- [Security hardening for GitHub Actions: using third-party actions](https://docs.github.com/en/actions/reference/security/secure-use#using-third-party-actions)
- [CVE-2025-30066](https://nvd.nist.gov/vuln/detail/CVE-2025-30066)

## Bad: a branch, a tag and an image's tag

```yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@main # finding
      - uses: example/setup-tool@v2 # finding
      - uses: docker://alpine:3.21 # finding
```

## Bad: in an action of the repository's own

```yaml .github/actions/setup/action.yml
name: Set up
runs:
  using: composite
  steps:
    - uses: example/setup-tool@v2 # finding
```

## Good: a commit, a digest, and the repository's own action

```yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
      - uses: docker://alpine@sha256:a8560b36e8b8210634f77d9f7f9efd7ffa463e380b75e2e74aff4511df3ef88c
      - uses: ./.github/actions/setup
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Step


@rule(
    Target.STEP,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    priority=Priority.P2,
    aliases=("zizmor:unpinned-uses",),
    tags=("checklist:image-scanning",),
    remedy="Name the full commit, with the version as a comment behind it.",
)
def unpinned_action(step: Step) -> Iterator[Violation]:
    """Yield a `uses` whose meaning somebody else can change."""
    uses = step.uses
    if uses is not None and not uses.is_pinned and "${{" not in uses.text:
        yield step.violation("uses", f"`{uses.text}` follows a branch or tag that can be moved")
