"""Image names, tags and digests that a kustomization sets (`api/filters/imagetag`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kustomize.affixes import composed_parts
from infracheck.kustomize.fieldspec import FieldSpec, FieldWriter
from infracheck.kustomize.nodes import is_null, raw_text, styled, text_of, untyped, with_field, with_items
from infracheck.kustomize.patterns import go_pattern
from infracheck.source.errors import RenderError
from infracheck.source.values import Mapping, Scalar, Sequence, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infracheck.kustomize.resources import Resources
    from infracheck.source.origin import Origin

CONTAINER_LISTS = ("containers", "initContainers")
"""Lists of these names are containers wherever they stand."""
UNTOUCHED = "CustomResourceDefinition"
TAG = r"(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?$"


class SeenImages:
    """The images in objects, so that what speaks of others need not go through them again."""

    def __init__(self) -> None:
        # An object is kept beside its images, since an id means nothing once the object is gone.
        self._known: dict[int, tuple[Mapping, tuple[str, ...]]] = {}

    def of(self, root: Mapping) -> tuple[str, ...] | None:
        """The images of an object, None for one that nobody has gone through."""
        known = self._known.get(id(root))
        return known[1] if known is not None else None

    def add(self, root: Mapping, images: Iterable[str]) -> None:
        """Remember the images of an object."""
        self._known[id(root)] = (root, tuple(dict.fromkeys(images)))


def set_image(
    resources: Resources, entry: Mapping, specs: tuple[FieldSpec, ...], seen: SeenImages | None = None
) -> None:
    """Change the image of every container that uses one image.

    Args:
        resources: the objects.
        entry: the image, and what becomes of it.
        specs: where images stand beside the lists of containers.
        seen: what entries before this one, with the same specs, have gone through.

    Raises:
        RenderError: the name is not a valid pattern.
    """
    change = _Change(entry)
    seen = seen or SeenImages()
    for resource in resources:
        if resource.kind == UNTOUCHED:
            continue
        known = seen.of(resource.root)
        if known is not None and not any(map(change.pattern.found_in, known)):
            continue
        change.images = []
        root = change.in_container_lists(resource.root)
        assert isinstance(root, Mapping)  # noqa: S101 - a mapping stays one
        resource.root = root
        for spec in specs:
            FieldWriter(spec, change.image).apply(resource)
        seen.add(resource.root, change.images)


def split_image(image: str) -> tuple[str, str, str]:
    """Name, tag and digest of an image; a port in the registry's address is part of the name."""
    slash = max(image.find("/"), 0)
    at = image.find("@", slash)
    colon = image.find(":", slash)
    if at >= 0 and (colon < 0 or at < colon):
        return image[:at], "", image[at + 1 :]
    if at >= 0:
        return image[:colon], image[colon + 1 : at], image[at + 1 :]
    return (image, "", "") if colon < 0 else (image[:colon], image[colon + 1 :], "")


class _Change:
    def __init__(self, entry: Mapping) -> None:
        self.entry = entry
        self.images: list[str] = []
        name = entry.get("name")
        self.pattern = go_pattern(f"^{text_of(name)}{TAG}", (name or entry).origin)
        self.new_name, self.new_tag, self.digest, self.suffix = (
            text_of(entry.get(key)) for key in ("newName", "newTag", "digest", "tagSuffix")
        )

    def in_container_lists(self, value: Value) -> Value:
        """Every list named `containers` or `initContainers`, at any depth."""
        if isinstance(value, Sequence):
            items = [self.in_container_lists(item) for item in value.items]
            changed = any(new is not old for new, old in zip(items, value.items, strict=True))
            return with_items(value, items) if changed else value
        if not isinstance(value, Mapping):
            return value
        for key, old in value.fields.items():
            if isinstance(old, Scalar):
                continue
            new = self.in_container_lists(old)
            if key in CONTAINER_LISTS and isinstance(new, Sequence):
                new = self._containers(new)
            if new is not old:
                value = with_field(value, key, new)
        return value

    def _containers(self, containers: Sequence) -> Sequence:
        items = [self._container(item) for item in containers.items]
        if all(new is old for new, old in zip(items, containers.items, strict=True)):
            return containers
        return with_items(containers, items)

    def _container(self, container: Value) -> Value:
        if isinstance(container, Sequence) or (isinstance(container, Scalar) and not is_null(container)):
            raise RenderError("a container must be a mapping", container.origin)
        if not isinstance(container, Mapping) or "image" not in container.fields:
            return container
        old = container.fields["image"]
        new = self.image(old)
        return container if new is old else with_field(container, "image", new)

    def image(self, old: Value) -> Value:
        """The image with this change applied, or itself if it is another image."""
        if is_null(old):
            return old
        if not isinstance(old, Scalar):
            raise RenderError("an image must be a text", old.origin)
        text = raw_text(old)
        self.images.append(text)
        if not self.pattern.found_in(text):
            return old
        name, tag, digest = split_image(text)
        name = self.new_name or name
        if self.new_tag:
            tag, digest = self.new_tag, self.digest
        elif self.digest:
            tag, digest = "", self.digest
        elif self.suffix:
            tag, digest = tag + self.suffix, ""
        new = name + (f":{tag}" if tag else "") + (f"@{digest}" if digest else "")
        self.images.append(new)
        origin = self._origin(old, tag, digest)
        if new == text and (origin.span, origin.step) == (old.origin.span, old.origin.step):
            # Pods are walked twice, as containers anywhere and as a field; the second time there is nothing to do.
            return old
        return styled(untyped(new, origin), old)

    def _origin(self, old: Scalar, tag: str, digest: str) -> Origin:
        """The parts that are used, in order; the first field of the entry that decides leads."""
        written = [self._part("newName")] if self.new_name else list(composed_parts(old))
        if tag and (self.new_tag or (self.suffix and not self.digest)):
            if not self.new_tag and self.new_name:
                written += composed_parts(old)
            written.append(self._part("newTag" if self.new_tag else "tagSuffix"))
        elif tag and self.new_name:
            written += composed_parts(old)
        if digest and self.digest:
            written.append(self._part("digest"))
        elif digest and self.new_name and not tag:
            written += composed_parts(old)
        lead = next(
            self.entry.fields[key]
            for key in ("newTag", "digest", "tagSuffix", "newName", "name")
            if text_of(self.entry.get(key))
        )
        parts = tuple(dict.fromkeys(written))
        origin = lead.origin._replace(step="images", overrode=old.origin)
        return origin._replace(parts=parts) if len(parts) > 1 else origin

    def _part(self, key: str) -> Origin:
        return self.entry.fields[key].origin._replace(step="images")
