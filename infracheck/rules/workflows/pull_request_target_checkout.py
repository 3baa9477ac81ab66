"""Privileged workflow runs the code of a pull request.

`pull_request_target` and `workflow_run` run with the repository's own token and secrets, also when a stranger opened
the pull request. Checking out the pull request's commit and then building, testing or installing it hands both to
whoever wrote it: a changed Makefile, test or package script is enough.

## Fix

Build pull requests on `pull_request`, which has no secrets. What needs them (labels, comments, deployments) belongs
into a second workflow that takes the results as data and never runs them.

## References

- [Keeping your GitHub Actions and workflows secure: preventing pwn requests](https://securitylab.github.com/resources/github-actions-preventing-pwn-requests/)
- [Events that trigger workflows: pull_request_target](https://docs.github.com/en/actions/reference/workflows-and-actions/events-that-trigger-workflows#pull_request_target)

## Bad: the pull request's commit is built

```yaml .github/workflows/preview.yml
on: pull_request_target
jobs:
  preview:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
        with:
          ref: ${{ github.event.pull_request.head.sha }} # finding
      - run: npm install && npm test
```

## Bad: by number, and by hand

```yaml .github/workflows/preview.yml
on:
  issue_comment:
    types: [created]
jobs:
  preview:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
        with:
          ref: refs/pull/${{ github.event.issue.number }}/merge # finding
      - run: make preview
  by-hand:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          gh pr checkout "$NUMBER" # finding
          make preview
```

## Good: the base is checked out

```yaml .github/workflows/label.yml
on: pull_request_target
jobs:
  label:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
      - run: make label
```

## Good: without privileges

```yaml .github/workflows/test.yml
on: pull_request
jobs:
  test:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8
        with:
          ref: ${{ github.event.pull_request.head.sha }}
      - run: npm install && npm test
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
    from infracheck.source.field import Field
    from infracheck.workflows import Job, Step

PRIVILEGED = frozenset({"pull_request_target", "workflow_run", "issue_comment"})
CHECKOUT = "actions/checkout"
HEAD = re.compile(
    r"github\.head_ref|github\.event\.pull_request\.(?:head\.(?:sha|ref)|merge_commit_sha)|refs/pull/"
    r"|github\.event\.workflow_run\.(?:head_sha|head_branch|head_commit\.id|pull_requests)"
    r"|\b(?:pr|pull|pull_request)[_-]?(?:head|sha|ref)\b",
    re.IGNORECASE,
)


@rule(
    Target.JOB,
    severity=Severity.CRITICAL,
    category=Category.SECURITY,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    aliases=("zizmor:dangerous-triggers",),
    tags=("checklist:secrets",),
    remedy="Build pull requests on `pull_request`, and never run their code with secrets at hand.",
)
def pull_request_target_checkout(job: Job) -> Iterator[Violation]:
    """Yield the checkout of a stranger's commit that something later in the job runs."""
    event = next((event for event in job.workflow.triggers if event in PRIVILEGED), None)
    if event is None:
        return
    for index, step in enumerate(job.steps):
        place = _checkout(step)
        if place is not None and any(_runs_code(later) for later in job.steps[index:]):
            message = f"code of a pull request runs with the secrets of the repository, on `{event}`"
            yield step.violation(place, message)
            return


def _checkout(step: Step) -> Field | None:
    if step.uses is not None:
        ref = step.input("ref")
        return ref if step.uses.name == CHECKOUT and HEAD.search(ref.text("") or "") else None
    found = next((one for one in step.commands if one.words[:3] == ("gh", "pr", "checkout")), None)
    return step.command(found) if found is not None else None


def _runs_code(step: Step) -> bool:
    """Whether a step may run what was checked out: a script, or an action that stands in the checkout."""
    if step.uses is not None:
        return step.uses.is_local
    return any(command.words[:3] != ("gh", "pr", "checkout") for command in step.commands)
