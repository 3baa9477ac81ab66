"""ValueAddTransformer: writes one value into many fields."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kustomize.configuration import elements
from infracheck.kustomize.field_paths import SCALAR, PathWriter
from infracheck.kustomize.fieldspec import split_path
from infracheck.kustomize.identity import ResourceId
from infracheck.kustomize.nodes import raw_text, text_of, with_text
from infracheck.source.errors import RenderError
from infracheck.source.values import Mapping, Scalar, Value
from infracheck.source.yaml import Dialect, Excerpt, read_first

if TYPE_CHECKING:
    from infracheck.kustomize.loader import Loader
    from infracheck.kustomize.resources import Resources


def add_value(resources: Resources, config: Mapping, loader: Loader) -> None:
    """Write the value into the fields that the configuration lists.

    Raises:
        RenderError: there is nothing to write, or nowhere to write it.
    """
    value = config.get("value")
    if not isinstance(value, Scalar) or not text_of(value):
        raise RenderError("must specify a value", config.origin)
    for target in _targets(config, loader):
        selector = target.get("selector")
        wanted = _wanted(selector if isinstance(selector, Mapping) else Mapping({}, target.origin))
        for resource in resources:
            if wanted.selects(resource.id):
                root = _written(resource.root, value, target)
                assert isinstance(root, Mapping)  # noqa: S101 - a mapping stays one
                resource.root = root


def _targets(config: Mapping, loader: Loader) -> list[Mapping]:
    listed = elements(config.get("targets"))
    path = config.get("targetFilePath")
    if path is not None and text_of(path):
        document = read_first(Excerpt.of_file(loader.read(text_of(path), path.origin)), Dialect.KUBECTL)
        root = document.value if document is not None else None
        listed += elements(root.get("targets")) if isinstance(root, Mapping) else []
    if not listed:
        raise RenderError("must specify at least one target", config.origin)
    return listed


def _wanted(selector: Mapping) -> ResourceId:
    from infracheck.kustomize.configuration import gvk_of  # noqa: PLC0415 - beside its only use

    return ResourceId(gvk_of(selector), text_of(selector.get("name")), text_of(selector.get("namespace")))


def _written(root: Value, value: Scalar, target: Mapping) -> Value:
    position = target.get("filePathPosition")
    at = int(raw_text(position), 0) if position is not None else 0
    origin = value.origin._replace(step="replacement")

    def put(old: Value) -> Value:
        if not isinstance(old, Scalar):
            raise RenderError("the value can only be added to a text", old.origin)
        made = origin._replace(overrode=old.origin)
        if at <= 0:
            return Scalar(value.value, made, value.text)
        parts = raw_text(old).split("/")
        parts.insert(at - 1 if not raw_text(old).startswith("/") else at, raw_text(value))
        return with_text(old, "/".join(parts), made)

    steps = list(split_path(text_of(target.get("fieldPath"))))
    return PathWriter(steps, put, SCALAR, target.origin).write(root)
