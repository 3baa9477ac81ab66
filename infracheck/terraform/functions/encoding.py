"""Functions that encode and decode: JSON, YAML, base64, URL, CSV."""

from __future__ import annotations

import base64
import binascii
import json
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from infracheck.source.errors import InfracheckError
from infracheck.source.files import SourceFile
from infracheck.source.values import Mapping, Scalar, Sequence
from infracheck.source.yaml import Dialect, read_documents
from infracheck.terraform import construct, numbers
from infracheck.terraform.construct import text_in
from infracheck.terraform.functions.signature import FunctionError, function
from infracheck.terraform.types import DYNAMIC, STRING, ListType, ObjectType

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

FIELD = re.compile(r'(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|\Z)')
"""A field of CSV: quoted or plain, and what ends it."""
GO_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
"""What Go's encoding/json escapes beyond JSON's own rules."""


@function(DYNAMIC, returns=STRING, takes_null=True, looks_inside=True)
def jsonencode(arguments: list[Value], origin: Origin) -> Value:
    """`jsonencode(value)`."""
    return construct.string(json_text(arguments[0]), origin)


def json_text(value: Value) -> str:
    """A known value as Terraform's JSON: no spaces, keys sorted, Go's escapes."""
    if isinstance(value, Mapping):
        inside = ",".join(f"{_text(name)}:{json_text(value.fields[name])}" for name in sorted(value.fields))
        return f"{{{inside}}}"
    if isinstance(value, Sequence):
        return f"[{','.join(map(json_text, value.items))}]"
    plain = value.value if isinstance(value, Scalar) else None
    if isinstance(plain, str):
        return _text(plain)
    if plain is None or isinstance(plain, bool):
        return json.dumps(plain)
    return numbers.text_of(plain)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).translate(GO_ESCAPES)


@function(STRING)
def jsondecode(arguments: list[Value], origin: Origin) -> Value:
    """`jsondecode(text)`: everything in it comes from where the text does."""
    del origin
    text = text_in(arguments[0])
    try:
        data = json.loads(text, parse_float=numbers.parse, parse_int=numbers.parse, parse_constant=_no_constant)
    except (ValueError, RecursionError) as problem:
        raise FunctionError(str(problem)) from None
    return _built(data, arguments[0].origin)


def _no_constant(name: str) -> Any:
    raise ValueError(f"invalid character in JSON: {name}")


def _built(data: Any, origin: Origin) -> Value:
    if isinstance(data, dict):
        return construct.object_of({name: _built(data[name], origin) for name in sorted(data)}, origin)
    if isinstance(data, list):
        return construct.tuple_of([_built(item, origin) for item in data], origin)
    if isinstance(data, str):
        return construct.string(data, origin)
    if isinstance(data, bool):
        return construct.boolean(data, origin)
    if data is None:
        return construct.null(DYNAMIC, origin)
    return construct.number(data, origin)


@function(STRING)
def yamldecode(arguments: list[Value], origin: Origin) -> Value:
    """`yamldecode(text)`: one document, YAML 1.2 core schema."""
    del origin
    try:
        documents = read_documents(SourceFile("yamldecode", text_in(arguments[0])), Dialect.ACTIONS)
    except InfracheckError as problem:
        raise FunctionError(problem.message) from None
    if len(documents) != 1 or documents[0].value is None:
        raise FunctionError("exactly one document is expected")
    return _built(_known_numbers(documents[0].value.to_plain()), arguments[0].origin)


def _known_numbers(data: Any) -> Any:
    if isinstance(data, dict):
        return {str(name): _known_numbers(item) for name, item in data.items()}
    if isinstance(data, list):
        return [_known_numbers(item) for item in data]
    return numbers.of(data) if isinstance(data, (int, float)) and not isinstance(data, bool) else data


@function(STRING, returns=STRING)
def base64encode(arguments: list[Value], origin: Origin) -> Value:
    """`base64encode(text)`."""
    return construct.string(base64.b64encode(text_in(arguments[0]).encode()).decode(), origin)


@function(STRING, returns=STRING)
def base64decode(arguments: list[Value], origin: Origin) -> Value:
    """`base64decode(text)`; the result must be UTF-8."""
    try:
        data = base64.b64decode(text_in(arguments[0]).encode(), validate=True)
        return construct.string(data.decode("utf-8"), origin)
    except (binascii.Error, UnicodeDecodeError):
        raise FunctionError("failed to decode base64 data, or the result is not UTF-8 text") from None


@function(STRING, returns=STRING)
def urlencode(arguments: list[Value], origin: Origin) -> Value:
    """`urlencode(text)`, as Go's url.QueryEscape."""
    return construct.string(quote_plus(text_in(arguments[0])), origin)


@function(STRING)
def csvdecode(arguments: list[Value], origin: Origin) -> Value:
    """`csvdecode(text)`: a list of objects."""
    rows = csv_rows(text_in(arguments[0]))
    if not rows:
        raise FunctionError("missing header line")
    names = rows[0]
    if len(set(names)) < len(names):
        raise FunctionError("duplicate column name")
    found: list[Value] = []
    for row in rows[1:]:
        if len(row) != len(names):
            raise FunctionError("wrong number of fields")
        texts = dict(zip(names, row, strict=True))
        found.append(
            construct.object_of({name: construct.string(texts[name], origin) for name in sorted(texts)}, origin)
        )
    of = ObjectType(dict.fromkeys(sorted(names), STRING))
    return construct.sequence_of(found, ListType(of), origin)


def csv_rows(text: str) -> list[list[str]]:
    """The records of RFC 4180 text, as strict about quotes as Go is; blank lines are no records.

    Raises:
        FunctionError: a quote stands where none may.
    """
    rows: list[list[str]] = []
    row: list[str] = []
    text = text.replace("\r\n", "\n")
    at = 0
    while at < len(text):
        if not row and text[at] == "\n":
            at += 1
            continue
        found = FIELD.match(text, at)
        if found is None:
            raise FunctionError('parse error: bare or extraneous " in field')
        quoted, plain, end = found.groups()
        row.append(plain if quoted is None else quoted.replace('""', '"'))
        at = found.end()
        if end != ",":
            rows.append(row)
            row = []
        elif at == len(text):
            rows.append([*row, ""])
    return rows
