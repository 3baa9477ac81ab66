"""Classes of characters in regular expressions: ranges, POSIX names, Unicode categories and scripts."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

FOLD_EXTRAS: Final = {
    "k": "\u212a",
    "s": "\u017f",
    "\u00e5": "\u212b",
    "\u00df": "\u1e9e",
    "\u03c9": "\u2126",
    "\u03b8": "\u03d1\u03f4",
    "\u03b2": "\u03d0",
    "\u03b5": "\u03f5",
    "\u03ba": "\u03f0",
    "\u03bc": "\u00b5",
    "\u03c0": "\u03d6",
    "\u03c1": "\u03f1",
    "\u03c3": "\u03c2",
    "\u03c6": "\u03d5",
    "\u03b9": "\u0345\u1fbe",
    "\u1e61": "\u1e9b",
}
"""Letters that fold to a lower-case letter and that its upper case does not lead to (Unicode's CaseFolding.txt)."""


@dataclass(frozen=True, slots=True)
class CharacterClass:
    """A set of characters.

    Attributes:
        ranges: first and last code point of each part.
        negated: whether it holds what is not in its parts.
        categories: general categories (`Lu`, or `L` for all letters) whose characters it holds.
        others: classes whose characters it holds too.
        ignore_case: whether it holds a character when it holds the other case of it.
    """

    ranges: tuple[tuple[int, int], ...]
    negated: bool = False
    categories: tuple[str, ...] = ()
    others: tuple[CharacterClass, ...] = field(default=())
    ignore_case: bool = False

    def __contains__(self, letter: str) -> bool:
        """Whether it holds a character."""
        inside = self._holds(letter)
        if not inside and self.ignore_case:
            inside = any(map(self._holds, cases(letter)))
        return inside is not self.negated

    def _holds(self, letter: str) -> bool:
        code = ord(letter)
        return (
            any(first <= code <= last for first, last in self.ranges)
            or (bool(self.categories) and unicodedata.category(letter).startswith(self.categories))
            or any(letter in other for other in self.others)
        )

    def inverted(self) -> CharacterClass:
        """All other characters."""
        return replace(self, negated=not self.negated)

    def folded(self) -> CharacterClass:
        """With the other cases of its characters."""
        return replace(self, ignore_case=True)

    def joined(self, others: Iterable[CharacterClass]) -> CharacterClass:
        """With the characters of other classes."""
        more = tuple(others)
        return CharacterClass((), others=(self, *more)) if more else self


def cases(letter: str) -> set[str]:
    """A character and its other cases, as far as they are one character each."""
    found = {letter}
    for _ in range(2):
        for one in tuple(found):
            found.update(form for form in (one.lower(), one.upper(), one.title(), one.casefold()) if len(form) == 1)
            found.update(FOLD_EXTRAS.get(one, ""))
    return found


def _ranges(text: str) -> CharacterClass:
    """A class from pairs of first and last characters."""
    return CharacterClass(tuple((ord(text[at]), ord(text[at + 1])) for at in range(0, len(text), 2)))


DIGITS: Final = _ranges("09")
SPACES: Final = _ranges("\t\n\f\r  ")
WORD: Final = _ranges("09AZ__az")

POSIX: Final = {
    "alnum": _ranges("09AZaz"),
    "alpha": _ranges("AZaz"),
    "ascii": _ranges("\x00\x7f"),
    "blank": _ranges("\t\t  "),
    "cntrl": _ranges("\x00\x1f\x7f\x7f"),
    "digit": DIGITS,
    "graph": _ranges("!~"),
    "lower": _ranges("az"),
    "print": _ranges(" ~"),
    "punct": _ranges("!/:@[`{~"),
    "space": _ranges("\t\r  "),
    "upper": _ranges("AZ"),
    "word": WORD,
    "xdigit": _ranges("09AFaf"),
}

CATEGORIES: Final = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "C",
        "Cc",
        "Cf",
        "Cs",
        "Co",
    ]
)

SCRIPT_NAMES: Final = {
    "Latin": "LATIN ",
    "Greek": "GREEK ",
    "Cyrillic": "CYRILLIC ",
    "Hebrew": "HEBREW ",
    "Arabic": "ARABIC ",
    "Armenian": "ARMENIAN ",
    "Georgian": "GEORGIAN ",
    "Devanagari": "DEVANAGARI ",
    "Thai": "THAI ",
    "Hiragana": "HIRAGANA ",
    "Katakana": "KATAKANA ",
    "Hangul": "HANGUL ",
    "Han": "CJK ",
}
"""Scripts, and how the Unicode names of their characters begin."""


def unicode_class(name: str) -> CharacterClass | None:
    """The class of a Unicode category or script, or None where there is none of that name."""
    if name == "Any":
        return CharacterClass(((0, 0x10FFFF),))
    if name in CATEGORIES:
        # In Go's tables `C` leaves out what is not assigned.
        return CharacterClass((), categories=("Cc", "Cf", "Cs", "Co") if name == "C" else (name,))
    if name in SCRIPT_NAMES:
        return _Script((), name=SCRIPT_NAMES[name])
    return None


@dataclass(frozen=True, slots=True)
class _Script(CharacterClass):
    name: str = ""

    def _holds(self, letter: str) -> bool:
        return unicodedata.name(letter, "").startswith(self.name) and unicodedata.category(letter)[0] in "LMN"
