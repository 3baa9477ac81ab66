"""How goyaml.v2 writes a text: plain, in quotes, or as a block (`yaml_emitter_analyze_scalar`)."""

from __future__ import annotations

import re
from functools import lru_cache

from infracheck.source.yaml.dialect import Dialect, plain, timestamp

PLAIN, SINGLE, DOUBLE, LITERAL = "", "'", '"', "|"
SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?\Z")
UNPRINTABLE = re.compile(r"[^\n\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
BREAKS = "\r\n\x85\u2028\u2029"
SPACE_BREAK = re.compile(rf" [{BREAKS}]")
BREAK_SPACE = re.compile(rf"[{BREAKS}] ")
BLOCK_INDICATOR = re.compile(
    r"(?:---|\.\.\.)|[#,\[\]{}&*!|>'\"%@`]|[?:-](?:[ \t]|\Z)|.*?(?::(?:[ \t]|\Z)|[ \t\r\n]#)", re.DOTALL
)
"""What gives a text a meaning of its own outside brackets."""


def is_text_when_plain(text: str) -> bool:
    """Whether a YAML 1.1 reader takes an unquoted text for a text."""
    if SEXAGESIMAL.match(text) or timestamp(text) is not None:
        return False
    return isinstance(plain(text, Dialect.KUBECTL), str)


@lru_cache(maxsize=65536)
def style_of(text: str, *, is_key: bool = False) -> str:
    """The style a text is written in."""
    multiline = any(character in text for character in BREAKS)
    if "\n" in text:
        wanted = LITERAL
    elif is_text_when_plain(text):
        wanted = PLAIN
    else:
        wanted = DOUBLE
    if is_key and multiline:
        return DOUBLE
    special = UNPRINTABLE.search(text) is not None or SPACE_BREAK.search(text) is not None
    if wanted == PLAIN and not _plain_allowed(text, multiline=multiline, special=special):
        wanted = SINGLE
    if wanted == SINGLE and (special or BREAK_SPACE.search(text)):
        return DOUBLE
    if wanted == LITERAL and (special or text.endswith(" ")):
        return DOUBLE
    return wanted


def _plain_allowed(text: str, *, multiline: bool, special: bool) -> bool:
    if not text or multiline or special or text[0] == " " or text[-1] == " ":
        return False
    return BLOCK_INDICATOR.match(text) is None
