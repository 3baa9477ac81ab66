"""Which Kubernetes release a target is for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from infracheck.rule import Context

NEWEST: Final = (1, 999)
"""Later than any release: for what is true of all future ones."""


def cluster_version(context: Context, default: tuple[int, int]) -> tuple[int, int]:
    """Major and minor version of the environment's cluster as configured, else the default."""
    environment = context.settings.environments.get(context.environment)
    major, _, minor = (environment.cluster_version if environment else "").partition(".")
    return (int(major), int(minor)) if minor else default
