"""Functions of strings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from infracheck.source.values import Mapping, Sequence
from infracheck.terraform import construct, numbers
from infracheck.terraform.construct import is_null, number_in, text_in
from infracheck.terraform.conversion import convert
from infracheck.terraform.functions.graphemes import graphemes
from infracheck.terraform.functions.graphemes import width as count
from infracheck.terraform.functions.number import whole
from infracheck.terraform.functions.signature import FunctionError, function
from infracheck.terraform.types import BOOL, DYNAMIC, NUMBER, STRING, ListType

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.source.origin import Origin
    from infracheck.source.values import Value

TEXTS = ListType(STRING)
SPACE = " \t\n\v\f\r\x85\xa0"
MAX_SUBJECT = 20_000
"""Characters a pattern is tried on: Terraform's engine (RE2) is linear and Python's is not."""


def _simple(name: str, change: Callable[[str], str]) -> None:
    def run(arguments: list[Value], origin: Origin) -> Value:
        return construct.string(change(text_in(arguments[0])), origin)

    function(STRING, returns=STRING, name=name)(run)


def _each(text: str, change: Callable[[str], str]) -> str:
    """A text with each letter changed by itself: Go maps one letter to one, whatever Unicode's full mapping says."""
    if text.isascii():
        return change(text)
    changed = ((letter, change(letter)) for letter in text)
    return "".join(new[0] if letter == "\u0130" else letter if len(new) > 1 else new for letter, new in changed)


def _titled(text: str) -> str:
    """Capitals after what Go's strings.Title calls a separator: anything in ASCII but letters, digits and `_`."""
    found = []
    after_separator = True
    for letter in text:
        found.append(_each(letter, str.title) if after_separator else letter)
        is_word = letter == "_" or letter.isalnum() or (not letter.isascii() and not letter.isspace())
        after_separator = not is_word
    return "".join(found)


_simple("upper", lambda text: _each(text, str.upper))
_simple("lower", lambda text: _each(text, str.lower))
_simple("title", _titled)
_simple("trimspace", lambda text: text.strip(SPACE))
_simple("chomp", lambda text: text.rstrip("\r\n"))
_simple("strrev", lambda text: "".join(reversed(graphemes(text))))


def _test(name: str, holds: Callable[[str, str], bool]) -> None:
    def run(arguments: list[Value], origin: Origin) -> Value:
        return construct.boolean(holds(text_in(arguments[0]), text_in(arguments[1])), origin)

    function(STRING, STRING, returns=BOOL, name=name)(run)


_test("startswith", str.startswith)
_test("endswith", str.endswith)
_test("strcontains", lambda text, part: part in text)


def _trimmed(name: str, change: Callable[[str, str], str]) -> None:
    def run(arguments: list[Value], origin: Origin) -> Value:
        return construct.string(change(text_in(arguments[0]), text_in(arguments[1])), origin)

    function(STRING, STRING, returns=STRING, name=name)(run)


_trimmed("trim", lambda text, letters: text.strip(letters) if letters else text)
_trimmed("trimprefix", str.removeprefix)
_trimmed("trimsuffix", str.removesuffix)


@function(STRING, STRING, returns=TEXTS)
def split(arguments: list[Value], origin: Origin) -> Value:
    """`split(separator, text)`."""
    separator, text = text_in(arguments[0]), text_in(arguments[1])
    parts = text.split(separator) if separator else list(text)
    # A list made from a variable's text is decided where that text is.
    whole = arguments[1].origin
    return construct.sequence_of([construct.string(part, whole) for part in parts], TEXTS, origin)


@function(STRING, rest=TEXTS, returns=STRING, looks_inside=True)
def join(arguments: list[Value], origin: Origin) -> Value:
    """`join(separator, lists...)`."""
    if len(arguments) < 2:
        raise FunctionError("at least one list is required")
    items = [item for argument in arguments[1:] if isinstance(argument, Sequence) for item in argument.items]
    if any(map(is_null, items)):
        raise FunctionError("element is null; cannot concatenate null values")
    return construct.string(text_in(arguments[0]).join(map(text_in, items)), origin)


@function(STRING, STRING, STRING, returns=STRING)
def replace(arguments: list[Value], origin: Origin) -> Value:
    """`replace(text, part, with)`; a part between slashes is a regular expression."""
    text, part, new = map(text_in, arguments)
    if len(part) > 1 and part.startswith("/") and part.endswith("/"):
        expression = compiled(part[1:-1])
        template = re.sub(r"\$(?:\{(\w+)\}|(\w+))", r"\\g<\1\2>", new.replace("\\", "\\\\"))
        try:
            return construct.string(expression.sub(template, _bounded(text)), origin)
        except (re.error, IndexError) as problem:
            raise FunctionError(str(problem)) from None
    return construct.string(text.replace(part, new), origin)


@function(STRING, NUMBER, NUMBER, returns=STRING)
def substr(arguments: list[Value], origin: Origin) -> Value:
    """`substr(text, offset, length)`; a negative offset counts from the end, length -1 is the rest."""
    letters, offset, length = graphemes(text_in(arguments[0])), whole(arguments[1]), whole(arguments[2])
    if offset >= 0 and length == 0:
        return construct.string("", origin)
    if offset < 0:
        offset = max(offset + len(letters), 0)
        # Terraform looks at a length of 0 only where it counts from the beginning.
        length = length or -1
    return construct.string("".join(letters[offset:] if length < 0 else letters[offset : offset + length]), origin)


@function(NUMBER, STRING, returns=STRING)
def indent(arguments: list[Value], origin: Origin) -> Value:
    """`indent(spaces, text)`: every line but the first."""
    return construct.string(text_in(arguments[1]).replace("\n", "\n" + " " * _indent(arguments[0])), origin)


def _indent(value: Value) -> int:
    return min(max(whole(value), 0), construct.MAX_STRING)


def compiled(pattern: str) -> re.Pattern[str]:
    """A pattern of RE2's syntax.

    Raises:
        FunctionError: it is malformed, or uses what RE2 does not have.
    """
    if re.search(r"\(\?(?:=|!|<=|<!|>|P=|#|\()|\\[1-9]", pattern):
        raise FunctionError("invalid regexp pattern: lookaround and backreferences are not supported")
    try:
        return re.compile(re.sub(r"\\z", r"\\Z", pattern))
    except (re.error, OverflowError, RecursionError) as problem:
        raise FunctionError(f"invalid regexp pattern: {problem}") from None


def _bounded(text: str) -> str:
    if len(text) > MAX_SUBJECT:
        raise FunctionError(f"the text is longer than the {MAX_SUBJECT:,} characters that patterns are tried on")
    return text


@function(STRING, STRING)
def regex(arguments: list[Value], origin: Origin) -> Value:
    """`regex(pattern, text)`: the match, or its groups as a list or object."""
    found = compiled(text_in(arguments[0])).search(_bounded(text_in(arguments[1])))
    if found is None:
        raise FunctionError("pattern did not match any part of the given string")
    return _match(found, origin)


@function(STRING, STRING)
def regexall(arguments: list[Value], origin: Origin) -> Value:
    """`regexall(pattern, text)`: all matches."""
    expression = compiled(text_in(arguments[0]))
    matches = [_match(found, origin) for found in expression.finditer(_bounded(text_in(arguments[1])))]
    return construct.tuple_of(matches, origin)


def _match(found: re.Match[str], origin: Origin) -> Value:
    if found.re.groupindex:
        fields = {name: _group(found[name], origin) for name in sorted(found.re.groupindex)}
        return construct.object_of(fields, origin)
    if found.re.groups:
        return construct.tuple_of([_group(group, origin) for group in found.groups()], origin)
    return construct.string(found[0], origin)


def _group(text: str | None, origin: Origin) -> Value:
    return construct.null(STRING, origin) if text is None else construct.string(text, origin)


VERB = re.compile(
    r"%(?P<flags>[-+ #0]*)(?P<width>\d{0,4})(?:\.(?P<precision>\d{0,4}))?(?:\[(?P<index>\d+)\])?(?P<verb>.)"
)


@function(STRING, rest=DYNAMIC, returns=STRING, takes_null=True, looks_inside=True, name="format")
def formatted(arguments: list[Value], origin: Origin) -> Value:
    """`format(spec, values...)`."""
    return construct.string(_format(text_in(arguments[0]), arguments[1:]), origin)


@function(STRING, rest=DYNAMIC, returns=TEXTS, looks_inside=True)
def formatlist(arguments: list[Value], origin: Origin) -> Value:
    """`formatlist(spec, values...)`: once for each element of the lists among the values."""
    spec, values = text_in(arguments[0]), arguments[1:]
    lengths = {len(value.items) for value in values if isinstance(value, Sequence)}
    if len(lengths) > 1:
        raise FunctionError("all lists must have the same length")
    count = lengths.pop() if lengths else 1
    rows = [
        _format(spec, [value.items[row] if isinstance(value, Sequence) else value for value in values])
        for row in range(count)
    ]
    return construct.sequence_of([construct.string(row, origin) for row in rows], TEXTS, origin)


def _format(spec: str, values: list[Value]) -> str:
    used: set[int] = set()
    at = 0

    def fill(found: re.Match[str]) -> str:
        nonlocal at
        if found["verb"] == "%":
            return "%"
        position = int(found["index"]) - 1 if found["index"] else at
        at = position + 1
        if position >= len(values):
            raise FunctionError(f"not enough arguments for {found[0]!r} at {found.start()}")
        used.add(position)
        return _verb(found, values[position])

    text = VERB.sub(fill, spec)
    if len(used) < len(values):
        raise FunctionError(f"too many arguments; only {len(used)} used by format string")
    return text


def _verb(found: re.Match[str], value: Value) -> str:
    from infracheck.terraform.functions.encoding import json_text  # noqa: PLC0415 - `%v` of a list is its JSON

    verb, flags, width = found["verb"], found["flags"], int(found["width"] or 0)
    precision = None if found["precision"] is None else int(found["precision"] or 0)
    if verb == "v":
        verb = "s" if not isinstance(value, Sequence | Mapping) and not is_null(value) else "#"
    if verb == "#" or (found["verb"] == "v" and "#" in flags):
        text = json_text(value)
    elif is_null(value):
        raise FunctionError(f"unsupported value for {found[0]!r}: null value cannot be formatted")
    elif verb in "sq":
        text = text_in(convert(value, STRING))
        text = text if precision is None else "".join(graphemes(text)[:precision])
        text = json_text(construct.string(text, value.origin)) if verb == "q" else text
    elif verb == "t":
        text = "true" if getattr(convert(value, BOOL), "value", False) else "false"
    elif verb in "dbox XfeEgG".replace(" ", ""):
        text = _number_text(verb, number_in(convert(value, NUMBER)), precision, flags)
    else:
        raise FunctionError(f"unsupported format verb {verb!r}")
    # Padding counts what a reader sees as one character.
    width += len(text) - count(text)
    if "-" in flags:
        return text.ljust(width)
    if "0" in flags and verb in "dfeEgGboxX":
        sign = text[:1] if text[:1] in "+-" else ""
        return sign + text[len(sign) :].rjust(width - len(sign), "0")
    return text.rjust(width)


def _number_text(verb: str, number: numbers.Number, precision: int | None, flags: str) -> str:
    if verb in "dboxX":
        whole = number.truncated()
        text = {"d": "{:d}", "b": "{:b}", "o": "{:o}", "x": "{:x}", "X": "{:X}"}[verb].format(whole)
    elif verb in "gG" and precision is None:
        text = numbers.text_of(number)
    else:
        text = f"{number:.{6 if precision is None else precision}{verb}}"
    if "+" in flags and not text.startswith("-"):
        text = f"+{text}"
    return f" {text}" if " " in flags and text[:1] not in "+-" else text
