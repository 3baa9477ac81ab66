"""Colons inside words between brackets and braces: `{image: nginx:1.27}`.

Older versions of libyaml refuse them, while every program whose reading counts here takes them for text. So the parser
is given another character in their place, which is exchanged again in what it reads. Offsets stay the same.
"""

from __future__ import annotations

import re

COLON_PROBLEM = "found unexpected ':'"
"""What the parser says."""
INNER_COLON = re.compile(r"""(?<=[^\s"'\[\]{},]):(?=\S)""")
"""A colon that cannot end a key: something stands right before it, and right behind it."""
PRIVATE_USE = range(0xE000, 0xF900)


def unused_character(text: str) -> str:
    """A character of Unicode's private use area that a text does not contain."""
    used = set(text)
    return next(chr(code) for code in PRIVATE_USE if chr(code) not in used)


def masked(text: str, mask: str) -> str:
    """The text with other characters for the colons inside words."""
    return INNER_COLON.sub(mask, text)
