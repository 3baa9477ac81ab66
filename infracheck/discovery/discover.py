"""Paths become stacks."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from infracheck.config.settings import Environment
from infracheck.discovery.actions import find_workflows
from infracheck.discovery.kustomizations import find_kustomizations
from infracheck.discovery.manifests import find_manifests
from infracheck.discovery.search import Search
from infracheck.discovery.stacks import Discovery, StackKind, StackSource
from infracheck.discovery.terraform import find_roots
from infracheck.discovery.walk import walk

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from infracheck.config.settings import Settings
    from infracheck.discovery.environment import Environments
    from infracheck.source.reader import Reader


def discover(paths: Sequence[Path], reader: Reader, settings: Settings) -> Discovery:
    """Everything below some paths that can be judged, and what was left out.

    The result depends on the files alone: not on the order of the paths, nor on what git or other tools would say.

    Raises:
        ReadError: a path does not exist, or leads outside the root.
    """
    search = Search(walk(paths, reader, settings), reader, settings)
    find_roots(search)
    taken = find_kustomizations(search)
    find_workflows(search)
    find_manifests(search, taken)
    stacks = _unified(search.stacks, search.environments, settings)
    return Discovery(
        stacks=tuple(sorted(stacks, key=lambda stack: stack.sort_key)),
        gaps=tuple(sorted(search.gaps, key=lambda gap: gap.sort_key)),
        notes=tuple(_notes(stacks, search.environments)),
    )


def _unified(stacks: list[StackSource], environments: Environments, settings: Settings) -> list[StackSource]:
    """The stacks with one spelling for each environment, and its profile and workspace."""
    spelling = environments.unified(stack.environment for stack in stacks if stack.environment)
    named = [replace(stack, environment=spelling.get(stack.environment, "")) for stack in stacks]
    unset = Environment()
    return [
        replace(
            stack,
            profile=environments.profile(stack.environment)[0],
            workspace=settings.environments.get(stack.environment, unset).workspace,
        )
        for stack in named
    ]


def _notes(stacks: list[StackSource], environments: Environments) -> Iterator[str]:
    """A remark for each environment whose profile had to be assumed. Workflows belong to none by nature."""
    for name in sorted({stack.environment for stack in stacks if stack.kind is not StackKind.WORKFLOWS}):
        profile, assumed = environments.profile(name)
        if assumed:
            subject = f"environment {name!r}" if name else "what belongs to no environment"
            yield f"{subject} is judged as {profile}; set its profile in infracheck.toml if it is something else"
