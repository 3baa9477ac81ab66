"""`buildMetadata`: annotations and labels that say how an object came to be (`api/resource/origin.go`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kustomize.nodes import string, with_path
from infracheck.source.values import Mapping

if TYPE_CHECKING:
    from infracheck.kustomize.resource import Resource
    from infracheck.source.origin import Origin

ORIGINS, TRANSFORMATIONS, MANAGED_BY = "originAnnotations", "transformerAnnotations", "managedByLabel"
OPTIONS = frozenset({ORIGINS, TRANSFORMATIONS, MANAGED_BY})
ORIGIN_ANNOTATION = "config.kubernetes.io/origin"
TRANSFORMATIONS_ANNOTATION = "alpha.config.kubernetes.io/transformations"
ANNOTATIONS = {ORIGINS: ORIGIN_ANNOTATION, TRANSFORMATIONS: TRANSFORMATIONS_ANNOTATION}
"""Who asks for which annotation; nobody else's are printed."""
MANAGED_BY_LABEL = "app.kubernetes.io/managed-by"
VERSION = "(devel)"
"""What the kustomize inside kubectl takes for its own version."""


def generated_by(place: str, plugin: Resource | str) -> str:
    """The origin of a generated object."""
    return f"configuredIn: {place}\n{_configured_by(plugin)}"


def transformed_by(place: str, plugin: Resource | str) -> str:
    """One step of an object's transformations."""
    return generated_by(place, plugin)


def _configured_by(plugin: Resource | str) -> str:
    if isinstance(plugin, str):
        return f"configuredBy:\n  apiVersion: builtin\n  kind: {plugin}\n"
    fields = {
        "apiVersion": plugin.gvk.api_version,
        "kind": plugin.kind,
        "name": plugin.name,
        "namespace": plugin.namespace,
    }
    lines = "".join(f"  {key}: {value}\n" for key, value in fields.items() if value)
    return f"configuredBy:\n{lines}"


def annotate(resource: Resource, options: frozenset[str], origin: Origin) -> None:
    """Write what was recorded into the object."""
    if ORIGINS in options and resource.made_by:
        _set(resource, "annotations", ORIGIN_ANNOTATION, resource.made_by, origin)
    if TRANSFORMATIONS in options and resource.changed_by:
        steps = "".join("- " + step.rstrip("\n").replace("\n", "\n  ") + "\n" for step in resource.changed_by)
        _set(resource, "annotations", TRANSFORMATIONS_ANNOTATION, steps, origin)
    if MANAGED_BY in options:
        _set(resource, "labels", MANAGED_BY_LABEL, f"kustomize-{VERSION}", origin)


def _set(resource: Resource, field: str, key: str, text: str, origin: Origin) -> None:
    metadata = resource.root.fields.get("metadata")
    entries = metadata.fields.get(field) if isinstance(metadata, Mapping) else None
    known = entries if isinstance(entries, Mapping) else Mapping({}, origin)
    new = Mapping({**known.fields, key: string(text, origin)}, known.origin, known.keys)
    resource.root = with_path(resource.root, ("metadata", field), new, origin)
