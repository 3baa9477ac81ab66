"""The order of evaluation: everything after what it refers to, across modules, without recursion.

A task is a generator that yields the keys of what it needs and then computes. A chain of ten thousand locals is a stack
of ten thousand small generators, not of ten thousand times the evaluator's frames.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

Key: TypeAlias = tuple[Any, ...]
Task: TypeAlias = "Generator[Key, None, None]"


class Scheduler:
    """Runs tasks, each once.

    Args:
        start: makes the task of a key.
        on_cycle: told the keys of a cycle, in order, when a task needs one that waits for it. It then goes on without.
    """

    def __init__(self, start: Callable[[Key], Task], on_cycle: Callable[[list[Key]], None]) -> None:
        self._start = start
        self._on_cycle = on_cycle
        self._active: dict[Key, None] = {}
        self._done: set[Key] = set()

    def is_active(self, key: Key) -> bool:
        """Whether a task has begun and not ended: to need it now is a cycle."""
        return key in self._active

    def run(self, key: Key) -> None:
        """Runs a task, and before it what it needs. A task that is done or active is left alone."""
        if key in self._done or key in self._active:
            return
        stack = [(key, self._start(key))]
        self._active[key] = None
        while stack:
            current, task = stack[-1]
            needed = next(task, None)
            if needed is None:
                stack.pop()
                del self._active[current]
                self._done.add(current)
            elif needed in self._active:
                keys = list(self._active)
                self._on_cycle(keys[keys.index(needed) :])
            elif needed not in self._done:
                stack.append((needed, self._start(needed)))
                self._active[needed] = None
