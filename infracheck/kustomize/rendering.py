"""What a kustomization renders to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from infracheck.source.field import Field
from infracheck.source.values import Mapping, Scalar, walk

if TYPE_CHECKING:
    from infracheck.kustomize.identity import ResourceId
    from infracheck.source.files import SourceFile
    from infracheck.source.origin import Origin


@dataclass(frozen=True, slots=True)
class RenderGap:
    """Something a kustomization asks for that is neither fetched nor executed.

    Attributes:
        entry: what the kustomization says: a URL, the name of a chart or a plugin.
        reason: why it is not rendered.
        command: the command that would render it.
        origin: the line that asks for it.
    """

    entry: str
    reason: str
    command: str
    origin: Origin


@dataclass(frozen=True)
class RenderedObject:
    """One object of the output.

    Attributes:
        root: its fields; each scalar knows the line that decided it.
        id: what it is called.
    """

    root: Mapping
    id: ResourceId

    @property
    def api_version(self) -> str:
        """`apps/v1`."""
        return self.id.gvk.api_version

    @property
    def kind(self) -> str:
        """`Deployment`."""
        return self.id.gvk.kind

    @property
    def name(self) -> str:
        """Its name, with prefixes, suffixes and hash."""
        return self.id.name

    @property
    def namespace(self) -> str:
        """Its namespace, "" where none is set."""
        return self.id.namespace

    @property
    def file(self) -> SourceFile:
        """The file it begins in: a manifest, or the kustomization that generates it."""
        return self.root.origin.span.file

    @cached_property
    def sources(self) -> tuple[SourceFile, ...]:
        """Every file that decided one of its fields, sorted by path."""
        files = {
            node.origin.span.file.path: node.origin.span.file for node in walk(self.root) if isinstance(node, Scalar)
        }
        files[self.file.path] = self.file
        return tuple(files[path] for path in sorted(files))

    def origin(self, path: str) -> Origin:
        """Where a field was decided: `spec.containers[0].image`; for an absent field, what would hold it."""
        return self.field(path).origin

    def field(self, path: str = "") -> Field:
        """A cursor at a field."""
        return Field(self.root).at(path)

    def to_plain(self) -> dict[str, Any]:
        """The object as Python data, as `kubectl kustomize` prints it."""
        return self.root.to_plain()


@dataclass(frozen=True)
class Rendering:
    """Everything a kustomization renders to.

    Attributes:
        objects: the objects, in the order they are printed.
        gaps: what is missing, because it would have to be fetched or executed.
        warnings: deprecated fields in use.
    """

    objects: tuple[RenderedObject, ...]
    gaps: tuple[RenderGap, ...] = ()
    warnings: tuple[str, ...] = ()
