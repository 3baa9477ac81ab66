"""Labels and annotations that a kustomization adds to its objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kustomize.fieldspec import EntrySetter, FieldSpec, write_all
from infracheck.kustomize.nodes import text_of
from infracheck.source.errors import SyntaxProblem
from infracheck.source.values import Mapping
from infracheck.source.yaml.dialect import Dialect, kind_of

if TYPE_CHECKING:
    from infracheck.kustomize.resources import Resources

MERGE = "<<"
"""The key that YAML takes for the order to merge a mapping."""


def add_entries(resources: Resources, pairs: Mapping, specs: tuple[FieldSpec, ...], step: str) -> None:
    """Put pairs of key and text into mappings of every object, in order of the keys.

    Args:
        resources: the objects.
        pairs: what to add.
        specs: the mappings: `metadata/labels`, selectors, templates.
        step: "labels" or "annotations".

    Raises:
        RenderError: something other than a mapping stands there.
    """
    if not pairs.fields:
        return
    empty = Mapping({}, pairs.origin)
    setters = [
        EntrySetter(key, text_of(pairs.fields[key]), pairs.fields[key].origin, step) for key in sorted(pairs.fields)
    ]
    problems = untyped_keys(pairs)
    for resource in resources:
        before = resource.root
        for setter in setters:
            write_all(resource, specs, setter, empty)
        resource.shared = (*resource.shared, *(setter.node for setter in setters))
        if problems and resource.root is not before:
            resource.problems = (*resource.problems, *problems)


def untyped_keys(pairs: Mapping) -> tuple[SyntaxProblem, ...]:
    """Keys that kustomize writes without quotes, so that they are read as something other than text: `2024-12-31`."""
    return tuple(
        SyntaxProblem(f"the key `{key}` comes out as something else than text", pairs.key_origin(key))
        for key in pairs.fields
        if key == MERGE or kind_of(key, Dialect.KUBERNETES) != "str"
    )
