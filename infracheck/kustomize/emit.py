"""A rendering as YAML, byte for byte as `kubectl kustomize` prints it: the writer of goyaml.v2.

Keys are sorted naturally, lists are not indented, and long texts are broken at spaces behind column 80.
"""

from __future__ import annotations

import re
from functools import cmp_to_key, lru_cache
from itertools import takewhile
from typing import TYPE_CHECKING

from infracheck.kustomize.nodes import float_text
from infracheck.kustomize.scalar_style import DOUBLE, LITERAL, PLAIN, SINGLE, UNPRINTABLE, style_of
from infracheck.source.values import Mapping, Scalar, Sequence, Value

if TYPE_CHECKING:
    from infracheck.kustomize.rendering import RenderedObject, Rendering
    from infracheck.source.origin import Origin

WIDTH = 80
LONGEST_KEY = 128
"""Bytes; a longer key is written behind a question mark."""
ESCAPES = {
    "\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e", '"': '"',
    "\\": "\\", "\x85": "N", "\xa0": "_", "\u2028": "L", "\u2029": "P",
}  # fmt: skip
ALWAYS_ESCAPED = frozenset('"\\\x85\u2028\u2029\n\r')
SEPARATORS = re.compile("[\u2028\u2029]")
"""Line breaks that stand as they are in a text."""
LINE_ENDS = ("\n", "\u2028", "\u2029")
"""What a block may end in without another line break before the next key: goyaml.v2 takes each for one."""
LINE_BEGIN = re.compile("(?:\\A|[\n\u2028\u2029]+)(?=[^\n\u2028\u2029])")
INTEGERS = range(-(2**63), 2**64)
"""What Go keeps as an integer."""


def emit(rendering: Rendering, *, origins: bool = False) -> str:
    """The objects of a rendering as YAML documents.

    Args:
        rendering: the objects.
        origins: whether each field that does not stand just so in a manifest gets a comment with the line that
            decided it. Long texts are not broken then.
    """
    return "---\n".join(emit_object(one, origins=origins) for one in rendering.objects)


def emit_object(rendered: RenderedObject, *, origins: bool = False) -> str:
    """One object as a YAML document."""
    return _Writer(origins=origins).document(rendered.root)


class _Writer:
    def __init__(self, *, origins: bool) -> None:
        self.origins = origins
        self.parts: list[str] = []

    def document(self, root: Mapping) -> str:
        self._mapping(root, 0)
        return "".join(self.parts)

    def _mapping(self, mapping: Mapping, indent: int) -> None:
        """The entries of a mapping, the first on the line already begun."""
        pad = " " * indent
        for index, key in enumerate(sorted_keys(tuple(mapping.fields))):
            if index:
                self.parts.append(pad)
            self._entry(key, mapping.fields[key], indent)

    def _entry(self, key: str, value: Value, indent: int) -> None:
        written = self._text(key, indent, len(" " * indent), is_key=True)
        if len(key.encode("utf-8", "surrogatepass")) > LONGEST_KEY or style_of(key, is_key=True) == LITERAL:
            self.parts.append(f"? {self._text(key, indent, indent + 2)}\n{' ' * indent}:")
            column = indent + 1
        else:
            self.parts.append(f"{written}:")
            column = indent + len(written) + 1
        if isinstance(value, Mapping) and value.fields:
            self.parts.append("\n" + " " * (indent + 2))
            self._mapping(value, indent + 2)
        elif isinstance(value, Sequence) and value.items:
            self.parts.append("\n" + " " * indent)
            self._sequence(value, indent)
        else:
            self._leaf(value, indent, column)

    def _sequence(self, sequence: Sequence, indent: int) -> None:
        pad = " " * indent
        for index, item in enumerate(sequence.items):
            if index:
                self.parts.append(pad)
            self.parts.append("-")
            if isinstance(item, Mapping) and item.fields:
                self.parts.append(" ")
                self._mapping(item, indent + 2)
            elif isinstance(item, Sequence) and item.items:
                self.parts.append(" ")
                self._sequence(item, indent + 2)
            else:
                self._leaf(item, indent, indent + 1)

    def _leaf(self, value: Value, indent: int, column: int) -> None:
        """A value without parts, behind what is on the line already, and the line's end."""
        if isinstance(value, Mapping):
            self.parts.append(" {}\n")
        elif isinstance(value, Sequence):
            self.parts.append(" []\n")
        elif isinstance(value, Scalar):
            text = self._scalar(value, indent, column + 1)
            comment = f" # {described(value.origin)}" if self.origins and not is_plainly_written(value.origin) else ""
            first, newline, rest = text.partition("\n")
            # A comment may follow the header of a block, but not the middle of a text.
            self.parts.append(f" {first}{comment}{newline}{rest}" + ("" if text.endswith(LINE_ENDS) else "\n"))
        else:
            self.parts.append(f" null # unknown: {value.reason}\n")

    def _scalar(self, scalar: Scalar, indent: int, column: int) -> str:
        value = scalar.value
        if isinstance(value, str):
            return self._text(value, indent, column)
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, int) and value in INTEGERS:
            return str(value)
        return float_text(float(value))

    def _text(self, text: str, indent: int, column: int, *, is_key: bool = False) -> str:
        style = style_of(text, is_key=is_key)
        if style == LITERAL:
            return literal(text, indent + 2)
        folds = not is_key and not self.origins
        if style == PLAIN:
            return folded(text, indent + 2, column) if folds else text
        if style == SINGLE:
            inner = text.replace("'", "''")
            return f"'{folded(inner, indent + 2, column + 1, quoted=True) if folds else inner}'"
        assert style == DOUBLE  # noqa: S101 - there is no other
        return f'"{double_quoted(text, indent + 2, column + 1, folds=folds)}"'


def folded(text: str, indent: int, column: int, *, quoted: bool = False) -> str:
    """A text broken at lone spaces once it is past the width; behind the line breaks it holds stands its indent."""
    if (column + len(text) <= WIDTH or " " not in text) and not SEPARATORS.search(text):
        return text
    parts: list[str] = []
    last = len(text) - 1
    previous = ""
    for index, character in enumerate(text):
        breaks = character == " " and previous != " " and column > WIDTH and text[index + 1 : index + 2] != " "
        if breaks and not (quoted and not 0 < index < last):
            parts.append("\n" + " " * indent)
            column = indent
        elif SEPARATORS.match(character):
            parts.append(character)
            column = 0
        else:
            if SEPARATORS.match(previous):
                parts.append(" " * indent)
                column = indent
            parts.append(character)
            column += 1
        previous = character
    return "".join(parts)


def double_quoted(text: str, indent: int, column: int, *, folds: bool = True) -> str:
    """A text with escapes, broken at spaces once it is past the width."""
    parts: list[str] = []
    last = len(text.encode("utf-8", "surrogatepass")) - 1
    previous = ""
    # goyaml.v2 looks for a byte order mark at the start of the text, whichever character it is at.
    escapes_all = text.startswith("\ufeff")
    for index, character in enumerate(text):
        if escapes_all or character in ALWAYS_ESCAPED or UNPRINTABLE.match(character):
            escape = _escape(character)
            parts.append(escape)
            column += len(escape)
            previous = ""
            continue
        if character == " " and folds and previous != " " and column > WIDTH and 0 < index < last:
            parts.append("\n" + " " * indent)
            column = indent
            if text[index + 1 : index + 2] == " ":
                parts.append("\\")
                column += 1
        else:
            parts.append(character)
            column += 1
        previous = character
    return "".join(parts)


def _escape(character: str) -> str:
    if character in ESCAPES:
        return "\\" + ESCAPES[character]
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def literal(text: str, indent: int) -> str:
    """A text as a literal block, its header first."""
    hint = "2" if text[0] in " \n\u2028\u2029" else ""
    breaks = len(text) - len(text.rstrip("\n\u2028\u2029"))
    chomp = "-" if not breaks else "+" if breaks > 1 or breaks == len(text) else ""
    lines = LINE_BEGIN.sub(lambda found: found[0] + " " * indent, text)
    return f"|{hint}{chomp}\n{lines}"


@lru_cache(maxsize=65536)
def sorted_keys(keys: tuple[str, ...]) -> tuple[str, ...]:
    """Keys in goyaml.v2's natural order: digits by number, other characters before letters, behind digits too."""
    return tuple(sorted(keys, key=cmp_to_key(_compare)))


def _compare(one: str, other: str) -> int:
    for index, (a, b) in enumerate(zip(one, other, strict=False)):
        if a == b:
            continue
        if a.isalpha() and b.isalpha():
            return -1 if a < b else 1
        if a.isalpha() or b.isalpha():
            return -1 if b.isalpha() else 1
        return _compare_numbers(one, other, index)
    return len(one) - len(other)


def _compare_numbers(one: str, other: str, index: int) -> int:
    lead = 0
    if "0" in (one[index], other[index]):
        before = takewhile(str.isdecimal, reversed(one[:index]))
        lead = int(any(digit != "0" for digit in before))
    runs = ["".join(takewhile(str.isdecimal, text[index:])) for text in (one, other)]
    values = [_number(run, lead) for run in runs]
    if values[0] != values[1]:
        return -1 if values[0] < values[1] else 1
    if len(runs[0]) != len(runs[1]):
        return len(runs[0]) - len(runs[1])
    return -1 if one[index] < other[index] else 1


def _number(digits: str, lead: int) -> int:
    """The number behind a leading digit, as Go counts: by the code of each digit, in 64 bits that overflow."""
    number = lead
    for digit in digits:
        number = (number * 10 + ord(digit) - ord("0")) % 2**64
    return number if number < 2**63 else number - 2**64


def is_plainly_written(origin: Origin) -> bool:
    """Whether a value stands in a manifest just as it is."""
    return origin.step == "written" and not origin.parts and origin.overrode is None


def described(origin: Origin) -> str:
    """`file:line (step)`, with what is composed in its parts and what was overridden."""
    places = origin.parts or (origin,)
    text = " + ".join(dict.fromkeys(_place(one) for one in places))
    return f"{text}, over {_place(origin.overrode)}" if origin.overrode is not None and not origin.parts else text


def _place(origin: Origin) -> str:
    step = "" if origin.step == "written" else f" ({origin.step})"
    return f"{origin.span.file.path}:{origin.span.line}{step}"
