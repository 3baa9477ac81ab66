"""Functions that encode and decode text: JSON, base64, URL."""

from __future__ import annotations

import base64
import binascii
import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote_plus

from infracheck.source.values import Mapping, Scalar, Sequence
from infracheck.terraform import construct, numbers
from infracheck.terraform.construct import text_in
from infracheck.terraform.functions.signature import FunctionError, function
from infracheck.terraform.types import DYNAMIC, STRING

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

GO_ESCAPES: Final = str.maketrans(
    {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
)
"""What Go's encoding/json escapes beyond JSON's own rules."""

LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")
REPLACEMENT: Final = "\ufffd"


@function(DYNAMIC, returns=STRING, takes_null=True, looks_inside=True)
def jsonencode(arguments: list[Value], origin: Origin) -> Value:
    """`jsonencode(value)`."""
    return construct.string(json_text(arguments[0]), origin)


def json_text(value: Value) -> str:
    """A known value as Terraform's JSON: no spaces, keys sorted, Go's escapes.

    Raises:
        FunctionError: it holds an infinite number.
    """
    if isinstance(value, Mapping):
        inside = ",".join(f"{json_string(name)}:{json_text(value.fields[name])}" for name in sorted(value.fields))
        return f"{{{inside}}}"
    if isinstance(value, Sequence):
        return f"[{','.join(map(json_text, value.items))}]"
    plain = value.value if isinstance(value, Scalar) else None
    if isinstance(plain, str):
        return json_string(plain)
    if plain is None or isinstance(plain, bool):
        return json.dumps(plain)
    text = numbers.text_of(plain)
    if text.endswith("Inf"):
        raise FunctionError("cannot serialize infinity as JSON")
    return text


def json_string(text: str) -> str:
    """A string as JSON, with Go's escapes."""
    return json.dumps(text, ensure_ascii=False).translate(GO_ESCAPES)


@function(STRING)
def jsondecode(arguments: list[Value], origin: Origin) -> Value:
    """`jsondecode(text)`: everything in it comes from where the text does."""
    del origin
    text = text_in(arguments[0])
    if text.startswith("\ufeff"):
        raise FunctionError("invalid character '\ufeff' looking for beginning of value")
    try:
        data = json.loads(text, parse_float=numbers.parse, parse_int=numbers.parse, parse_constant=_no_constant)
        return built(data, arguments[0].origin)
    except (ValueError, RecursionError) as problem:
        raise FunctionError(str(problem)) from None


def _no_constant(name: str) -> Any:
    raise ValueError(f"invalid character in JSON: {name}")


def built(data: Any, origin: Origin) -> Value:
    """A value from decoded data, whose numbers are Terraform's.

    Raises:
        ValueError: a key is not in the form that Terraform keeps strings in.
    """
    if isinstance(data, dict):
        for name in data:
            if not unicodedata.is_normalized("NFC", name):
                raise ValueError(f"the key {name!r} is not normalized")
        return construct.object_of({_clean(name): built(data[name], origin) for name in sorted(data)}, origin)
    if isinstance(data, list):
        return construct.tuple_of([built(item, origin) for item in data], origin)
    if isinstance(data, str):
        return construct.string(_clean(data), origin)
    if isinstance(data, bool):
        return construct.boolean(data, origin)
    if data is None:
        return construct.null(DYNAMIC, origin)
    return construct.number(data, origin)


def _clean(text: str) -> str:
    """Halves of surrogate pairs are no characters; Go puts U+FFFD in their place."""
    return text if text.isascii() else LONE_SURROGATE.sub(REPLACEMENT, text)


@function(STRING, returns=STRING)
def base64encode(arguments: list[Value], origin: Origin) -> Value:
    """`base64encode(text)`."""
    return construct.string(base64.b64encode(text_in(arguments[0]).encode()).decode(), origin)


@function(STRING, returns=STRING)
def base64decode(arguments: list[Value], origin: Origin) -> Value:
    """`base64decode(text)`; the result must be UTF-8."""
    try:
        return construct.string(from_base64(text_in(arguments[0])).decode("utf-8"), origin)
    except UnicodeDecodeError:
        raise FunctionError("the result of decoding the provided string is not valid UTF-8") from None


def from_base64(text: str) -> bytes:
    """The bytes of base64 with padding; line ends are passed over, as Go does.

    Raises:
        FunctionError: the text is something else.
    """
    try:
        return base64.b64decode(text.replace("\n", "").replace("\r", "").encode("ascii"), validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise FunctionError("failed to decode base64 data") from None


@function(STRING, returns=STRING)
def urlencode(arguments: list[Value], origin: Origin) -> Value:
    """`urlencode(text)`, as Go's url.QueryEscape."""
    return construct.string(quote_plus(text_in(arguments[0])), origin)
