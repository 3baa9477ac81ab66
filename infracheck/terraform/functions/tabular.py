"""`csvdecode`: CSV as Go's encoding/csv reads it (https://pkg.go.dev/encoding/csv)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.terraform import construct
from infracheck.terraform.construct import text_in
from infracheck.terraform.functions.signature import FunctionError, function
from infracheck.terraform.types import STRING, ListType, ObjectType

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value


@function(STRING)
def csvdecode(arguments: list[Value], origin: Origin) -> Value:
    """`csvdecode(text)`: a list of objects, whose attributes the first line names."""
    rows = _rows(text_in(arguments[0]))
    if not rows:
        raise FunctionError("missing header line")
    header = rows[0]
    if len(set(header)) < len(header):
        raise FunctionError("duplicate column name in the header line")
    found: list[Value] = []
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(header):
            raise FunctionError(f"record {number}: wrong number of fields")
        fields = dict(sorted(zip(header, row, strict=True)))
        found.append(
            construct.object_of({name: construct.string(text, origin) for name, text in fields.items()}, origin)
        )
    return construct.sequence_of(found, ListType(ObjectType(dict.fromkeys(sorted(header), STRING))), origin)


def _rows(text: str) -> list[list[str]]:
    # A carriage return that ends the text is dropped, as one before a line feed is.
    text = text.removesuffix("\r").replace("\r\n", "\n")
    rows: list[list[str]] = []
    at = 0
    while at < len(text):
        if text[at] == "\n":
            at += 1
            continue
        row, at = _row(text, at)
        rows.append(row)
    return rows


def _row(text: str, at: int) -> tuple[list[str], int]:
    """The fields of a record, and where the next one begins."""
    fields: list[str] = []
    while True:
        if text.startswith('"', at):
            field, at = _quoted(text, at + 1)
        else:
            end = at
            while end < len(text) and text[end] not in ',\n"':
                end += 1
            if text.startswith('"', end):
                raise FunctionError('bare " in a field that is not quoted')
            field, at = text[at:end], end
        fields.append(field)
        if not text.startswith(",", at):
            return fields, at + 1
        at += 1


def _quoted(text: str, at: int) -> tuple[str, int]:
    """The text of a quoted field, and where it ends."""
    parts: list[str] = []
    while True:
        end = text.find('"', at)
        if end < 0:
            raise FunctionError('extraneous or missing " in a quoted field')
        parts.append(text[at:end])
        if not text.startswith('"', end + 1):
            break
        parts.append('"')
        at = end + 2
    if text[end + 1 : end + 2] not in (",", "\n", ""):
        raise FunctionError('extraneous or missing " in a quoted field')
    return "".join(parts), end + 1
