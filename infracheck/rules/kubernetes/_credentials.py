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
    r"|\bhooks\.slack\.com/(?:services|workflows|triggers)/[A-Z0-9]{8,}/[A-Z0-9]{8,}/[0-9A-Za-z]{16,}"
)
"""Tokens, and addresses that hold one, which tell by their form who issued them."""
IN_URL = re.compile(r"\b[a-z][a-z0-9+.-]*://[^/\s:@]+:(?P<password>[^@\s/]+)@")
HARMLESS = re.compile(
    r"(?i)^(?:true|false|yes|no|on|off|none|null|disabled?|enabled?|required|optional|\d{1,6}|\d+[smhd]|<.*>|\*+|x+)$"
    r"|\$[({]|^\$\w+$|^/|^arn:|^(?:https?|file)://[^@]*$|^projects/|\{\{|^ENC\[|^ref\+"
)
"""Values that are settings, places or placeholders."""
STAND_IN = re.compile(
    r"(?i)(?:dummy|placeholder|redacted|todo|tbd|fixme|(?:your|insert|enter|replace)[-_ ].*"
    r"|\$\([^()]*\)|__\w+__|%\w+%|@@?\w+@@?|x{3,}|\*{3,}|\.{3,})"
)
"""What is written where the value is to be filled in: `your-api-key-here`, `__PASSWORD__`, `$(PASSWORD)`."""
FETCHED = re.compile(r"(?:>>)?(?:vault|bao|aws-?sm|gcp-?sm|azurekeyvault|awsssm|op|sm)(?::|://)\S+")
"""Where an injector or a start script fetches the value: `vault:secret/data/db#password` (Bank-Vaults), `op://...`."""
KEY = re.compile(r"(?i)(?:key|key[_.-]?id|token)$")
"""Names under which their own words are no weak password but a stand-in, as keys are issued at random."""
WORD = re.compile(r"[-_. ]")
CONNECTION = re.compile(r"(?i)connection[_.-]?string$")
CONNECTED_WITH = re.compile(r"(?i)(?:password|pwd|accountkey|sharedaccesskey|secret|token|sig)\s*=\s*[^;\s]+")
"""The part of a connection string that is the credential; without one it only says where the database is."""
OBJECT_NAMED = re.compile(r"(?i)(?:^|[_.-])(?:secret|credentials?)$")
OBJECT_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+")
"""Names under which not a value stands but the name of the Secret that holds it, and what such a name looks like."""
LINE = re.compile(
    r"""^[ \t]*(?:export[ ]+|-[ ])?["']?(?P<name>[\w.-]{1,100})["']?[ \t]*(?P<sign>[:=])[ \t]*"""
    r"""["']?(?P<value>[^\s"'()\[\]<>,;`$%{}]{4,500})["']?[ \t]*,?[ \t]*(?:\#.*)?\r?$""",
    re.MULTILINE,
)
"""A line of a settings file: `db.password=correct-horse`, `"password": "correct-horse",`."""
KEY_IN_SECRET = "secretKey"  # noqa: S105 - a name, under which Kubernetes manifests write the name of a key of a Secret
WORDS = re.compile(r"[A-Za-z]+(?:[-_.][A-Za-z]+)*")
CERTAIN = re.compile(
    r"(?i)(?:^|[_.-])(?:password|passwd|passphrase|secret[_.-]?key|secret[_.-]access[_.-]key|api[_.-]?key)$"
)
"""The names that mean a credential in a structured file too; `token` and `secret` are often headings there."""
LONGEST = 200_000
"""Characters of a file that are looked at."""
ASSIGNED = re.compile(r"""(?P<name>[\w.-]{1,100})["']?[ \t]*[:=][ \t]*["']?\Z""")
"""What stands before a value on its line: `db.password=`, `"password": "`."""
BEFORE = 200
"""Characters before a value that are looked at for its name."""


def is_stand_in(name: str, value: str) -> bool:
    """Whether a value only stands for the credential: `your-api-key-here`, a key's own name, `vault:db#password`."""
    value = value.strip()
    if STAND_IN.fullmatch(value) or FETCHED.fullmatch(value):
        return True
    return KEY.search(name) is not None and (_bare(name) == _bare(value) or _words(value) <= _words(name))


def _bare(name: str) -> str:
    return "".join(WORD.split(name)).lower()


def _words(name: str) -> set[str]:
    return set(WORD.split(name.lower()))


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
    if NAMED.search(name) is None or HARMLESS.search(value) is not None or is_stand_in(name, value):
        return False
    if CONNECTION.search(name):
        return CONNECTED_WITH.search(value) is not None
    return OBJECT_NAMED.search(name) is None or OBJECT_NAME.fullmatch(value) is None


def credential_lines(field: Field, text: str) -> Iterator[tuple[str, Field]]:
    """The lines of a settings file that hold a credential: the name it goes under, and a field at that very line.

    Where a line is put together from several sources, the field is at the source of the credential.

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
        if name == KEY_IN_SECRET and WORDS.fullmatch(value):
            continue
        whole = line[0].strip()
        span = field.origin.span
        at = span.text.find(whole, searched)
        if at < 0:
            yield name, at_source(field, value, whole)
            continue
        searched = at + len(whole)
        yield name, Field(Scalar(value, field.origin._replace(span=_part(span, at, len(whole)))), field.path)


def at_source(field: Field, value: str, line: str = "") -> Field:
    """The field of a credential at the source that holds it, where its text is put together from several.

    Args:
        field: where the text stands.
        value: the credential, or a URL that holds it.
        line: the line it stands on; the credential itself where that is all.
    """
    origin = field.origin
    for part in origin.parts:
        at = part.span.text.find(line or value)
        if at >= 0:
            return Field(Scalar(value, part._replace(span=_part(part.span, at, len(line or value)))), field.path)
    found = IN_URL.search(value)
    credential = found["password"] if found is not None else value
    same = [part for part in origin.parts if part.span.text.strip("\"' \t\r\n") == credential]
    if not same:
        return field
    part = next((part for part in same if NAMED.search(_assigned_to(part.span))), same[-1])
    through = origin.via[-1:]
    step = through[0].step if through else part.step
    whole = part._replace(step=step, via=(*part.via, *through), overrode=origin.overrode)
    return Field(Scalar(credential, whole), field.path)


def _assigned_to(span: Span) -> str:
    """The name that a value stands under in its own file; "" where its line names none."""
    start = span.file.line_starts[span.line - 1]
    found = ASSIGNED.search(span.file.text[max(start, span.start - BEFORE) : span.start])
    return found["name"] if found is not None else ""


def _part(span: Span, at: int, length: int) -> Span:
    return Span(span.file, span.start + at, span.start + at + length)
