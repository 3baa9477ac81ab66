"""Upper and lower case as Go maps it: one character to one character, whatever stands around it."""

from __future__ import annotations

import unicodedata

DOTTED_CAPITAL_I = "\u0130"
"""The one letter whose lower case is two characters in Unicode's full mapping and one in its simple one."""


def upper(text: str) -> str:
    """`strings.ToUpper`."""
    return text.upper() if text.isascii() else "".join(map(_upper, text))


def lower(text: str) -> str:
    """`strings.ToLower`."""
    return text.lower() if text.isascii() else "".join(map(_lower, text))


def title(text: str) -> str:
    """`strings.Title`: the first letter of each word."""
    out: list[str] = []
    starts_word = True
    for letter in text:
        out.append(_titled(letter) if starts_word else letter)
        starts_word = _separates(letter)
    return "".join(out)


def _upper(letter: str) -> str:
    changed = letter.upper()
    if len(changed) == 1:
        return changed
    # Greek letters with iota below: their one-character form is the title case.
    return _titled(letter)


def _lower(letter: str) -> str:
    changed = letter.lower()
    return changed if len(changed) == 1 else "i" if letter == DOTTED_CAPITAL_I else letter


def _titled(letter: str) -> str:
    changed = letter.title()
    return changed if len(changed) == 1 else letter


def _separates(letter: str) -> bool:
    if letter.isascii():
        return not (letter.isalnum() or letter == "_")
    return unicodedata.category(letter)[0] not in "LN" and (letter.isspace() or letter == "\x85")
