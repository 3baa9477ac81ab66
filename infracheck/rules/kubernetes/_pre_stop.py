"""How long the `preStop` hook of a container takes at least, as far as its text tells.

Source: https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/. A hook either sleeps, runs a command
or sends a request; the time of commands is known where they call `sleep`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infracheck.kubernetes.container import Container
    from infracheck.source.field import Field

SLEEP = re.compile(r"(?:[\w/]{1,40}/)?sleep (\d{1,6})s?", re.ASCII)
SHELL = re.compile(r"(?:[\w/]{1,40}/)?(?:ba|da|a)?sh", re.ASCII)
STATEMENT = re.compile(r"&&|;|\n")
LONGEST = 2000
"""Characters of a script that are looked at."""
PARTS = 3
"""The words of `sh -c SCRIPT`."""


def hook(container: Container) -> Field:
    """The `preStop` hook, which may be absent."""
    return container.at("lifecycle.preStop")


def pre_stop_seconds(container: Container) -> int:
    """Seconds the hook sleeps: 0 where there is none, or where it does something else.

    Raises:
        NotJudged: the hook is unknown.
    """
    field = container.field.at("lifecycle.preStop").require()
    if field["sleep"].exists:
        return int(field.at("sleep.seconds").number(0) or 0)
    words = field.at("exec.command").texts()
    if len(words) == PARTS and SHELL.fullmatch(words[0]) and words[1].startswith("-") and "c" in words[1]:
        statements = STATEMENT.split(words[2][:LONGEST])
        return sum(_sleeps(" ".join(statement.split())) for statement in statements)
    return _sleeps(" ".join(words))


def _sleeps(command: str) -> int:
    match = SLEEP.fullmatch(command) if len(command) < LONGEST else None
    return int(match[1]) if match else 0
