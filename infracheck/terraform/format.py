"""How values are shown: as `terraform console` prints them, or why they are not known."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final

from infracheck.source.values import Scalar, Sequence, Unknown, Value
from infracheck.terraform import numbers
from infracheck.terraform.types import ListType, MapType, ObjectType, Primitive, SetType, TupleType

if TYPE_CHECKING:
    from infracheck.terraform.types import Type


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
        return _scalar(value, indent)
    pad = " " * (indent + 2)
    if isinstance(value, Sequence):
        inside = "".join(f"{pad}{shown(item, indent + 2)},\n" for item in value.items)
        body = f"[\n{inside}{' ' * indent}]" if value.items else "[]"
        wrapper = {ListType: "tolist", SetType: "toset"}.get(type(value.type))
    else:
        inside = "".join(
            f"{pad}{_string(name, indent + 2)} = {shown(value.fields[name], indent + 2)}\n"
            for name in sorted(value.fields)
        )
        body = f"{{\n{inside}{' ' * indent}}}" if value.fields else "{}"
        wrapper = "tomap" if isinstance(value.type, MapType) else None
    return f"{wrapper}({body})" if wrapper else body


def _scalar(value: Scalar, indent: int) -> str:
    plain = value.value
    if plain is None:
        return _null(value.type)
    if isinstance(plain, bool):
        return "true" if plain else "false"
    return _string(plain, indent) if isinstance(plain, str) else numbers.text_of(plain)


def _null(kind: Type | None) -> str:
    match kind:
        case Primitive(name):
            return f"to{name}(null)"
        case ListType(element) | SetType(element) | MapType(element):
            shape = str(kind).split(" ", 1)[0]
            return f"to{shape}(null) /* of {element} */"
        case TupleType() | ObjectType():
            return f"null /* {kind} */"
        case _:
            return "null"


def _string(text: str, indent: int) -> str:
    if "\n" not in text:
        return quoted(text)
    lines = text.split("\n")
    end = "EOT"
    while end in (line.strip() for line in lines):
        end += "_"
    pad = " " * indent
    return "\n".join([f"<<{'-' if indent else ''}{end}", *(f"{pad}{line}" for line in lines), f"{pad}{end}"])


ESCAPES: Final = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
    '"': '\\"',
}


def quoted(text: str) -> str:
    """A string as Go's `strconv.Quote` writes it: what is not printable is escaped."""
    return f'"{"".join(map(_letter, text))}"'


def _letter(letter: str) -> str:
    if letter in ESCAPES:
        return ESCAPES[letter]
    if letter == " " or unicodedata.category(letter)[0] in "LMNPS":
        return letter
    code = ord(letter)
    return f"\\x{code:02x}" if code < 0x80 else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
