"""Functions of strings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.source.values import Sequence
from infracheck.terraform import construct
from infracheck.terraform.construct import is_null, text_in
from infracheck.terraform.functions import regex_machine
from infracheck.terraform.functions.graphemes import clusters
from infracheck.terraform.functions.letters import lower, title, upper
from infracheck.terraform.functions.signature import FunctionError, function, whole
from infracheck.terraform.types import BOOL, NUMBER, STRING, ListType, ObjectType, TupleType

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.source.origin import Origin
    from infracheck.source.values import Value
    from infracheck.terraform.functions.regex_machine import Expression, Match
    from infracheck.terraform.types import Type

TEXTS = ListType(STRING)
SPACE = "".join(map(chr, (9, 10, 11, 12, 13, 32, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B))))
SPACE += "\u2028\u2029\u202f\u205f\u3000"
"""Unicode's white space, as Go's `unicode.IsSpace` has it."""


def _simple(name: str, change: Callable[[str], str]) -> None:
    def run(arguments: list[Value], origin: Origin) -> Value:
        return construct.string(change(text_in(arguments[0])), origin)

    function(STRING, returns=STRING, name=name)(run)


_simple("upper", upper)
_simple("lower", lower)
_simple("title", title)
_simple("trimspace", lambda text: text.strip(SPACE))
_simple("chomp", lambda text: text.rstrip("\r\n"))
_simple("strrev", lambda text: "".join(reversed(clusters(text))) if text else "")


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
    whole_text = arguments[1].origin
    return construct.sequence_of([construct.string(part, whole_text) for part in parts], TEXTS, origin)


@function(STRING, rest=TEXTS, returns=STRING, looks_inside=True)
def join(arguments: list[Value], origin: Origin) -> Value:
    """`join(separator, lists...)`."""
    if len(arguments) < 2:
        raise FunctionError("at least one list is required")
    items = [item for argument in arguments[1:] if isinstance(argument, Sequence) for item in argument.items]
    if any(map(is_null, items)):
        raise FunctionError("element is null; cannot concatenate null values")
    separator = text_in(arguments[0])
    length = sum(len(text_in(item)) for item in items) + len(separator) * (len(items) - 1)
    construct.check_length(length, origin)
    return construct.string(separator.join(map(text_in, items)), origin)


@function(STRING, STRING, STRING, returns=STRING)
def replace(arguments: list[Value], origin: Origin) -> Value:
    """`replace(text, part, with)`; a part between slashes is a regular expression."""
    text, part, new = map(text_in, arguments)
    if len(part) > 1 and part.startswith("/") and part.endswith("/"):
        expression = regex_machine.compiled(part[1:-1])
        construct.check_length(len(text) + (len(text) + 1) * len(new), origin)
        return construct.string(regex_machine.replaced(expression, text, new), origin)
    construct.check_length(len(text) + (text.count(part) if part else len(text) + 1) * len(new), origin)
    return construct.string(text.replace(part, new), origin)


@function(STRING, NUMBER, NUMBER, returns=STRING)
def substr(arguments: list[Value], origin: Origin) -> Value:
    """`substr(text, offset, length)` in grapheme clusters; a negative offset counts from the end.

    A negative length is the rest, and so is a length of zero after a negative offset, as in Terraform.
    """
    text, offset, length = text_in(arguments[0]), whole(arguments[1]), whole(arguments[2])
    parts = clusters(text) if text else []
    to_the_end = length < 0
    if offset < 0:
        to_the_end = to_the_end or length == 0
        offset = max(offset + len(parts), 0)
    part = parts[offset:] if to_the_end else parts[offset : offset + length]
    return construct.string("".join(part), origin)


@function(NUMBER, STRING, returns=STRING)
def indent(arguments: list[Value], origin: Origin) -> Value:
    """`indent(spaces, text)`: every line but the first."""
    spaces, text = whole(arguments[0]), text_in(arguments[1])
    if spaces < 0:
        raise FunctionError("the number of spaces must not be negative")
    construct.check_length(len(text) + text.count("\n") * spaces, origin)
    return construct.string(text.replace("\n", "\n" + " " * spaces), origin)


@function(STRING, STRING)
def regex(arguments: list[Value], origin: Origin) -> Value:
    """`regex(pattern, text)`: the match, or its groups as a tuple or object."""
    expression = regex_machine.compiled(text_in(arguments[0]))
    _group_type(expression)
    found = expression.search(text_in(arguments[1]))
    if found is None:
        raise FunctionError("pattern did not match any part of the given string")
    return _match(expression, found, origin)


@function(STRING, STRING)
def regexall(arguments: list[Value], origin: Origin) -> Value:
    """`regexall(pattern, text)`: all matches, as a list."""
    expression = regex_machine.compiled(text_in(arguments[0]))
    kind = _group_type(expression)
    matches = [_match(expression, found, origin) for found in expression.matches(text_in(arguments[1]))]
    return construct.sequence_of(matches, ListType(kind), origin)


def _group_type(expression: Expression) -> Type:
    """The type of a match.

    Raises:
        FunctionError: some groups have names and others have none.
    """
    if not expression.names:
        return STRING
    if all(expression.names):
        return ObjectType(dict.fromkeys(sorted(expression.names), STRING))
    if any(expression.names):
        raise FunctionError("invalid regexp pattern: cannot mix both named and unnamed capture groups")
    return TupleType((STRING,) * len(expression.names))


def _match(expression: Expression, found: Match, origin: Origin) -> Value:
    groups = [_group(found.group(number + 1), origin) for number in range(len(expression.names))]
    if not groups:
        return construct.string(found.group(0) or "", origin)
    if expression.names[0]:
        named = dict(zip(expression.names, groups, strict=True))
        return construct.object_of({name: named[name] for name in sorted(named)}, origin)
    return construct.tuple_of(groups, origin)


def _group(text: str | None, origin: Origin) -> Value:
    return construct.null(STRING, origin) if text is None else construct.string(text, origin)
