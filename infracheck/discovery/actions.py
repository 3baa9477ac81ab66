"""GitHub workflows and actions.

Files directly in a `.github/workflows` folder are workflows, wherever that folder stands: a checkout may hold several
repositories. An `action.yml` is an action of the nearest folder above it that has workflows, so that an action and the
workflows that use it are seen together; without any, its own folder stands for the repository.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from infracheck.discovery.stacks import StackKind

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.discovery.search import Search

WORKFLOWS = (".github", "workflows")
SUFFIXES = (".yml", ".yaml")


def find_workflows(search: Search) -> None:
    """Add one stack for the workflows and actions of each repository."""
    repositories: dict[Path, list[Path]] = defaultdict(list)
    for file in search.tree.files():
        if is_workflow(file):
            repositories[file.parents[2]].append(file)
    for file in search.tree.files():
        if is_action(file):
            repositories[_repository(file, set(repositories))].append(file)
    for repository, files in repositories.items():
        search.add(StackKind.WORKFLOWS, repository, "", tuple(sorted(files)))


def is_workflow(file: Path) -> bool:
    """Whether GitHub runs a file as a workflow."""
    return file.suffix in SUFFIXES and file.parent.parts[-2:] == WORKFLOWS


def is_action(file: Path) -> bool:
    """Whether a file describes an action."""
    return file.suffix in SUFFIXES and file.stem == "action"


def _repository(action: Path, repositories: set[Path]) -> Path:
    return next((folder for folder in action.parents if folder in repositories), action.parent)
