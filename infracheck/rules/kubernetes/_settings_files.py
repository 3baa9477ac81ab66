"""Telling a file of settings from one that holds a credential."""

from __future__ import annotations

import json
import re

from infracheck.kubernetes.placeholder import has_placeholder
from infracheck.rules.kubernetes._credentials import IN_URL, ISSUED

TELLING = re.compile(
    r"(?i)pass|pwd|secret|token|cred|auth|key|user|account|login|cookie|salt|hash|licen[cs]e|webhook|htp|netrc"
)
"""Names, of a setting or of a file, under which a credential might stand."""
WORD = re.compile(r"[A-Za-z]{1,40}(?:\d{1,2}[A-Za-z]{0,20})?|\d{1,10}[A-Za-z%]{0,3}")
"""A word, or an amount with its unit: `info`, `hadoop2`, `S3SignerType`, `512Mi`, `30s`. Random strings are neither."""
BETWEEN = re.compile(r"[-_./:,;|*+\s?&=~()!@\"'\[\]]+")
"""What may stand between the words of a setting: a host, a path, an address, a list."""
SWITCH = re.compile(r"(?i)true|false|yes|no|on|off|none|null|\d{1,6}[smhd]?")
LINE = re.compile(
    r"""(?P<item>-[ ]+)?(?:["']?(?P<name>[A-Za-z_][\w.\-/]{0,100})["']?\s*(?P<sign>=|:(?=\s|\Z)))?(?P<value>.*)"""
)
COMMENT = re.compile(r"\s[#;]\s.*")
FLAG = re.compile(r"--?[A-Za-z][\w.:+-]{0,100}(?:=(?P<value>\S*))?")
"""An option of a program: `-Xmx16G`, `-XX:+UseG1GC`, `--level=info`."""
PLAIN = re.compile(r"(?:[#;!].*|//.*|---|\.\.\.|[\[\]{},]*|\[\[?[\w.\s\"-]{1,100}\]\]?)")
"""Comments, headings, brackets."""
LONGEST = 20_000
"""Characters of a file that are looked at; a longer one is not said to hold settings alone."""


def holds_settings_alone(file: str, text: str) -> bool:
    """Whether every line of a text is a setting, a heading or a comment, and none could be a credential.

    Where a line is anything else, or stands under a name that a credential might have, it is not: the doubt counts.

    Args:
        file: the name of the file.
        text: its content.
    """
    if len(text) > LONGEST or TELLING.search(file) or ISSUED.search(text) or IN_URL.search(text):
        return False
    if text.lstrip().startswith(("{", "[")):
        return _is_json_of_settings(text)
    return all(_is_setting(line.strip()) for line in text.splitlines())


def _is_json_of_settings(text: str) -> bool:
    try:
        parts = [("", json.loads(text))]
    except (ValueError, RecursionError):
        return False
    while parts:
        name, value = parts.pop()
        if isinstance(value, dict):
            parts += value.items()
        elif isinstance(value, list):
            parts += [(name, item) for item in value]
        if TELLING.search(name) and (isinstance(value, dict | list) or not _is_switch(str(value))):
            return False
        if isinstance(value, str) and not _is_harmless(value):
            return False
    return True


def _is_setting(line: str) -> bool:
    if PLAIN.fullmatch(line):
        return True
    option = FLAG.fullmatch(line)
    if option is not None:
        return TELLING.search(line) is None and _is_harmless(option["value"] or "")
    found = LINE.fullmatch(line)
    if found is None or not (found["name"] or found["item"]):
        return False
    value = COMMENT.sub("", found["value"]).strip().rstrip(",;").strip("\"'")
    if found["name"] and TELLING.search(found["name"]):
        # Below a heading of such a name the credentials themselves may stand.
        return _is_switch(value) or (value == "" and found["sign"] == "=")
    return value in ("{", "[", "|", ">") or _is_harmless(value)


def _is_switch(value: str) -> bool:
    return has_placeholder(value) or SWITCH.fullmatch(value) is not None


def _is_harmless(value: str) -> bool:
    if has_placeholder(value):
        return True
    return all(WORD.fullmatch(word) for word in BETWEEN.split(value) if word)
