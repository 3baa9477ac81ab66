"""Where a value comes from: who wrote it, what carried it, what it replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.source.files import Span


class Origin(NamedTuple):
    """The provenance of one value.

    The span of the outermost origin is the line to change. `via` leads outwards from there to where the value is used:
    for a module argument, the tfvars line is the origin, and `via` holds the variable, the argument, the attribute it
    passed through, in the order it travelled.

    Attributes:
        span: the text that decided the value.
        step: how that text acts: "written", "patch", "json6902", "images", "replicas", "namespace", "labels",
            "annotations", "prefix", "suffix", "hash", "generator", "replacement", "tfvars", "variable default",
            "argument", "local", "output", "each", "count", "function", "envsubst", "env file".
        via: the places the value passed through after that, first to last.
        overrode: the origin of the value that stood here before, if this one replaced it.
        parts: for a value composed of several texts (prefix + name + suffix, a template), the origin of each part.
    """

    span: Span
    step: str = "written"
    via: tuple[Origin, ...] = ()
    overrode: Origin | None = None
    parts: tuple[Origin, ...] = ()

    def through(self, span: Span, step: str) -> Origin:
        """The same origin after the value has passed through one more place."""
        return self._replace(via=(*self.via, Origin(span, step)))

    def overriding(self, earlier: Origin | None) -> Origin:
        """The same origin, on record as having replaced an earlier value."""
        return self if earlier is None else self._replace(overrode=earlier)

    def overridden(self) -> Iterator[Origin]:
        """The origins this value replaced, latest first."""
        earlier = self.overrode
        while earlier is not None:
            yield earlier
            earlier = earlier.overrode

    def __str__(self) -> str:
        """`path:line:column`, with the step where it is not plain writing."""
        return str(self.span) if self.step == "written" else f"{self.span} ({self.step})"
