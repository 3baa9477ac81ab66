"""Secret is pasted into the text of a script.

`${{ secrets.X }}` is replaced before the shell starts, so the secret becomes part of the script: it shows in process
lists and in the file the runner writes, and a quote or a dollar sign in it breaks the script or runs as code. GitHub
hides the secret in logs only where it stands there letter by letter.

## Fix

Pass it through `env:` of the step, and use the shell's own variable, in quotes. Passwords go to standard input
(`--password-stdin`).

## References

- [Using secrets in GitHub Actions](https://docs.github.com/en/actions/how-tos/write-workflows/choose-what-workflows-do/use-secrets)
- [Secure use reference: use secrets for sensitive information](https://docs.github.com/en/actions/reference/security/secure-use#use-secrets-for-sensitive-information)

## Bad: on the command line

```yaml .github/workflows/publish.yml
on: push
jobs:
  publish:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          set -eu
          docker login --username ci --password "${{ secrets.REGISTRY_PASSWORD }}" example.com # finding
```

## Good: through the environment

```yaml .github/workflows/publish.yml
on: push
jobs:
  publish:
    runs-on: ubuntu-24.04
    steps:
      - run: printenv PASSWORD | docker login --username ci --password-stdin example.com
        env:
          PASSWORD: ${{ secrets.REGISTRY_PASSWORD }}
      - run: test "${{ secrets.REGISTRY_PASSWORD != '' }}" = true
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.workflows.expressions import expressions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Step


@rule(
    Target.STEP,
    severity=Severity.LOW,
    category=Category.SECURITY,
    priority=Priority.P3,
    aliases=("CKV_GHA_3",),
    tags=("checklist:secrets",),
    remedy="Pass the secret through `env:` and use the shell variable in quotes.",
)
def secret_in_script(step: Step) -> Iterator[Violation]:
    """Yield each secret that becomes part of a script."""
    for expression in expressions(step.run):
        secret = next((one for one in expression.yields if one.startswith("secrets.")), None)
        if secret is not None:
            name = secret.removeprefix("secrets.").upper()
            place = step.part("run", expression.start, expression.end)
            yield step.violation(place, f"the secret `{name}` becomes part of the script's text")
