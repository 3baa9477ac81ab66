"""HCL text as a list of tokens: one compiled expression, and a stack of what is open.

The stack decides two things the grammar leaves to the lexer here: whether a line end is a token (it is between braces
and at the top, not between parentheses, square brackets or in `for` objects), and whether a `}` ends an interpolation.
A token is a plain tuple `(kind, value, start, end)`; punctuation is its own kind. Nothing in this file goes back in the
text by more than one token's first line, so any input takes time in proportion to its length.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, TypeAlias

from infracheck.source.errors import LimitError, SyntaxProblem
from infracheck.source.files import Span
from infracheck.source.origin import Origin

if TYPE_CHECKING:
    from infracheck.source.files import SourceFile

Token: TypeAlias = tuple[str, str, int, int]

NAME, NUMBER, STRING, NEWLINE, END = "name", "number", "string", "newline", "end of file"
QUOTE_OPEN, QUOTE_CLOSE, HEREDOC_OPEN, HEREDOC_CLOSE = "open quote", "closing quote", "heredoc", "heredoc end"
TEXT, INTERPOLATION, DIRECTIVE, SEQUENCE_END = "text", "${", "%{", "template sequence end"
BAD = "bad"
"""The kind of what cannot be read. Its value is the message."""

MAX_TOKENS = 2_000_000
"""The most tokens of one text; ten megabytes of ordinary Terraform hold fewer. Each takes 250 bytes with its node."""

_PATTERN = r"""
[ \t]*+(?:
  (?P<name>%s)
| (?P<newline>\r?\n(?:[ \t]*+\r?\n)*+)
| (?P<string>"[^"\\$%%\r\n]*+")
| (?P<punctuation>==|=>|=|\.\.\.|\.|[()\[\],]|&&|\|\||!=|<=|>=|::|[?:>!+*%%-]|/(?![/*])|<(?!<))
| (?P<brace>[{}]|~\})
| (?P<number>[0-9](?:(?:[0-9.]|[eE][+-]?[0-9])*(?:[eE][+-]?)?[0-9])?+)
| (?P<comment>\#[^\n]*+|//[^\n]*+)
| (?P<quote>")
| (?P<heredoc><<-?%s\r?\n)
| (?P<remark>/\*)
)
"""
_ASCII_NAME = r"[A-Za-z_][A-Za-z0-9_-]*+"
_ANY_NAME = r"[^\W\d](?:[\w-]|[^\x00-\x7f])*+"
_ASCII = re.compile(_PATTERN % (_ASCII_NAME, _ASCII_NAME), re.VERBOSE)
_UNICODE = re.compile(_PATTERN % (_ANY_NAME, _ANY_NAME), re.VERBOSE)
_FOR = re.compile(r"\{(?:[ \t\r\n]|\#[^\n]*+\n|//[^\n]*+\n|/\*(?:[^*]|\*(?!/))*+\*/)*+for(?![\w-])(?!\s*+=[^=])")
_QUOTED_TEXT = re.compile(r'(?:[^"\\$%\r\n]|\\[^\r\n]|\$\$\{|%%\{|[$%](?!\{))*+')
_HEREDOC_LINE = re.compile(r"(?:[^\n$%]|\$\$\{|%%\{|[$%](?!\{))*+\n?")
_SEQUENCE = re.compile(r"\$\$\{|%%\{|(\$\{|%\{)~?")
_ESCAPE = re.compile(r"\\(?:u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[^\r\n])|\$\$\{|%%\{")
_SIMPLE_ESCAPES = {"\\n": "\n", "\\r": "\r", "\\t": "\t", '\\"': '"', "\\\\": "\\", "$${": "${", "%%{": "%{"}
_ADVICE = {
    "'": 'Single quotes are not valid. Use double quotes (") to enclose strings.',
    "`": 'The "`" character is not valid. To create a multi-line string, use the "heredoc" syntax, like "<<EOT".',
    ";": "The ';' character is not valid. Use newlines to separate arguments and blocks, and commas in collections.",
    "&": 'Bitwise operators are not supported. Did you mean boolean AND ("&&")?',
    "|": 'Bitwise operators are not supported. Did you mean boolean OR ("||")?',
    "^": 'Bitwise operators are not supported. "^" is not a valid character.',
    "~": 'Bitwise operators are not supported. "~" is valid only beside the braces of a template sequence.',
    "“": 'Curly quotes are not valid here. Use straight double quotes (") to enclose strings.',
    "”": 'Curly quotes are not valid here. Use straight double quotes (") to enclose strings.',
}
MULTI_LINE = (
    "Invalid multi-line string: this quote is not closed on its line. Close it, use \\n for a line break, or write a "
    'heredoc ("<<EOT")'
)
OPEN_SEQUENCE = "Unclosed template sequence: there is no closing brace for this one before the end of the file"
OPEN_HEREDOC = "Unterminated heredoc: no line holds its end marker {marker} alone before the end of the file"


class SizeProblem(SyntaxProblem, LimitError):  # noqa: N818 - as SyntaxProblem
    """A text holds more than is read."""


class Lexer:
    """Cuts one text into tokens.

    Attributes:
        tokens: what was read; the last is always `END`.
        comments: start and end of every comment.
    """

    def __init__(self, file: SourceFile, start: int = 0, end: int | None = None, text: str | None = None) -> None:
        self.file = file
        self.text = file.text if text is None else text
        self.start = start
        self.end = len(self.text) if end is None else end
        self.tokens: list[Token] = []
        self.comments: list[tuple[int, int]] = []
        self._open: list[tuple[str, int]] = []

    def configuration(self) -> list[Token]:
        """The tokens of attributes and blocks, or of an expression.

        Raises:
            SizeProblem: there are too many.
        """
        self._code(self.start)
        self.tokens.append((END, "", self.end, self.end))
        return self.tokens

    def template(self) -> list[Token]:
        """The tokens of a bare template: text and sequences up to the end, as if it all stood in a heredoc.

        Raises:
            SizeProblem: there are too many.
        """
        self._open.append(("template", self.start))
        self._code(self._template(self.start))
        self.tokens.append((END, "", self.end, self.end))
        return self.tokens

    def _code(self, at: int) -> None:  # noqa: PLR0915 - one flat loop: a call per token would double the time
        text, end, tokens, opened = self.text, self.end, self.tokens, self._open
        pattern = (_ASCII if text.isascii() else _UNICODE).match
        ascii_names = text.isascii()
        newlines = _newlines_count(opened)
        append = tokens.append
        while at < end:
            if len(tokens) > MAX_TOKENS:
                raise SizeProblem(f"More than {MAX_TOKENS:,} tokens", Origin(Span(self.file, self.start, self.start)))
            match = pattern(text, at, end)
            if match is None:
                at = self._unreadable(at)
                continue
            kind = match.lastgroup
            start, stop = match.span(kind)  # type: ignore[arg-type]  # one of the groups always matches
            at = stop
            if kind == "name":
                word = text[start:stop]
                if not ascii_names and not word.isascii():
                    word, at = _identifier(text, start, stop)
                    if not word:
                        at = self._unreadable(start)
                        continue
                append((NAME, word, start, at))
            elif kind == "punctuation":
                word = text[start:stop]
                append((word, word, start, stop))
                if word in "([":
                    opened.append((word, start))
                    newlines = False
                elif word in ")]":
                    if opened and opened[-1][0] == ("(" if word == ")" else "["):
                        opened.pop()
                    newlines = _newlines_count(opened)
            elif kind == "newline":
                if newlines:
                    append((NEWLINE, "", start, stop))
            elif kind == "string":
                append((STRING, normal(text[start + 1 : stop - 1]), start, stop))
            elif kind == "brace":
                at = self._brace(start, stop)
                newlines = _newlines_count(opened)
            elif kind == "number":
                append((NUMBER, text[start:stop], start, stop))
            elif kind == "comment":
                if text.endswith("\r", start, stop) and text.startswith("\n", stop):
                    at = stop = stop - 1
                self.comments.append((start, stop))
            elif kind == "quote":
                append((QUOTE_OPEN, '"', start, stop))
                opened.append(('"', start))
                at = self._template(stop)
                newlines = _newlines_count(opened)
            elif kind == "remark":
                close = text.find("*/", stop, end)
                if close < 0:
                    append((BAD, "Unclosed comment: there is no */ for this /* before the end of the file", start, end))
                    return
                at = close + 2
                self.comments.append((start, at))
            else:
                append((HEREDOC_OPEN, text[start:stop], start, stop))
                opened.append((text[start:stop], start))
                at = self._template(stop)
                newlines = _newlines_count(opened)
        for bracket, start in reversed(opened):
            if bracket in ("${", "%{"):
                append((BAD, OPEN_SEQUENCE, start, start + 2))
                break

    def _brace(self, start: int, stop: int) -> int:
        text, opened = self.text, self._open
        brace = text[start:stop]
        if brace == "{":
            is_for = _FOR.match(text, start, self.end) is not None
            opened.append(("{for" if is_for else "{", start))
        else:
            # What is left open inside a pair of braces is closed with it; the parser reports it where it is missing.
            while opened and opened[-1][0] in "([":
                opened.pop()
            kind = opened[-1][0] if opened else ""
            if kind in ("${", "%{"):
                opened.pop()
                self.tokens.append((SEQUENCE_END, brace, start, stop))
                return self._template(stop)
            if brace == "~}":
                self.tokens.append((BAD, _ADVICE["~"], start, stop))
                return stop
            if kind in ("{", "{for"):
                opened.pop()
        self.tokens.append((brace, brace, start, stop))
        return stop

    def _template(self, at: int) -> int:
        """Reads template text up to the next sequence or the template's end; the position to go on from."""
        kind = self._open[-1][0]
        if kind == '"':
            return self._quoted(at)
        if kind == "template":
            return self._bare(at)
        return self._heredoc(at)

    def _quoted(self, at: int) -> int:
        text, tokens = self.text, self.tokens
        match = _QUOTED_TEXT.match(text, at, self.end)
        stop = match.end() if match else at
        if stop > at:
            raw = text[at:stop]
            value = raw
            if "\\" in raw or "{" in raw:
                value, problem = unescape(raw)
                if problem:
                    wrong = at + problem[1]
                    tokens.append((BAD, problem[0], wrong, min(wrong + 2, stop)))
            tokens.append((TEXT, normal(value), at, stop))
        next_ = text[stop : stop + 1] if stop < self.end else ""
        if next_ == '"':
            tokens.append((QUOTE_CLOSE, '"', stop, stop + 1))
            self._open.pop()
            return stop + 1
        if next_ in ("$", "%"):
            return self._sequence(stop)
        opening = self._open.pop()[1]
        tokens.append((BAD, MULTI_LINE, opening, opening + 1))
        return stop

    def _sequence(self, at: int) -> int:
        kind = self.text[at : at + 2]
        stop = at + (3 if self.text.startswith("~", at + 2) else 2)
        self.tokens.append((kind, self.text[at:stop], at, stop))
        self._open.append((kind, at))
        return stop

    def _bare(self, at: int) -> int:
        stop = _next_sequence(self.text, at, self.end)
        if stop > at:
            self.tokens.append((TEXT, _plain(self.text[at:stop]), at, stop))
        return self._sequence(stop) if stop < self.end else stop

    def _heredoc(self, at: int) -> int:
        text, end = self.text, self.end
        opening, opened_at = self._open[-1]
        marker = opening.strip().lstrip("<").removeprefix("-")
        start = at
        while True:
            match = _HEREDOC_LINE.match(text, at, end)
            stop = match.end() if match else at
            whole = stop > at and text[stop - 1] == "\n"
            # A marker at the very end of the file, without a line end, is none: HashiCorp's scanner wants to see it.
            if text[at - 1] == "\n" and whole and text[at:stop].strip() == marker:
                break
            if not whole and stop < end:
                self._heredoc_text(start, stop)
                return self._sequence(stop)
            if stop == end:
                self.tokens.append((BAD, OPEN_HEREDOC.format(marker=marker), opened_at, opened_at + len(opening)))
                self._open.pop()
                return end
            at = stop
        self._heredoc_text(start, at)
        begin = at + text[at:stop].index(marker)
        self.tokens.append((HEREDOC_CLOSE, marker, begin, begin + len(marker)))
        self._open.pop()
        # The line end after the marker is a token of its own: it ends the attribute.
        return begin + len(marker)

    def _heredoc_text(self, start: int, stop: int) -> None:
        if stop > start:
            self.tokens.append((TEXT, _plain(self.text[start:stop]), start, stop))

    def _unreadable(self, at: int) -> int:
        while at < self.end and self.text[at] in " \t":
            at += 1
        if at < self.end:
            character = self.text[at]
            shown = character if character.isprintable() else f"U+{ord(character):04X}"
            advice = _ADVICE.get(
                character, f'The character "{shown}" is not valid in HCL outside strings and comments.'
            )
            self.tokens.append((BAD, f"Invalid character: {advice}", at, at + 1))
        return at + 1


def unescape(raw: str) -> tuple[str, tuple[str, int] | None]:
    """The text that the inside of a quoted string stands for, and what is wrong with it, if anything is.

    Returns:
        The text, and a message with its offset in `raw`, or None.
    """
    problem: tuple[str, int] | None = None

    def replacement(match: re.Match[str]) -> str:
        nonlocal problem
        written = match.group()
        simple = _SIMPLE_ESCAPES.get(written)
        if simple is not None:
            return simple
        if len(written) > 2:
            code = int.from_bytes(bytes.fromhex(written[2:]), "big")
            if code <= 0x10FFFF and not 0xD800 <= code <= 0xDFFF:
                return chr(code)
            return "\ufffd"
        if problem is None:
            if written[1] in "uU":
                digits = 4 if written[1] == "u" else 8
                message = f"Invalid escape sequence: \\{written[1]} must be followed by {digits} hexadecimal digits"
            else:
                message = f"Invalid escape sequence: \\{written[1]} is not an escape; for a backslash itself write \\\\"
            problem = (message, match.start())
        return written

    return _ESCAPE.sub(replacement, raw), problem


def _newlines_count(opened: list[tuple[str, int]]) -> bool:
    return not opened or opened[-1][0] == "{"


def _identifier(text: str, start: int, stop: int) -> tuple[str, int]:
    """The longest identifier there; Python's own notion (XID) is the Unicode one HCL names, plus `-`."""
    word = text[start:stop]
    if not word.replace("-", "").isidentifier():
        length = 0
        while length < len(word) and (word[length] == "-" or ("a" * (length > 0) + word[length]).isidentifier()):
            length += 1
        word = word[:length]
    return word, start + len(word)


def normal(value: str) -> str:
    """Terraform's strings are in Unicode normal form C."""
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def _plain(value: str) -> str:
    """Template text outside quotes, where only the doubled openings are escapes."""
    if "{" in value:
        value = value.replace("$${", "${").replace("%%{", "%{")
    return normal(value)


def _next_sequence(text: str, at: int, end: int) -> int:
    """The offset of the next `${` or `%{` that is not escaped, or `end`."""
    for match in _SEQUENCE.finditer(text, at, end):
        if match.group(1):
            return match.start()
    return end
