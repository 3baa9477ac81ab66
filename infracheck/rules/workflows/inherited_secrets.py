"""Every secret is handed to a workflow of another repository.

`secrets: inherit` gives the called workflow all secrets of the caller, those of production included, now and whenever a
new one is added. A workflow in another repository needs the few that it names.

## Fix

Pass the secrets by name: `secrets: { registry-token: ${{ secrets.REGISTRY_TOKEN }} }`.

## References

- [Reuse workflows: passing inputs and secrets](https://docs.github.com/en/actions/how-tos/reuse-automations/reuse-workflows#passing-inputs-and-secrets-to-a-reusable-workflow)

## Bad: all of them

```yaml .github/workflows/publish.yml
on: push
jobs:
  publish:
    uses: example/workflows/.github/workflows/publish.yml@08c6903cd8c0fde910a37f88322edcfb5dd907a8
    secrets: inherit # finding
```

## Good: by name, or within the repository

```yaml .github/workflows/publish.yml
on: push
jobs:
  test:
    uses: ./.github/workflows/test.yml
    secrets: inherit
  publish:
    uses: example/workflows/.github/workflows/publish.yml@08c6903cd8c0fde910a37f88322edcfb5dd907a8
    secrets:
      registry-token: ${{ secrets.REGISTRY_TOKEN }}
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
    priority=Priority.P2,
    aliases=("zizmor:secrets-inherit",),
    tags=("checklist:secrets",),
    remedy="Pass the secrets that the called workflow needs, by name.",
)
def inherited_secrets(job: Job) -> Iterator[Violation]:
    """Yield `secrets: inherit` towards another repository."""
    if job.uses is not None and not job.uses.is_local and job.at("secrets").text() == "inherit":
        yield job.violation("secrets", f"`{job.uses.name}` gets every secret of this repository")
