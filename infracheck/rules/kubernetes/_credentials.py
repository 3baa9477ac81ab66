"""Telling a credential from other text: by the name it goes under, and by what it looks like."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.source.field import Field
from infracheck.source.files import Span
from infracheck.source.values import Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMED = re.compile(
    r"(?i)(?:^|[_.-]|^pg)(?:password|passwd|pwd|passphrase|secret|secret[_.-]?key|access[_.-]?key|api[_.-]?key|private[_.-]?key"
    r"|auth[_.-]?token|access[_.-]?token|token|credentials?|connection[_.-]?string)$"
)
"""Names whose value is a credential; `..._FILE`, `..._NAME`, `..._ARN` and the like lead to one and are none."""
ISSUED = re.compile(
    r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{40,}|\bxox[abpr]-[0-9A-Za-z-]{20,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----|\bsk_live_[0-9a-zA-Z]{20,}"
)
"""Tokens that tell by their form who issued them."""
IN_URL = re.compile(r"\b[a-z][a-z0-9+.-]*://[^/\s:@]+:(?P<password>[^@\s/]+)@")
HARMLESS = re.compile(
    r"(?i)^(?:true|false|yes|no|on|off|none|null|disabled?|enabled?|required|optional|\d{1,6}|\d+[smhd]|<.*>|\*+|x+)$"
    r"|\$[({]|^\$\w+$|^/|^arn:|^(?:https?|file)://[^@]*$|^projects/|\{\{|^ENC\[|^ref\+"
)
"""Values that are settings, places or placeholders."""
OBJECT_NAMED = re.compile(r"(?i)(?:^|[_.-])(?:secret|credentials?)$")
OBJECT_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")
"""Names under which not a value stands but the name of the Secret that holds it, and what such a name looks like."""
LINE = re.compile(
    r"""^[ \t]*(?:export[ ]+|-[ ])?["']?(?P<name>[\w.-]{1,100})["']?[ \t]*(?P<sign>[:=])[ \t]*"""
    r"""["']?(?P<value>[^\s"'()\[\]<>,;`$%{}]{4,500})["']?[ \t]*,?[ \t]*(?:\#.*)?\r?$""",
    re.MULTILINE,
)
"""A line of a settings file: `db.password=correct-horse`, `"password": "correct-horse",`."""
CERTAIN = re.compile(
    r"(?i)(?:^|[_.-])(?:password|passwd|passphrase|secret[_.-]?key|secret[_.-]access[_.-]key|api[_.-]?key)$"
)
"""The names that mean a credential in a structured file too; `token` and `secret` are often headings there."""
LONGEST = 200_000
"""Characters of a file that are looked at."""


def is_credential(name: str, value: str) -> bool:
    """Whether a literal value that goes under a name is a credential."""
    value = value.strip()
    if not value:
        return False
    if ISSUED.search(value):
        return True
    found = IN_URL.search(value)
    if found is not None and not HARMLESS.search(found["password"]):
        return True
    if NAMED.search(name) is None or HARMLESS.search(value) is not None:
        return False
    return OBJECT_NAMED.search(name) is None or OBJECT_NAME.fullmatch(value) is None


def credential_lines(field: Field, text: str) -> Iterator[tuple[str, Field]]:
    """The lines of a settings file that hold a credential: the name it goes under, and a field at that very line.

    Args:
        field: where the file stands.
        text: its content.
    """
    searched = 0
    for line in LINE.finditer(text[:LONGEST]):
        name, value = line["name"], line["value"]
        if line["sign"] == ":" and CERTAIN.search(name) is None:
            continue
        if not is_credential(name, value) or value.lower() == name.lower():
            continue
        whole = line[0].strip()
        span = field.origin.span
        at = span.text.find(whole, searched)
        if at < 0:
            yield name, field
            continue
        searched = at + len(whole)
        origin = field.origin._replace(span=Span(span.file, span.start + at, span.start + at + len(whole)))
        yield name, Field(Scalar(value, origin), field.path)
