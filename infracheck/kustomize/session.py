"""What the renders of one scan share, and what one render collects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from infracheck.kustomize.rendering import RenderGap
from infracheck.kustomize.schema import SchemaBook, builtin_book
from infracheck.source.errors import RenderError

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.kustomize.configuration import Configuration
    from infracheck.kustomize.kustomization import Kustomization
    from infracheck.kustomize.resource import Resource
    from infracheck.kustomize.resources import Resources
    from infracheck.kustomize.variables import Variable
    from infracheck.source.origin import Origin

COLLECT, REFUSE, REMOTE = "collect", "refuse", "remote"
GAP_MODES = (COLLECT, REFUSE, REMOTE)


@dataclass
class Accumulated:
    """What a kustomization has gathered so far.

    Attributes:
        resources: the objects.
        configuration: the field specs that hold for them.
        variables: the vars that were declared.
    """

    resources: Resources
    configuration: Configuration
    variables: tuple[Variable, ...] = ()


@dataclass(frozen=True)
class KnownBase:
    """A base that was accumulated before.

    Attributes:
        accumulated: what it gave; never changed, only copied.
        visited: every directory that was entered on the way.
        gaps: what it left out.
        warnings: what it warned of.
    """

    accumulated: Accumulated
    visited: frozenset[Path]
    gaps: tuple[RenderGap, ...]
    warnings: tuple[str, ...]


@dataclass
class RenderCache:
    """What several renders share: files parsed once, bases accumulated once.

    Attributes:
        files: the objects of a file, by real path.
        kustomizations: kustomization files, by real path of their directory.
        bases: accumulated bases, by directory and whether loading is restricted.
    """

    files: dict[Path, list[Resource]] = field(default_factory=dict)
    kustomizations: dict[Path, Kustomization] = field(default_factory=dict)
    bases: dict[tuple[Path, bool, str], KnownBase] = field(default_factory=dict)


@dataclass
class Session:
    """One render.

    Attributes:
        cache: shared with other renders.
        gap_mode: what happens to entries that would be fetched or executed.
        metadata: `buildMetadata` of the kustomization that is rendered.
        book: the schema in force.
        gaps: what was left out.
        warnings: deprecated fields.
        visited: every directory that was entered.
        has_chosen_schema: whether a kustomization said which schema holds; the first to do so decides for the build.
        has_used_builtin: whether kustomize would have loaded its built-in schema by now.
    """

    cache: RenderCache
    gap_mode: str
    metadata: frozenset[str] = frozenset()
    book: SchemaBook = field(default_factory=builtin_book)
    has_chosen_schema: bool = False
    has_used_builtin: bool = False
    gaps: list[RenderGap] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    visited: set[Path] = field(default_factory=set)

    def leave_out(self, entry: str, reason: str, command: str, origin: Origin, *, remote: bool = False) -> None:
        """Note that an entry is not rendered.

        Raises:
            RenderError: the mode is to refuse it.
        """
        if self.gap_mode == COLLECT or (remote and self.gap_mode == REMOTE):
            self.gaps.append(RenderGap(entry, reason, command, origin))
            return
        raise RenderError(f"{reason}. Nothing is fetched or executed here; `{command}` would render it", origin)
