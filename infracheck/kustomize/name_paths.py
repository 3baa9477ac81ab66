"""Whether the fields that should hold names have the shape for it.

Kustomize follows every such path of every object, renamed or not, and refuses what does not fit. Here the paths of a
kind are joined into a tree, so that one walk looks at all of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from infracheck.kustomize.fieldspec import is_index
from infracheck.kustomize.nodes import is_null, is_tagged_null, raw_text
from infracheck.source.errors import RenderError
from infracheck.source.values import Mapping, Scalar, Sequence, Value

if TYPE_CHECKING:
    from infracheck.kustomize.configuration import Configuration
    from infracheck.kustomize.identity import Gvk
    from infracheck.kustomize.resource import Resource
    from infracheck.kustomize.resources import Resources
    from infracheck.source.origin import Origin


@dataclass(slots=True)
class _Step:
    """A key on the way to names.

    Attributes:
        below: the keys that may follow.
        ends: whether a path ends here.
        index: whether the key, such as `0`, can only stand for an element of a list.
    """

    below: dict[str, _Step] = field(default_factory=dict)
    ends: bool = False
    index: bool = False


def require_paths(resources: Resources, configuration: Configuration) -> None:
    """Follow every path that should lead to a name.

    Raises:
        RenderError: a text stands in the way, a path ends at a mapping without a name, or the version is null.
    """
    trees: dict[Gvk, _Step] = {}
    for resource in resources:
        gvk = resource.original_id.gvk
        if gvk not in trees:
            trees[gvk] = _tree(gvk, configuration, resource.root.origin)
        if trees[gvk].below:
            _require_version(resource)
        _follow(resource.root, trees[gvk], "")


def _require_version(resource: Resource) -> None:
    """Kustomize reads a null that is written out as no version here, and as the word elsewhere."""
    version = resource.root.fields.get("apiVersion")
    if is_tagged_null(version) and raw_text(version):
        raise RenderError(f"the apiVersion of the {resource.kind} '{resource.name}' is null", version.origin)


def _tree(gvk: Gvk, configuration: Configuration, origin: Origin) -> _Step:
    root = _Step()
    for _, specs in configuration.name_references:
        for spec in specs:
            if not spec.gvk.selects(gvk):
                continue
            here = root
            if not all(spec.steps):
                raise RenderError(f"a name reference for a {gvk.kind} has a path with an empty key", origin)
            for key in spec.steps:
                name = key.removesuffix("[]")
                here = here.below.setdefault(name, _Step(index=is_index(name)))
            here.ends = True
    return root


def _follow(value: Value, step: _Step, path: str) -> None:
    if step.ends:
        _require_names(value, path)
    if not step.below or is_null(value):
        return
    if isinstance(value, Sequence):
        for item in value.items:
            _follow(item, _Step(step.below), path)
    elif isinstance(value, Mapping):
        for key, below in step.below.items():
            if below.index:
                raise RenderError(f"`{key}` in the path of a name reference is no field of a mapping", value.origin)
            inner = value.fields.get(key)
            if inner is not None:
                _follow(inner, below, f"{path}.{key}" if path else key)
    elif isinstance(value, Scalar):
        raise RenderError(f"`{path}` must be a mapping: names of other objects are looked for below it", value.origin)


def _require_names(value: Value, path: str) -> None:
    for item in value.items if isinstance(value, Sequence) else (value,):
        if isinstance(item, Mapping) and "name" not in item.fields:
            raise RenderError(f"an element of `{path}` should name an object, but has no name", item.origin)
