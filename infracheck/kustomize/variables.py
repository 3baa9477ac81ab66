"""Vars: `$(NAME)` in known fields, filled with a field of another object (`api/filters/refvar`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from infracheck.kustomize.affixes import composed_parts
from infracheck.kustomize.configuration import gvk_of
from infracheck.kustomize.field_paths import look_up, split_dotted
from infracheck.kustomize.fieldspec import FieldSpec, FieldWriter
from infracheck.kustomize.identity import Gvk, ResourceId, group_and_version
from infracheck.kustomize.nodes import is_null, raw_text, scalar_text, text_of, with_items
from infracheck.source.errors import RenderError
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Plain, Scalar, Sequence, Value

if TYPE_CHECKING:
    from infracheck.kustomize.resources import Resources

DEFAULT_PATH = "metadata.name"
INDEXED = re.compile(r"(.*)\[(\d+)\]\Z")
REFERENCE = re.compile(r"\$(?:(\$)|\(([^)]*)\))", re.DOTALL)


@dataclass(frozen=True)
class Variable:
    """One entry of `vars`.

    Attributes:
        name: what `$(...)` names.
        target: the object it reads from; an empty namespace means any.
        path: the field it reads.
        origin: the entry.
    """

    name: str
    target: ResourceId
    path: str
    origin: Origin


def read_variable(entry: Mapping) -> Variable:
    """An entry of `vars`.

    Raises:
        RenderError: it has no name.
    """
    name = text_of(entry.get("name"))
    reference = entry.get("objref")
    if not name or not isinstance(reference, Mapping):
        raise RenderError("a var needs a name and an objref", entry.origin)
    gvk = gvk_of(reference)
    api_version = text_of(reference.get("apiVersion"))
    if api_version:
        gvk = Gvk(*group_and_version(api_version), gvk.kind)
    field = entry.get("fieldref")
    path = text_of(field.get("fieldPath")) if isinstance(field, Mapping) else ""
    target = ResourceId(gvk, text_of(reference.get("name")), text_of(reference.get("namespace")))
    return Variable(name, target, path or DEFAULT_PATH, entry.origin)


def merge_variables(known: tuple[Variable, ...], incoming: tuple[Variable, ...]) -> tuple[Variable, ...]:
    """Both together.

    Raises:
        RenderError: two have the same name.
    """
    by_name = {variable.name: variable for variable in known}
    for variable in incoming:
        if variable.name in by_name:
            where = by_name[variable.name].origin.span
            raise RenderError(f"var '{variable.name}' already encountered ({where})", variable.origin)
        by_name[variable.name] = variable
    return tuple(by_name.values())


def bind_variables(resources: Resources, variables: tuple[Variable, ...]) -> None:
    """Record on each object which vars read from it; they may name it as it was called before.

    Raises:
        RenderError: a var could mean several objects.
    """
    for variable in variables:
        found = [one for one in resources if any(_names(variable.target, known) for known in one.all_ids)]
        if len(found) > 1:
            raise RenderError(f"found {len(found)} resId matches for var {variable.name}", variable.origin)
        for one in found:
            one.variables = (*one.variables, variable.name)


def _names(target: ResourceId, known: ResourceId) -> bool:
    """Whether the object of a var is what an object was called at some time; no namespace means any."""
    if target.namespace or target.gvk.is_cluster_scoped:
        return known.key == target.key
    return (known.gvk, known.name) == (target.gvk, target.name)


def resolve_variables(resources: Resources, variables: tuple[Variable, ...], specs: tuple[FieldSpec, ...]) -> None:
    """Fill in every `$(NAME)`.

    Raises:
        RenderError: a var has no object, or its field is missing.
    """
    if not variables:
        return
    values = {variable.name: _value(resources, variable) for variable in sorted(variables, key=lambda one: one.name)}
    for spec in specs:
        writer = FieldWriter(spec, lambda old: _filled(old, values))
        for resource in resources:
            writer.apply(resource)


def _value(resources: Resources, variable: Variable) -> Value:
    for resource in resources:
        if variable.name in resource.variables:
            steps: list[str] = []
            for step in split_dotted(variable.path):
                indexed = INDEXED.match(step)
                steps += [indexed[1], indexed[2]] if indexed else [step]
            found = look_up(resource.root, steps, variable.origin)
            if found is None:
                raise RenderError(
                    f"field specified in var '{variable.name}' not found in corresponding resource", variable.origin
                )
            return found
    raise RenderError(
        f"var '{variable.name}' cannot be mapped to a field in the set of known resources", variable.origin
    )


def _filled(value: Value, values: dict[str, Value]) -> Value:
    if isinstance(value, Mapping):
        fields = {key: _filled_text(item, values) for key, item in value.fields.items()}
        return Mapping(fields, value.origin, value.keys)
    if isinstance(value, Sequence):
        for item in value.items:
            if not isinstance(item, Scalar) or not isinstance(item.value, str):
                raise RenderError("a list that may hold vars must hold texts", item.origin)
        return with_items(value, (_filled_text(item, values) for item in value.items))
    return _filled_text(value, values)


def _filled_text(value: Value, values: dict[str, Value]) -> Value:
    if not isinstance(value, Scalar) or not isinstance(value.value, str) or is_null(value):
        return value
    text = raw_text(value)
    whole = REFERENCE.fullmatch(text)
    if whole and whole[2] is not None and whole[2] in values:
        found = values[whole[2]]
        if not isinstance(found, Scalar):
            raise RenderError(f"the var '{whole[2]}' is not a plain value", value.origin)
        return Scalar(found.value, _through(found.origin, value), raw_text(found))
    used: list[Origin] = []

    def fill(match: re.Match[str]) -> str:
        if match[1]:
            return "$"
        if match[2] not in values:
            return match[0]
        used.append(values[match[2]].origin)
        return _text(values[match[2]])

    new = REFERENCE.sub(fill, text)
    if new == text:
        return value if not value.style else Scalar(text, value.origin, text)
    if not used:
        return Scalar(new, value.origin, new)
    parts = (part for origin in used for part in origin.parts or (origin,))
    return Scalar(new, _through(used[0], value)._replace(parts=(*composed_parts(value), *parts)), new)


def _text(value: Value) -> str:
    plain: Plain = value.value if isinstance(value, Scalar) else None
    return plain if isinstance(plain, str) else scalar_text(plain)


def _through(origin: Origin, at: Scalar) -> Origin:
    return origin._replace(step="variable", via=(*origin.via, Origin(at.origin.span, "variable")), overrode=at.origin)
