"""Replica counts that a kustomization sets (ReplicaCountTransformer)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kustomize.fieldspec import FieldSpec, FieldWriter
from infracheck.kustomize.nodes import raw_text, styled, text_of
from infracheck.source.errors import RenderError
from infracheck.source.values import Mapping, Scalar, Value

if TYPE_CHECKING:
    from infracheck.kustomize.resources import Resources


def set_replicas(resources: Resources, entry: Mapping, specs: tuple[FieldSpec, ...]) -> None:
    """Set the replicas of what has, or ever had, a name.

    Raises:
        RenderError: there is no workload of that name.
    """
    name, count = text_of(entry.get("name")), entry.get("count")
    text = raw_text(count) if count is not None else "0"
    origin = (count or entry).origin._replace(step="replicas")

    def put(old: Value) -> Value:
        if not isinstance(old, Scalar):
            raise RenderError("the replicas must be a number", old.origin)
        before = old.origin if old is not empty else None
        number = int(text, 0)
        return styled(Scalar(number, origin._replace(overrode=before), str(number)), old)

    empty = Scalar(None, origin, "")
    found = False
    for spec in specs:
        matching = resources.by_any_id(lambda one, spec=spec: one.name == name and spec.gvk.selects(one.gvk))  # type: ignore[misc]
        found = found or bool(matching)
        for resource in matching:
            FieldWriter(spec, put, empty).apply(resource)
    if not found:
        kinds = ", ".join(dict.fromkeys(spec.gvk.kind for spec in specs))
        raise RenderError(f"no {kinds} has the name `{name}`", (entry.get("name") or entry).origin)
