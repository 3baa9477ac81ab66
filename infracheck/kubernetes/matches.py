"""What a search through the objects found, honest about what it could not decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from infracheck.source.field import NotJudged

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Item = TypeVar("Item")


class Matches(Generic[Item]):
    """The objects that match, and whether further ones might.

    `if matches` is true as soon as one matches for certain; where none does and one might, it raises `NotJudged`.
    Iterating gives the certain ones and then raises if there may be more: `next`, `any` and `first` need not wait.

    Attributes:
        certain: those that match whatever the unknown values are, in the order of the manifests.
        doubt: why a further one might match, or None.
    """

    __slots__ = ("certain", "doubt")

    def __init__(self, certain: tuple[Item, ...] = (), doubt: NotJudged | None = None) -> None:
        self.certain = certain
        self.doubt = doubt

    def __repr__(self) -> str:
        return f"Matches({self.certain!r}, doubt={self.doubt!r})"

    def __iter__(self) -> Iterator[Item]:
        yield from self.certain
        self._settle()

    def __bool__(self) -> bool:
        if not self.certain:
            self._settle()
        return bool(self.certain)

    def __len__(self) -> int:
        self._settle()
        return len(self.certain)

    @property
    def first(self) -> Item | None:
        """The first certain match, or None if nothing matches.

        Raises:
            NotJudged: nothing matches for certain, but something might.
        """
        return self.certain[0] if self else None

    def _settle(self) -> None:
        if self.doubt is not None:
            raise NotJudged(self.doubt.unknown, self.doubt.path)


def gather(candidates: Iterable[Item], test: Callable[[Item], bool]) -> Matches[Item]:
    """The candidates that pass a test; those whose test needs an unknown value become the doubt."""
    certain: list[Item] = []
    doubt: NotJudged | None = None
    for candidate in candidates:
        try:
            if test(candidate):
                certain.append(candidate)
        except NotJudged as unsure:
            doubt = doubt or unsure
    return Matches(tuple(certain), doubt)


def every(tests: Iterable[Callable[[], bool]]) -> bool:
    """Whether all tests pass; one that fails decides, even where another needs an unknown value.

    Raises:
        NotJudged: none fails, but one could not be decided.
    """
    doubt: NotJudged | None = None
    for test in tests:
        try:
            if not test():
                return False
        except NotJudged as unsure:
            doubt = doubt or unsure
    if doubt is not None:
        raise doubt
    return True


def some(tests: Iterable[Callable[[], bool]]) -> bool:
    """Whether one test passes; one that does decides, even where another needs an unknown value.

    Raises:
        NotJudged: none passes for certain, but one could not be decided.
    """
    return not every(_opposite(test) for test in tests)


def _opposite(test: Callable[[], bool]) -> Callable[[], bool]:
    return lambda: not test()
