"""Script from the internet is run unseen.

`curl … | sh` runs whatever the server answers at that moment, with the job's token and secrets. The script can change
between two runs, or be cut off half way, and nothing is left to tell what was run. In 2021 the uploader of Codecov,
fetched in exactly this way, sent the secrets of its users' builds to a stranger for two months.

## Fix

Use an action that is pinned to a commit, install a package of a known version, or download the script, compare its
checksum, and run it then.

## References

- [Codecov security update of April 2021](https://about.codecov.io/security-update/)
- [NIST SP 800-218, Secure Software Development Framework, PW.4](https://csrc.nist.gov/pubs/sp/800/218/final)

## Bad: into a shell

```yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - run: curl -sSL https://example.com/install.sh | sudo bash -s -- --yes # finding
      - run: bash <(curl -s https://example.com/upload.sh) # finding
      - run: sh -c "$(wget -qO- https://example.com/install.sh)" # finding
```

## Bad: one of several lines

```yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          set -e
          curl -sSL https://example.com/install.py | # finding
            python3 -
```

## Good: compared first, or only data

```yaml .github/workflows/build.yml
on: push
jobs:
  build:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          curl -sSLo install.sh https://example.com/1.2.3/install.sh
          echo "$SHA256  install.sh" | sha256sum --check
          sh install.sh
      - run: curl -s https://api.example.com/version | jq -r .version
      - run: curl -s https://example.com/tool.tar.gz | tar xz
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
    from infracheck.workflows.script import Command

DOWNLOADERS = frozenset({"curl", "wget"})
SHELLS = re.compile(r"(?:ba|da|z|k)?sh|python[0-9.]*|node|perl|ruby|pwsh|iex")
SUBSTITUTED = re.compile(r"\$\(\s*(?:curl|wget)\b|`\s*(?:curl|wget)\b")
PROCESS = re.compile(r"<\(\s*\Z")


@rule(
    Target.STEP,
    severity=Severity.MEDIUM,
    category=Category.SECURITY,
    priority=Priority.P2,
    remedy="Download a fixed version, compare its checksum, and run it then.",
)
def curl_pipe_shell(step: Step) -> Iterator[Violation]:
    """Yield each download that is run at once."""
    previous: Command | None = None
    for command in step.commands:
        guilty = _guilty(step.run, previous, command)
        if guilty is not None:
            message = f"what `{guilty.text()[:80]}` answers is run unseen"
            yield step.violation(step.command(guilty), message)
        previous = command


def _guilty(script: str, previous: Command | None, command: Command) -> Command | None:
    """The download that a command runs; `previous` is the command written before it."""
    if SHELLS.fullmatch(command.program):
        if previous is not None and previous.program in DOWNLOADERS and command.piped and _is_reader(command):
            return previous
        if command.has_option("-c", "-e", "-ec", "-lc") and SUBSTITUTED.search(command.text()):
            return command
    into_shell = previous is not None and (SHELLS.fullmatch(previous.program) or previous.program in ("source", "."))
    if into_shell and command.program in DOWNLOADERS and PROCESS.search(script, 0, command.start):
        return command
    return None


def _is_reader(command: Command) -> bool:
    """Whether a shell reads its script from the pipe; `python -m json.tool` and `node parse.js` read data there."""
    first = next(iter(command.words[1:]), "-")
    return first in ("-", "-s", "-e", "-x", "-ex", "-eux", "-l", "--") or (
        not command.has_option("-c", "-m", "-e") and (first.startswith("-"))
    )
