"""`yamlencode`, byte for byte as Terraform has it: block style, strings quoted or literal, folded at 80 columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from infracheck.source.values import Mapping, Scalar, Sequence
from infracheck.terraform import construct, numbers
from infracheck.terraform.functions.signature import function
from infracheck.terraform.types import DYNAMIC, STRING

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

INDENT: Final = 2
WIDTH: Final = 80
MAX_SIMPLE_KEY: Final = 128
"""Bytes of a key that may stand before its colon on one line."""

ESCAPES: Final = {
    "\0": "\\0",
    "\a": "\\a",
    "\b": "\\b",
    "\t": "\\t",
    "\n": "\\n",
    "\v": "\\v",
    "\f": "\\f",
    "\r": "\\r",
    "\x1b": "\\e",
    '"': '\\"',
    "\\": "\\\\",
    "\x85": "\\N",
    "\u2028": "\\L",
    "\u2029": "\\P",
}
BREAKS: Final = frozenset("\n\r\x85\u2028\u2029")


@function(DYNAMIC, returns=STRING, takes_null=True, looks_inside=True)
def yamlencode(arguments: list[Value], origin: Origin) -> Value:
    """`yamlencode(value)`."""
    value = arguments[0]
    writer = _Writer()
    writer.node(value, -INDENT, in_mapping=False)
    plain = isinstance(value, Scalar) and not isinstance(value.value, str)
    # A plain scalar alone could go on for ever, so its end is marked.
    return construct.string("".join(writer.out) + ("\n...\n" if plain else writer.ending()), origin)


class _Writer:
    """Writes nodes.

    Attributes:
        out: what is written.
        column: characters on the line so far.
        line_is_indent: whether nothing but indentation and indicators stands on the line.
    """

    def __init__(self) -> None:
        self.out: list[str] = []
        self.column = 0
        self.line_is_indent = True

    def ending(self) -> str:
        """The line end after the last line, where there is none yet."""
        return "" if not self.column else "\n"

    def put(self, text: str, *, indicator: bool = False) -> None:
        self.out.append(text)
        self.column += len(text)
        self.line_is_indent = self.line_is_indent and indicator

    def new_line(self, indent: int) -> None:
        """Go to a column on a new line, unless this line is empty or consists of indicators."""
        if self.column and not (self.line_is_indent and self.column <= indent):
            self.out.append("\n")
            self.column = 0
        self.put(" " * (indent - self.column), indicator=True)
        self.line_is_indent = True

    def node(self, value: Value, indent: int, *, in_mapping: bool) -> None:
        """Write a node whose parent is indented by `indent`."""
        construct.check_length(len(self.out))
        if isinstance(value, Mapping) and value.fields:
            self.mapping(value, max(indent + INDENT, 0))
        elif isinstance(value, Sequence) and value.items:
            indentless = in_mapping and not self.line_is_indent
            self.sequence(value, max(indent, 0) if indentless else indent + INDENT)
        else:
            self.space()
            if isinstance(value, Mapping):
                self.put("{}")
            elif isinstance(value, Sequence):
                self.put("[]")
            elif isinstance(value, Scalar) and isinstance(value.value, str):
                self.text(value.value, indent + INDENT if indent >= 0 else INDENT)
            else:
                self.put(_plain(value))

    def space(self) -> None:
        if self.out and self.column and not self.out[-1].endswith(" ") and self.out[-1]:
            self.put(" ", indicator=True)

    def sequence(self, value: Sequence, indent: int) -> None:
        for item in value.items:
            self.new_line(indent)
            self.put("- ", indicator=True)
            self.node(item, indent, in_mapping=False)

    def mapping(self, value: Mapping, indent: int) -> None:
        for name in sorted(value.fields):
            self.new_line(indent)
            if "\n" not in name and len(name.encode()) <= MAX_SIMPLE_KEY and not BREAKS & set(name):
                self.quoted(name, indent + INDENT, fold=False)
                self.put(":")
            else:
                self.put("? ", indicator=True)
                self.text(name, indent + INDENT)
                self.new_line(indent)
                self.put(": ", indicator=True)
            self.node(value.fields[name], indent, in_mapping=True)

    def text(self, text: str, indent: int) -> None:
        if "\n" in text and _literal_allowed(text):
            self.literal(text, indent)
        else:
            self.quoted(text, indent, fold=True)

    def literal(self, text: str, indent: int) -> None:
        self.put("|")
        if text[0] == " " or text[0] in BREAKS:
            self.put(str(INDENT))
        if text[-1] not in BREAKS:
            self.put("-")
        elif len(text) == 1 or text[-2] in BREAKS:
            self.put("+")
        self.out.append("\n")
        self.column = 0
        at_start = True
        for letter in text:
            if letter in BREAKS:
                self.out.append(letter)
                self.column = 0
                at_start = True
                continue
            if at_start:
                self.put(" " * indent)
            self.put(letter)
            at_start = False

    def quoted(self, text: str, indent: int, *, fold: bool) -> None:
        self.put('"')
        spaces = False
        for at, letter in enumerate(text):
            if letter == " ":
                if fold and not spaces and self.column > WIDTH and 0 < at < len(text) - 1:
                    self.out.append("\n" + " " * indent)
                    self.column = indent
                    if text[at + 1] == " ":
                        self.put("\\")
                else:
                    self.put(" ")
                spaces = True
                continue
            spaces = False
            self.put(letter if _is_printable(letter) and letter not in '"\\' else _escaped(letter))
        self.put('"')


def _plain(value: Value) -> str:
    plain = value.value if isinstance(value, Scalar) else None
    if plain is None or isinstance(plain, bool):
        return {None: "null", True: "true", False: "false"}[plain]
    return numbers.text_of(plain) if not isinstance(plain, str) else plain


def _is_printable(letter: str) -> bool:
    code = ord(letter)
    if letter in BREAKS or letter == "\ufeff":
        return False
    return 0x20 <= code <= 0x7E or 0xA0 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD


def _escaped(letter: str) -> str:
    if letter in ESCAPES:
        return ESCAPES[letter]
    code = ord(letter)
    return f"\\x{code:02X}" if code <= 0xFF else f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def _literal_allowed(text: str) -> bool:
    """Whether block style can hold a text: no special characters, no spaces at the end of a line."""
    if text.endswith(" "):
        return False
    for at, letter in enumerate(text):
        if letter in BREAKS:
            if letter in "\r\x85" or text[at - 1 : at] == " ":
                return False
        elif not _is_printable(letter):
            return False
    return True
