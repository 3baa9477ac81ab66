"""Credential stands in clear text in a container's command line.

Arguments are kept in git, in the object in the cluster, in every list of processes of the node, and in the logs of
whatever prints its command line. Who may list pods has the credential.

The rule looks at `command` and `args`: options and settings whose name means a credential (`--db-password=...`,
`--token ...`, `PASSWORD=...` in a script), tokens that tell by their form, and passwords in URLs.

## Fix

Put the value into the secret store, refer to it by `secretKeyRef` in `env`, and let the command read the variable:
`--password=$(DB_PASSWORD)`. A file that is mounted from the Secret is better still. Change the credential.

## References

- [Define a command and arguments: use environment variables](https://kubernetes.io/docs/tasks/inject-data-application/define-command-argument-container/#use-environment-variables-to-define-arguments)
- [Good practices for Kubernetes Secrets](https://kubernetes.io/docs/concepts/security/secrets-good-practices/)

## Bad: options, a URL, and a script

```yaml manifest.yaml
apiVersion: batch/v1
kind: CronJob
metadata:
  name: export
spec:
  schedule: "@daily"
  jobTemplate:
    spec:
      template:
        spec:
          initContainers:
            - name: wait
              image: wait:1.0
              command: [sh, -c, "until PGPASSWORD=correct-horse psql -c 'select 1'; do sleep 1; done"] # finding
            - name: migrate
              image: migrate:1.0
              command:
                - sh
                - -c
                - DB_PASSWORD=correct-horse ./migrate # finding
          containers:
            - name: export
              image: export:1.0
              args: [--verbose,
                --db-password=correct-horse, # finding
                --api-token, 6f1d0c7be2a94e55, # finding
                "postgres://app:correct-horse@db:5432/app"] # finding
```

## Good: from variables and files, and names of Secrets

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: export
spec:
  containers:
    - name: export
      image: export:1.0
      command: [export, --verbose, --token]
      args: [--db-password=$(DB_PASSWORD), --password-file=/run/secrets/password, --secret=export-credentials,
        --token, $(TOKEN), --token-ttl=15m, --insecure-password, --debug, --password, --user]
    - name: script
      image: export:1.0
      command:
        - sh
        - -c
        - |
          TOKEN=$(cat /run/token)
          PASSWORD="${DB_PASSWORD}"
          export SECRET=${SECRET:-none}
```
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.rules.kubernetes._credentials import is_credential
from infracheck.source.field import judge_each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.container import Container
    from infracheck.rule import Violation
    from infracheck.source.field import Field

OPTION = re.compile(r"--?(?P<name>[A-Za-z][\w.-]{0,100})")
SETTING = re.compile(r"(?<![^\s;&\"'])(?:--?)?(?P<name>[A-Za-z][\w.-]{0,100})=[\"']?(?P<value>[^\s\"';&]{1,500})")
"""A name and its value, anywhere in an argument or a script."""
LONGEST = 50_000
"""Characters of an argument that are looked at."""


@rule(
    Target.CONTAINER,
    severity=Severity.HIGH,
    category=Category.SECURITY,
    priority=Priority.P1,
    tags=("checklist:secrets",),
    remedy="Read it from a variable or file that a Secret provides, and change the credential.",
)
def credential_in_arguments(container: Container) -> Iterator[Violation]:
    """Yield each argument that holds a credential."""
    arguments = [argument for key in ("command", "args") for argument in container.field[key]]

    def judge(pair: tuple[Field | None, Field]) -> Iterator[Violation]:
        before, argument = pair
        name = _credential(argument.text() or "", _option(before))
        if name is not None:
            message = f"{name} of container {container.shown_name} of {container.address} stands in clear text"
            yield container.violation(argument, message, secret=True)

    yield from judge_each(zip([None, *arguments], arguments, strict=False), judge)


def _option(argument: Field | None) -> str:
    """The name of the option whose value stands in the next argument, or ""."""
    if argument is None or argument.is_unknown:
        return ""
    match = OPTION.fullmatch(argument.text() or "")
    return match["name"] if match else ""


def _credential(text: str, option: str) -> str | None:
    """What a message calls the credential in an argument; None where there is none."""
    text = text[:LONGEST]
    if option and not text.startswith("-") and is_credential(option, text):
        return f"option `{option}`"
    for match in SETTING.finditer(text):
        if is_credential(match["name"], match["value"]):
            return f"`{match['name']}`"
    return "an argument" if is_credential("", text) else None
