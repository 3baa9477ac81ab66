"""Words by which objects may be named where no schema says so: arguments, settings, custom resources, annotations.

A ConfigMap is not unused because no pod mounts it: an operator may read it by a name in its arguments, and a custom
resource may hold that name in a field nobody knows. What is mentioned anywhere of that kind is taken to be used.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.kubernetes.schema import builtin_schemas
from infracheck.kubernetes.workload import Workload
from infracheck.source.values import Mapping, Scalar, Value, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.objects import Objects

WORD = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?")
LONGEST = 256 * 1024
"""Characters of a text that are looked through."""


def mentions(objects: Objects) -> frozenset[str]:
    """The words that may name an object, from all objects; names and labels of objects are not among them."""
    return frozenset(
        word
        for manifest in objects.manifests
        for text in _texts(manifest)
        for word in WORD.findall(text[:LONGEST])
        if len(word) > 1
    )


def _texts(manifest: Manifest) -> Iterator[str]:
    metadata = manifest.field["metadata"]
    places: list[Value | None] = [metadata["annotations"].value]
    if isinstance(manifest, Workload):
        places.append(manifest.template["metadata"]["annotations"].value)
        for container in manifest.containers:
            places += [container.field[key].value for key in ("command", "args", "env")]
    elif manifest.kind == "ConfigMap":
        places.append(manifest.field["data"].value)
    elif builtin_schemas().kind(manifest.api_version, manifest.kind) is None and isinstance(
        manifest.field.value, Mapping
    ):
        places += [value for key, value in manifest.field.value.fields.items() if key != "metadata"]
    for place in places:
        for node in walk(place) if place is not None else ():
            if isinstance(node, Scalar) and isinstance(node.value, str):
                yield node.value
