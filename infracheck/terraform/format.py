"""How values are shown: as `terraform console` prints them, or why they are not known."""

from __future__ import annotations

import json

from infracheck.source.values import Mapping, Scalar, Sequence, Unknown, Value
from infracheck.terraform import numbers
from infracheck.terraform.types import ListType, MapType, SetType


def why(value: Value) -> str:
    """A value as the console prints it; for an unknown one, the chain of reasons."""
    if isinstance(value, Unknown):
        lines = ["(not known)"]
        lines += [f"  because {step.reason} ({step.origin.span})" for step in value.chain()]
        return "\n".join(lines)
    return shown(value)


def shown(value: Value, indent: int = 0) -> str:
    """A value as `terraform console` prints it."""
    if value.sensitive:
        return "(sensitive value)"
    if isinstance(value, Unknown):
        return f"(not known: {value.reason})"
    if isinstance(value, Scalar):
        return _scalar(value)
    pad = " " * (indent + 2)
    if isinstance(value, Sequence):
        inside = "".join(f"{pad}{shown(item, indent + 2)},\n" for item in value.items)
        body = f"[\n{inside}{' ' * indent}]" if value.items else "[]"
        wrapper = {ListType: "tolist", SetType: "toset"}.get(type(value.type))
    else:
        inside = "".join(
            f"{pad}{_key(name)} = {shown(value.fields[name], indent + 2)}\n" for name in sorted(value.fields)
        )
        body = f"{{\n{inside}{' ' * indent}}}" if value.fields else "{}"
        wrapper = "tomap" if isinstance(value, Mapping) and isinstance(value.type, MapType) else None
    return f"{wrapper}({body})" if wrapper else body


def _scalar(value: Scalar) -> str:
    plain = value.value
    if plain is None:
        return "null"
    if isinstance(plain, bool):
        return "true" if plain else "false"
    if isinstance(plain, str):
        return json.dumps(plain, ensure_ascii=False)
    return numbers.text_of(plain)


def _key(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)
