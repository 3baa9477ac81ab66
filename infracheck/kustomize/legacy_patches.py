"""The older ways to write patches: `patchesStrategicMerge` and `patchesJson6902`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.kustomize.nodes import text_of
from infracheck.kustomize.patches import (
    apply_json,
    merge_into,
    read_operations,
    read_patch_objects,
    selector_of,
    with_text_entries,
)
from infracheck.source.errors import InfracheckError, LimitError, RenderError
from infracheck.source.values import Mapping, Scalar, Value
from infracheck.source.yaml import Excerpt

if TYPE_CHECKING:
    from infracheck.kustomize.json_patch import Operation
    from infracheck.kustomize.loader import Loader
    from infracheck.kustomize.resource import Resource
    from infracheck.kustomize.resources import Resources
    from infracheck.kustomize.selectors import Selector
    from infracheck.kustomize.session import Session
    from infracheck.source.origin import Origin


@dataclass(frozen=True)
class MergePatches:
    """Strategic merge patches, each for the object it names."""

    objects: tuple[Resource, ...]
    session: Session

    def apply(self, resources: Resources) -> None:
        """Merge each into its object.

        Raises:
            RenderError: the object is missing or the patch does not fit it.
        """
        for patch in self.objects:
            target = resources.the_one(patch.original_id, patch.root.origin)
            merge_into(target, patch, self.session.book, resources)


def read_merge_patches(
    paths: list[Scalar], inline: Scalar | None, loader: Loader, session: Session, origin: Origin
) -> MergePatches:
    """Patches in files, or written out in place of a path.

    Raises:
        RenderError: there are none.
    """
    if not paths and not text_of(inline):
        raise RenderError("empty file path and empty patch content", origin)
    found: list[Resource] = []
    for path in paths:
        found += _from_text_or_file(path, loader)
    if inline is not None and text_of(inline):
        found += read_patch_objects(Excerpt.of_scalar(inline))
    if not found:
        raise RenderError("the patch appears to be empty", origin)
    return MergePatches(tuple(map(with_text_entries, found)), session)


def _from_text_or_file(path: Scalar, loader: Loader) -> list[Resource]:
    text = text_of(path)
    if "\n" in text or ":" in text:
        try:
            return read_patch_objects(Excerpt.of_scalar(path))
        except LimitError:
            raise
        except InfracheckError as problem:
            if "\n" in text:
                raise RenderError(f"not a patch: {problem.message}", problem.origin or path.origin) from problem
    return read_patch_objects(Excerpt.of_file(loader.read(text, path.origin)))


@dataclass(frozen=True)
class LegacyJsonPatch:
    """An entry of `patchesJson6902`.

    Attributes:
        target: the objects it is for.
        operations: what to do.
        origin: the entry.
    """

    target: Selector
    operations: tuple[Operation, ...]
    origin: Origin

    @classmethod
    def read(cls, entry: Mapping, inline: Value | None, loader: Loader) -> LegacyJsonPatch:
        """An entry, with its operations in a file or in place.

        Raises:
            RenderError: it has no target, or no operations.
        """
        target, path = entry.get("target"), entry.get("path")
        if not isinstance(target, Mapping) or not text_of(target.get("name")):
            raise RenderError("must specify the target name", entry.origin)
        if not text_of(path) and not text_of(inline):
            raise RenderError("must specify a json patch file path or the patch itself", entry.origin)
        if text_of(path) and text_of(inline):
            raise RenderError("must specify a file path or a patch, not both", entry.origin)
        if path is not None and text_of(path):
            excerpt = Excerpt.of_file(loader.read(text_of(path), path.origin))
        else:
            assert isinstance(inline, Scalar)  # noqa: S101 - only scalars have text
            excerpt = Excerpt.of_scalar(inline)
        operations = read_operations(excerpt)
        if operations is None:
            raise RenderError("not a JSON patch: expected a list of operations", entry.origin)
        if not operations:
            raise RenderError("the patch appears to be empty: it holds no operation", entry.origin)
        return cls(selector_of(target), operations, entry.origin)

    def apply(self, resources: Resources) -> None:
        """Patch the objects it is for; there may be none.

        Raises:
            RenderError: an operation can't be applied.
        """
        for resource in resources.select(self.target):
            # Unlike newer patches, these do not remember what the object was called.
            apply_json(resource, self.operations, remember=False)
