"""Which release of Kubernetes an environment's cluster runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from infracheck.rule import Context

NEWEST: Final = (1, 999)
"""Later than any release: for what is true of all future ones."""


def cluster_release(context: Context) -> tuple[int, int] | None:
    """The release that `cluster-version` of the environment names, as (1, 32); None where nothing says it."""
    environment = context.settings.environments.get(context.environment)
    return parse_release(environment.cluster_version) if environment and environment.cluster_version else None


def parse_release(text: str) -> tuple[int, int]:
    """`"1.32"` as (1, 32), so that releases can be compared.

    Raises:
        ValueError: the text is no release.
    """
    major, _, minor = text.partition(".")
    return int(major), int(minor)
