"""Telling a credential from other text: by the name it goes under, and by what it looks like."""

from __future__ import annotations

import re

NAMED = re.compile(
    r"(?i)(?:^|[_.-])(?:password|passwd|pwd|passphrase|secret|secret[_.-]?key|access[_.-]?key|api[_.-]?key|private[_.-]?key"
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
    r"|\$[({]|^\$\w+$|^/|^arn:|^(?:https?|file)://[^@]*$|^projects/"
)
"""Values that are settings, places or placeholders."""


def is_credential(name: str, value: str) -> bool:
    """Whether a literal value that goes under a name is a credential."""
    if not value.strip():
        return False
    if ISSUED.search(value):
        return True
    found = IN_URL.search(value)
    if found is not None and not HARMLESS.search(found["password"]):
        return True
    return NAMED.search(name) is not None and HARMLESS.search(value.strip()) is None
