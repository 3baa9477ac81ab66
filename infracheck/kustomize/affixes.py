"""Name prefixes and suffixes (PrefixTransformer, SuffixTransformer)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kustomize.fieldspec import FieldSpec, FieldWriter
from infracheck.kustomize.identity import Gvk
from infracheck.kustomize.nodes import raw_text, styled, untyped
from infracheck.source.errors import RenderError
from infracheck.source.values import Scalar, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infracheck.kustomize.resource import Resource
    from infracheck.kustomize.resources import Resources
    from infracheck.source.origin import Origin

SKIPPED = (Gvk(kind="CustomResourceDefinition"), Gvk("apiregistration.k8s.io", "", "APIService"), Gvk(kind="Namespace"))
"""Kinds whose names mean something by themselves."""


def add_affix(resources: Resources, affix: Scalar, specs: Iterable[FieldSpec], *, prefix: bool) -> None:
    """Put a text before, or behind, the name of every object.

    Raises:
        RenderError: a field that is to be prefixed holds no text.
    """
    text = raw_text(affix)
    if not text:
        return
    specs = tuple(specs)
    step = "prefix" if prefix else "suffix"
    empty = untyped("", affix.origin)
    for resource in resources:
        first = resource.original_id
        if any(gvk.selects(first.gvk) for gvk in SKIPPED):
            continue
        for spec in specs:
            if not spec.gvk.selects(first.gvk):
                continue
            if spec.path == "metadata/name":
                _record(resource, text, prefix=prefix)
            FieldWriter(spec, lambda old: _composed(old, text, affix.origin, step, prefix=prefix), empty).apply(
                resource
            )


def _record(resource: Resource, text: str, *, prefix: bool) -> None:
    if prefix:
        resource.prefixes = (*resource.prefixes, text)
    else:
        resource.suffixes = (*resource.suffixes, text)
    resource.remember_id()


def _composed(old: Value, text: str, origin: Origin, step: str, *, prefix: bool) -> Value:
    if not isinstance(old, Scalar):
        raise RenderError(f"cannot put a {step} to what is not a text", old.origin)
    part = origin._replace(step=step)
    if old.origin is origin:
        # The field was only just made.
        return untyped(text, part)
    parts = composed_parts(old)
    if prefix:
        return styled(untyped(text + raw_text(old), composed(part, (part, *parts), old)), old)
    return styled(untyped(raw_text(old) + text, composed(part, (*parts, part), old)), old)


def composed_parts(scalar: Scalar) -> tuple[Origin, ...]:
    """The origins a scalar is composed of: its parts, or itself."""
    return scalar.origin.parts or (scalar.origin,)


def composed(origin: Origin, parts: tuple[Origin, ...], old: Scalar) -> Origin:
    """The origin of a text that is put together from several."""
    return origin._replace(parts=parts, overrode=old.origin)
