"""Which environment a path belongs to, and what is demanded there.

The configuration's path patterns win. Without one, the folder's name tells, the nearest to the files first:

- a folder directly below `environments`, `envs`, `env` or `stages` is an environment, whatever its name;
- a folder directly below `overlays` is one if a usual name is part of its name (`prod-eu`), or of the name of a folder
  beside it: overlays are also used for variants (`overlays/with-istio`), which nobody compares with one another;
- elsewhere, a folder is an environment if its whole name is a usual one: `production`, `prod`, `staging`, `dev`, ...

The folder's own name is the environment's name. Where a repository spells one environment in two ways (`prod` in one
place, `production` in another), the configured spelling, or else the long one, stands for both. A name tells the
profile if it is a usual one or has one as a part (`prod-eu`); otherwise production is assumed, and a note says so.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.discovery.ignore import Patterns
from infracheck.findings.severity import Profile

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import PurePath

    from infracheck.config.settings import Settings

CONTAINERS = frozenset({"environments", "envs", "env", "stages"})
"""Folders whose children are environments."""
OVERLAYS = "overlays"
SPELLINGS = {
    "development": ("development", "dev", "develop"),
    "sandbox": ("sandbox", "sbx"),
    "staging": ("staging", "stage", "stg"),
    "preproduction": ("preproduction", "preprod", "pre-prod", "pre-production"),
    "production": ("production", "prod", "prd"),
    "test": ("test", "testing", "tst"),
    "qa": ("qa",),
    "uat": ("uat",),
    "live": ("live",),
    "local": ("local",),
}
"""Usual names of environments: the long spelling, and all that mean the same."""
CANONICAL = {spelling: name for name, spellings in SPELLINGS.items() for spelling in spellings}
PROFILES = {
    "development": Profile.DEVELOPMENT,
    "test": Profile.DEVELOPMENT,
    "local": Profile.DEVELOPMENT,
    "sandbox": Profile.SANDBOX,
    "staging": Profile.SANDBOX,
    "preproduction": Profile.SANDBOX,
    "qa": Profile.SANDBOX,
    "uat": Profile.SANDBOX,
    "production": Profile.PRODUCTION,
    "live": Profile.PRODUCTION,
}
STRICTNESS = [Profile.DEVELOPMENT, Profile.SANDBOX, Profile.PRODUCTION]


def canonical(name: str) -> str:
    """The long spelling of an environment's name: "production" for "prod"; an unusual name is its own."""
    return CANONICAL.get(name.lower(), name)


def profile_of(name: str) -> Profile | None:
    """What a name demands; None if it does not tell. Of several usual words in it (`dev-prod`) the strictest counts."""
    if canonical(name) in PROFILES:
        return PROFILES[canonical(name)]
    words = [PROFILES[canonical(word)] for word in re.split(r"[-_.]", name.lower()) if canonical(word) in PROFILES]
    return max(words, key=STRICTNESS.index, default=None)


class Environments:
    """The environments of a scan, as paths and file names tell them.

    Args:
        settings: those of the scan.
        folders: the folders there are, relative to the root.
    """

    def __init__(self, settings: Settings, folders: Collection[PurePath] = ()) -> None:
        self.settings = settings
        self._overlays = {
            folder.parent
            for folder in folders
            if folder.parent.name.lower() == OVERLAYS and profile_of(folder.name) is not None
        }
        self._patterns = {name: Patterns(env.paths) for name, env in settings.environments.items() if env.paths}
        self._configured = {canonical(name): name for name in settings.environments}

    def of_path(self, relative: PurePath) -> str:
        """The environment of a folder, given relative to the root; "" if it belongs to none."""
        shown = relative.as_posix() + "/"
        for name, patterns in self._patterns.items():
            if patterns.match(shown):
                return name
        for folder in (relative, *relative.parents):
            if self._holds_environments(folder.parent) or (
                folder.parent.name.lower() == OVERLAYS and profile_of(folder.name) is not None
            ):
                return self._configured_spelling(folder.name)
        for part in reversed(relative.parts):
            name = self.named(part)
            if name and name not in self._patterns:
                return name
        return ""

    def _holds_environments(self, folder: PurePath) -> bool:
        return folder.name.lower() in CONTAINERS or folder in self._overlays

    def named(self, word: str) -> str:
        """The environment a word means by itself: a usual name or a configured one; "" if it means none."""
        known = canonical(word) in SPELLINGS or canonical(word) in self._configured
        return self._configured_spelling(word) if known else ""

    def _configured_spelling(self, word: str) -> str:
        return self._configured.get(canonical(word), word)

    def profile(self, name: str) -> tuple[Profile, bool]:
        """What is demanded in an environment, and whether that had to be assumed."""
        configured = self.settings.environments.get(name)
        told = (configured.profile if configured else None) or profile_of(name)
        return told or Profile.PRODUCTION, told is None

    def unified(self, names: Iterable[str]) -> dict[str, str]:
        """For each name met in a repository the one spelling that stands for it."""
        met = sorted(set(names))
        chosen: dict[str, str] = dict(self._configured)
        for name in met:
            key = canonical(name)
            if key not in chosen:
                chosen[key] = name
            elif chosen[key] != name and key not in self._configured:
                chosen[key] = key
        return {name: chosen[canonical(name)] for name in met}
