"""User-perceived characters: what Terraform counts, cuts and reverses strings by.

Source: Unicode Standard Annex 29, extended grapheme clusters.
"""

from __future__ import annotations

from functools import cache
from typing import Any


def clusters(text: str) -> list[str]:
    """The extended grapheme clusters of a text."""
    if text.isascii() and "\r\n" not in text:
        return list(text)
    found: list[str] = _pattern().findall(text)
    return found


def width(text: str) -> int:
    """How many extended grapheme clusters a text has."""
    return len(text) if text.isascii() and "\r\n" not in text else len(clusters(text))


@cache
def _pattern() -> Any:
    import regex  # noqa: PLC0415 - most strings are ASCII and do without

    return regex.compile(r"\X")
