"""Going down a tree to where a reader would write something that is not there yet."""

from __future__ import annotations

import re

from infracheck.source.field import Field
from infracheck.source.values import Mapping, Scalar, Sequence

STEP = re.compile(r"\[(-?\d{1,9})\]|([^.\[\]]+)")


def descend(field: Field, path: str) -> Field:
    """The field at a dotted path below: `descend(field, "containers[0].image")`.

    What is absent gets the place where one would add it: the key line of the nearest mapping above that exists
    (`securityContext:` for a missing `securityContext.runAsNonRoot`), or the first line of an element of a list.
    """
    here = field
    for index, key in STEP.findall(path):
        below = here[int(index) if index else key]
        if below.value is None:
            removed = isinstance(here.value, Mapping) and key in here.value.keys
            return Field(None, _join(field.path, path), below.origin if removed else here.key_origin)
        here = below
    return here


def is_collection(field: Field) -> bool:
    """Whether a mapping or a sequence stands here: then its key is the line to name, not the line of its first part."""
    return isinstance(field.value, Mapping | Sequence)


def known_text(field: Field, default: str = "") -> str:
    """The string here, or the default where there is none or it cannot be known. For labels and addresses only."""
    value = field.value
    return value.value if isinstance(value, Scalar) and isinstance(value.value, str) else default


def scalar_text(field: Field) -> str | None:
    """A scalar as Kubernetes would write it in a string (`true`, `8080`), None for what is absent or no scalar.

    Raises:
        NotJudged: the value is unknown.
    """
    field.require()
    if not isinstance(field.value, Scalar) or field.value.value is None:
        return None
    value = field.value.value
    return str(value).lower() if isinstance(value, bool) else str(value)


def entries(field: Field) -> list[Field]:
    """The elements of a sequence; an unknown one stands as a single element of which nothing is known."""
    return [field] if field.is_unknown else list(field)


def _join(base: str, path: str) -> str:
    return path if not base else f"{base}{path}" if path.startswith("[") else f"{base}.{path}"
