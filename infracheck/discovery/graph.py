"""Which directories stand for themselves, when directories use one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path


def independent(
    uses: Mapping[Path, frozenset[Path]],
    environment_of: Callable[[Path], str],
    standalone: Collection[Path] = (),
) -> list[Path]:
    """The directories to judge on their own, sorted; every other one is reached through one of them.

    A directory that another one uses is judged through its user. One that is an environment's own
    (`overlays/production`) is judged for itself as well, unless a directory of the same environment uses it: an
    environment must not vanish because another builds on it. Of directories that only use each other in a ring, the
    first stands for itself, so that the ring is seen.

    Args:
        uses: for each directory the ones it uses; those that are no keys do not matter.
        environment_of: the environment of a directory, or "".
        standalone: directories known to be judged on their own, used or not.
    """
    used_by: dict[Path, set[Path]] = {path: set() for path in uses}
    for user, used in uses.items():
        for path in used:
            if path in used_by and path != user:
                used_by[path].add(user)
    chosen = []
    reached: set[Path] = set()
    for path in sorted(uses):
        own = environment_of(path)
        apart = own and all(environment_of(user) != own for user in used_by[path])
        if not used_by[path] or apart or path in standalone:
            chosen.append(path)
            reach(path, uses, reached)
    for path in sorted(uses):
        if path not in reached:
            chosen.append(path)
            reach(path, uses, reached)
    return sorted(chosen)


def reach(start: Path, uses: Mapping[Path, frozenset[Path]], reached: set[Path]) -> None:
    """Add to a set a directory and all that it leads to; what is in the set already is not gone through again."""
    waiting = [start]
    while waiting:
        path = waiting.pop()
        if path not in reached:
            reached.add(path)
            waiting.extend(uses.get(path, ()))
