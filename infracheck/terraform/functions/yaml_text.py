"""`yamlencode`: YAML as Terraform writes it.

Strings are in double quotes, those of several lines are literal blocks where YAML allows that; sequences stand at the
column of the key they belong to; long lines in quotes are folded past column 80. Sources:
https://developer.hashicorp.com/terraform/language/functions/yamlencode and the behaviour of `terraform console`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.source.values import Mapping, Scalar, Sequence
from infracheck.terraform import construct, numbers
from infracheck.terraform.functions.signature import function
from infracheck.terraform.types import DYNAMIC, STRING

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

WIDTH = 80
"""The column past which a line in quotes is folded at the next space."""
LONGEST_KEY = 128
"""Bytes of a key that may stand before a colon; longer ones take the form `? key`."""
BREAKS = "\n\r\x85\u2028\u2029"
NAMED = {
    "\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e",
    '"': '"', "\\": "\\", "\x85": "N", "\u2028": "L", "\u2029": "P",
}  # fmt: skip
STEP = 2


@function(DYNAMIC, returns=STRING, takes_null=True, looks_inside=True)
def yamlencode(arguments: list[Value], origin: Origin) -> Value:
    """`yamlencode(value)`."""
    return construct.string(yaml_text(arguments[0]), origin)


def yaml_text(value: Value) -> str:
    """A known value as a YAML document."""
    writer = _Writer()
    writer.node(value, -STEP, inline=True)
    if writer.column:
        writer.put("\n")
    if not isinstance(value, Mapping | Sequence) and not _is_text(value):
        # A bare scalar could go on, so the document says where it ends.
        writer.put("...\n")
    return "".join(writer.parts)


class _Writer:
    """The text so far, and the column it has come to.

    Attributes:
        parts: the text.
        column: counted from 0, in characters.
    """

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.column = 0

    def put(self, text: str) -> None:
        self.parts.append(text)
        last = max(text.rfind(one) for one in BREAKS)
        self.column = len(text) - last - 1 if last >= 0 else self.column + len(text)

    def line(self, indent: int) -> None:
        """A new line, unless a literal block has just ended one."""
        self.put(("\n" if self.column else "") + " " * indent)

    def node(self, value: Value, indent: int, *, inline: bool) -> None:
        """A value below something that stands at an indentation.

        Args:
            value: what to write.
            indent: of what it belongs to.
            inline: whether a collection may begin on the line that is being written.
        """
        if isinstance(value, Sequence) and value.items:
            # A sequence that is the value of a key is not indented.
            self._sequence(value, indent + STEP if inline else indent, inline=inline)
        elif isinstance(value, Mapping) and value.fields:
            self._mapping(value, indent + STEP, inline=inline)
        else:
            if not inline:
                self.put(" ")
            self._scalar(value, indent + STEP if indent >= 0 else STEP)

    def _sequence(self, value: Sequence, indent: int, *, inline: bool) -> None:
        for position, item in enumerate(value.items):
            if position or not inline:
                self.line(indent)
            self.put("- ")
            self.node(item, indent, inline=True)

    def _mapping(self, value: Mapping, indent: int, *, inline: bool) -> None:
        for position, name in enumerate(sorted(value.fields)):
            if position or not inline:
                self.line(indent)
            if len(name.encode("utf-8", "surrogatepass")) <= LONGEST_KEY and not any(one in name for one in BREAKS):
                self.put(_quoted(name))
                self.put(":")
                self.node(value.fields[name], indent, inline=False)
            else:
                self.put("? ")
                self._text(name, indent + STEP)
                self.line(indent)
                self.put(": ")
                self.node(value.fields[name], indent, inline=True)

    def _scalar(self, value: Value, indent: int) -> None:
        plain = value.value if isinstance(value, Scalar) else None
        if isinstance(value, Sequence | Mapping):
            self.put("[]" if isinstance(value, Sequence) else "{}")
        elif isinstance(plain, str):
            self._text(plain, indent)
        elif plain is None:
            self.put("null")
        elif isinstance(plain, bool):
            self.put("true" if plain else "false")
        else:
            self.put(numbers.text_of(plain))

    def _text(self, text: str, indent: int) -> None:
        if "\n" in text and _fits_literal(text):
            self._literal(text, indent)
        else:
            self._folded(text, indent)

    def _literal(self, text: str, indent: int) -> None:
        """A block: its lines as they are. What a reader would guess wrongly about it stands in its header."""
        hint = str(STEP) if text[0] in f" {BREAKS}" else ""
        chomp = "-" if text[-1] not in BREAKS else "+" if text in BREAKS or text[-2] in BREAKS else ""
        self.put(f"|{hint}{chomp}\n")
        for line in text.splitlines(keepends=True):
            self.put(line if line in BREAKS else " " * indent + line)

    def _folded(self, text: str, indent: int) -> None:
        """Double quotes; a space past the width becomes a line break, which reads as a space again."""
        self.put('"')
        after_space = False
        for position, letter in enumerate(text):
            space = letter == " "
            inside = 0 < position < len(text) - 1
            if space and inside and not after_space and self.column > WIDTH:
                self.put("\n" + " " * indent + ("\\" if text[position + 1] == " " else ""))
            else:
                self.put(_escaped(letter))
            after_space = space
        self.put('"')


def _is_text(value: Value) -> bool:
    return isinstance(value, Scalar) and isinstance(value.value, str)


def _fits_literal(text: str) -> bool:
    """Whether a literal block can hold a text: no letters that need an escape, no spaces that end a line."""
    ends = any(f" {one}" in text for one in BREAKS) or text.endswith(" ")
    return not ends and all(_is_printable(letter) for letter in text)


def _is_printable(letter: str) -> bool:
    code = ord(letter)
    return (
        letter == "\n"
        or 0x20 <= code <= 0x7E
        or (0xA0 <= code <= 0xFFFD and code != 0xFEFF and not 0xD800 <= code < 0xE000)
    )


def _quoted(text: str) -> str:
    return f'"{"".join(map(_escaped, text))}"'


def _escaped(letter: str) -> str:
    if letter in NAMED:
        return f"\\{NAMED[letter]}"
    if _is_printable(letter):
        return letter
    code = ord(letter)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"
