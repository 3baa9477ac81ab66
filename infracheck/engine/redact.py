"""Secrets leave the scanned tree in no report: every text that quotes a file passes through here.

The patterns are those published by the issuers: AWS access key ids (IAM User Guide, "IAM identifiers": AKIA, ASIA),
GitHub tokens (GitHub Docs, "GitHub's token formats": ghp_, gho_, ghu_, ghs_, ghr_, github_pat_), Slack (xoxb- ...),
PEM private keys (RFC 7468), and the ordinary ways to write "password: value".
"""

from __future__ import annotations

import re
from hashlib import sha256

MASK = "***"

ISSUED = re.compile(
    r"""
    \b(?:AKIA|ASIA)[A-Z0-9]{16}\b
    | \bgh[pousr]_[A-Za-z0-9]{20,255}\b
    | \bgithub_pat_[A-Za-z0-9_]{20,255}
    | \bxox[abposr]-[A-Za-z0-9-]{10,}
    | \bAIza[0-9A-Za-z_-]{35}\b
    | \bsk-[A-Za-z0-9_-]{20,}
    | \beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*
    | -----BEGIN[A-Z ]*PRIVATE[ ]KEY-----.*
    """,
    re.VERBOSE,
)

ASSIGNED = re.compile(
    r"""(?ix)
    (?<![\w.-])(?P<name>[\w.-]*(?:passw(?:or)?d|passphrase|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|credential)[\w.-]*)
    (?P<between>["']?\s*(?::=|=>|[:=])\s*)
    (?P<value>"(?:[^"\\]|\\.)*(?:"|\\?$)|'[^']*(?:'|$)|[^\s"'{\[(,;]{4,})
    """
)
URL_PASSWORD = re.compile(r"(?P<head>://[^/\s:@]+:)(?P<value>[^@\s/]+)(?P<tail>@)")
URL_TOKEN = re.compile(r"(?P<head>://)(?P<value>[^/\s:@]{20,})(?P<tail>@)")

NEIGHBOUR = re.compile(
    r"""(?x)(?P<head>(?P<name>[\w.-]+)["']?\s*(?:=\s*|:\s+))(?P<value>"(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,{}\[\]"'(][^,{}\[\]()]*)"""
)
NAMING = frozenset({"name", "key", "kind", "type", "apiVersion"})
"""Keys whose values name things."""

PLAIN_WORDS = re.compile(
    r"""^["']?(?:[a-z][a-z0-9.-]*/v\d+(?:(?:alpha|beta)\d+)?|true|false|null|none|\d{1,5}|\$\{.*|\$\w+|(?:var|local|data|module|aws_\w+)\..*)["']?$"""
)


def masked(secret: str) -> str:
    """What stands for a secret: a short fingerprint, so that two places with one value can be told from two values."""
    return f"{MASK}{sha256(secret.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}"


def redact(text: str) -> str:
    """The text with everything that looks like a secret replaced by its fingerprint."""
    text = ISSUED.sub(lambda match: masked(match[0]), text)
    for pattern in (URL_PASSWORD, URL_TOKEN):
        text = pattern.sub(lambda match: f"{match['head']}{masked(match['value'])}{match['tail']}", text)
    return ASSIGNED.sub(_assigned, text)


def redact_message(text: str, address: str) -> str:
    """What a rule says of an object, redacted; the object's own name is none: `sealed-secrets: 1 replica, ...`."""
    return address.join(map(redact, text.split(address))) if address else redact(text)


def redact_span(line: str, start: int, end: int) -> str:
    """A line with one range of characters replaced by its fingerprint, and the rest redacted as usual.

    What stands beside a secret on its line, as in `{password: x, config: y}`, is most likely one too.
    """
    if start >= end:
        return redact(line)
    return f"{_neighbours(redact(line[:start]))}{masked(line[start:end])}{_neighbours(redact(line[end:]))}"


def _neighbours(text: str) -> str:
    """The text with the values of its keys covered, each character by one, except those that name things."""
    return NEIGHBOUR.sub(_covered, text)


def _covered(match: re.Match[str]) -> str:
    # A lone quote is where the secret itself begins.
    if match["name"] in NAMING or match["value"] in {'"', "'"}:
        return match[0]
    return f"{match['head']}{'*' * len(match['value'])}"


def _assigned(match: re.Match[str]) -> str:
    value = match["value"]
    if PLAIN_WORDS.match(value) or not _is_secret_like(match["name"], value):
        return match[0]
    quote = value[0] if value[0] in "\"'" else ""
    bare = value.strip("\"'")
    return f"{match['name']}{match['between']}{quote}{masked(bare)}{quote}"


def _is_secret_like(name: str, value: str) -> bool:
    """Names such as `secretName` and `secretKeyRef` lead to names of secrets, not to secrets."""
    lowered = name.lower().replace("-", "").replace("_", "")
    if lowered.endswith(("name", "ref", "arn", "id", "path", "file", "store", "length", "policy", "enabled", "type")):
        return False
    return len(value.strip("\"'")) > 0 and not lowered.startswith(("secretstore", "externalsecret"))
