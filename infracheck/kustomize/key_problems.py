"""Keys that a mapping may not have: those that come twice, and those that are no text.

Kustomize refuses them when it prints an object. Until then a patch may take the mapping away, or the first of two equal
keys: whoever removes a key removes the first, and leaves the next in its place.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from infracheck.source.values import Mapping, Value, walk
from infracheck.source.yaml import KeyProblem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeAlias

    from infracheck.source.errors import SyntaxProblem
    from infracheck.source.files import SourceFile, Span

    Place: TypeAlias = tuple[SourceFile, int]


class Repeats:
    """The keys that come again, while one patch is merged.

    Attributes:
        used: those that took the place of a key that was removed.
    """

    def __init__(self, problems: Iterable[SyntaxProblem]) -> None:
        self.used: list[KeyProblem] = []
        self._waiting: dict[tuple[Place, str], deque[KeyProblem]] = {}
        for problem in problems:
            if isinstance(problem, KeyProblem) and problem.value is not None and problem.mapping is not None:
                place = _begin(problem.mapping)
                self._waiting.setdefault((place, problem.name), deque()).append(problem)

    def next(self, mapping: Mapping, name: str) -> KeyProblem | None:
        """What stands under a key of a mapping once the first of that name is gone, or None."""
        waiting = self._waiting.get((_place(mapping), name)) if self._waiting else None
        if not waiting:
            return None
        self.used.append(waiting.popleft())
        return self.used[-1]


def repeated(
    problems: Iterable[SyntaxProblem], mapping: Mapping, name: str
) -> tuple[tuple[KeyProblem, ...], tuple[SyntaxProblem, ...]]:
    """The problems that tell of a key of a mapping coming again, and the others."""
    again: list[KeyProblem] = []
    others: list[SyntaxProblem] = []
    for problem in problems:
        if (
            isinstance(problem, KeyProblem)
            and problem.value is not None
            and problem.mapping is not None
            and (_begin(problem.mapping), problem.name) == (_place(mapping), name)
        ):
            again.append(problem)
        else:
            others.append(problem)
    return tuple(again), tuple(others)


def adopted(problems: Iterable[SyntaxProblem], root: Value) -> tuple[SyntaxProblem, ...]:
    """The problems of a patch that came into an object with what it took from the patch."""
    spans = [node.origin.span for node in walk(root) if isinstance(node, Mapping)]
    return tuple(
        problem
        for problem in problems
        if problem.origin is not None
        and any(
            span.file is problem.origin.span.file and span.start <= problem.origin.span.start < span.end
            for span in spans
        )
    )


def remaining(problems: tuple[SyntaxProblem, ...], root: Value) -> tuple[SyntaxProblem, ...]:
    """The problems whose mapping, and whose key, are still in an object."""
    if not problems:
        return ()
    mappings: dict[Place, list[Mapping]] = {}
    for node in walk(root):
        if isinstance(node, Mapping):
            mappings.setdefault(_place(node), []).append(node)
    return tuple(problem for problem in problems if _remains(problem, mappings))


def _remains(problem: SyntaxProblem, mappings: dict[Place, list[Mapping]]) -> bool:
    if not isinstance(problem, KeyProblem) or problem.mapping is None:
        return True
    found = mappings.get(_begin(problem.mapping), [])
    if problem.value is not None:
        return bool(found)
    return any(problem.name in one.fields and one.keys.get(problem.name) is problem.key for one in found)


def _place(mapping: Mapping) -> Place:
    return _begin(mapping.origin.span)


def _begin(span: Span) -> Place:
    return span.file, span.start
