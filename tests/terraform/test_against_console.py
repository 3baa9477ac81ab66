"""Expressions that Hypothesis writes, evaluated by infracheck and by `terraform console`: the same values, or errors.

The console is asked many expressions at once: a configuration's local holds them, each guarded by `try`, and the
console prints them all as JSON together with their types. Expressions that no configuration may hold are found by
halving. Answers are kept while the tests run, so that shrinking a batch that failed asks only what is new.

Every run tries the same expressions. To look further, with others each time and ten times as many:

    pytest tests/terraform/test_against_console.py --hypothesis-profile=wide
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import infracheck
from infracheck.source.values import Scalar, Sequence
from infracheck.terraform.functions.signature import FUNCTIONS
from infracheck.terraform.types import (
    BOOL,
    COLLECTIONS,
    DYNAMIC,
    NUMBER,
    STRING,
    Dynamic,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    type_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from infracheck.terraform.types import Type

ERROR: Final = "error"
BATCH: Final = 120
"""How many expressions one console is asked."""
EXAMPLES: Final = max(settings().max_examples // 2, 1)
"""How many batches one test draws: a share of what the profile allows, because a console takes long to start."""

# ---------------------------------------------------------------------------------------------- what both sides say


def said_by_console(expressions: list[str], terraform: str, folder: Path) -> list[str]:
    """What `terraform console` says to each expression: JSON and type, or `error`."""
    found: list[str] = []
    for start in range(0, len(expressions), BATCH):
        found += _batch(expressions[start : start + BATCH], terraform, folder)
    return found


def _batch(expressions: list[str], terraform: str, folder: Path) -> list[str]:
    texts = ",\n".join(f'try(jsonencode([{one}\n]), "{ERROR}")' for one in expressions)
    values = ",\n".join(f'try([{one}\n], "{ERROR}")' for one in expressions)
    (folder / "main.tf").write_text(
        f"locals {{\n texts = [{texts}]\n values = [{values}]\n}}\n", encoding="utf-8", newline=""
    )
    encoded = _ask("base64encode(jsonencode(local.texts))", terraform, folder)
    if encoded is None:
        if len(expressions) == 1:
            return [ERROR]
        return _halved(expressions, terraform, folder)
    answers = json.loads(base64.b64decode(encoded))
    printed = _ask("type(local.values)", terraform, folder) or ""
    types = [_squeezed(printed)[7:-3]] if len(expressions) == 1 else _types(printed)
    if len(types) != len(expressions):  # Line breaks in keys are printed as such.
        return _halved(expressions, terraform, folder)
    return [
        ERROR if answer == ERROR else f"{answer} {of}" if of != "string" else answer
        for answer, of in zip(answers, types, strict=True)
    ]


def _halved(expressions: list[str], terraform: str, folder: Path) -> list[str]:
    half = len(expressions) // 2
    return _batch(expressions[:half], terraform, folder) + _batch(expressions[half:], terraform, folder)


def _ask(line: str, terraform: str, folder: Path) -> str | None:
    environment = {**os.environ, "TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1"}
    run = subprocess.run(
        [terraform, "console"],
        input=f"{line}\n",
        capture_output=True,
        text=True,
        cwd=folder,
        env=environment,
        check=False,
    )
    failed = run.returncode or run.stderr or run.stdout.startswith("(")
    return None if failed else run.stdout.strip().strip('"')


def _types(printed: str) -> list[str]:
    """The types of a tuple's elements, from what `type` printed of it: one a line where they are simple."""
    found: list[str] = []
    element = ""
    for line in printed.split("\n")[1:-1]:
        element += line
        if line[4:5] != " " and line.endswith(","):
            found.append(_squeezed(element[:-1]))
            element = ""
    return found


def _squeezed(printed: str) -> str:
    return "".join(printed.split()).replace(",)", ")")


@cache
def said_by_us(expression: str) -> str:
    """The same of infracheck."""
    try:
        text = infracheck.evaluate(f"jsonencode([{expression}\n])")
        value = infracheck.evaluate(f"[{expression}\n]")
    except infracheck.InfracheckError:
        return ERROR
    if not isinstance(text, Scalar) or not isinstance(value, Sequence):
        return f"unknown: {getattr(text, 'reason', value)}"
    return f"{text.value} {_squeezed(as_printed(type_of(value)))}"


def as_printed(of: Type) -> str:
    """A type as the console's `type` prints it, without blanks."""
    if isinstance(of, COLLECTIONS):
        return f"{ {ListType: 'list', SetType: 'set', MapType: 'map'}[type(of)] }({as_printed(of.element)})"
    if isinstance(of, TupleType):
        return f"tuple([{''.join(f'{as_printed(one)},' for one in of.elements)}])"
    if isinstance(of, ObjectType):
        return f"object({{{''.join(f'{name}:{as_printed(of.attributes[name])},' for name in sorted(of.attributes))}}})"
    return "dynamic" if isinstance(of, Dynamic) else str(of)


ASKED: Final[dict[str, str]] = {}
"""What the console has said since the tests began."""


def differences(expressions: list[str], terraform: str, folder: Path) -> list[str]:
    """Where the two sides say different things."""
    new = [one for one in dict.fromkeys(expressions) if one not in ASKED]
    ASKED.update(zip(new, said_by_console(new, terraform, folder), strict=True))
    return [
        f"{one}\n    terraform:  {ASKED[one]}\n    infracheck: {ours}"
        for one in expressions
        if (ours := said_by_us(one)) != ASKED[one]
    ]


# ------------------------------------------------------------------------------------------------- what is generated

STRINGS: Final = (
    '""', '"a"', '"b"', '"Hello World"', '"é"', '"e\\u0301x"', '"👩‍👩‍👧 x"', '"  pad\\t\\n"', '"a,b,,c"', '"1"',
    '"10"', '"true"',
    '"-1.5"', '"ß ǆ İ"', '"%d %s"', '"$${x}"', '"one\\ntwo\\n\\n"', '"A-B_c.d"', '"日本"', '"null"', '"0x1F"', '"1e3"',
    '"&<>\\u2028"',
    '"aaa"', '"a\\"b\\\\"', '"c"', '"x y"', '"\\r\\n"', '"\\U0001F1E9\\U0001F1EA!"',
)  # fmt: skip
NUMBERS: Final = ("0", "1", "-1", "2", "3", "3.7", "-2.5", "1e3", "1.0", "10", "255", "9007199254740993", "0.1",
    "(1/3)",
                  "16", "62", "-0", "4", "1e-7", "123456789012345678901234567890")  # fmt: skip
BOOLS: Final = ("true", "false", "true", "false", '"true"', "1")
KEYS: Final = ("a", "b", "c", '"x y"', "(1)", '"${"a"}"', "é")

PATTERNS: Final = tuple(
    json.dumps(text, ensure_ascii=False)
    for text in (
        "a", "(a)(b)?", "[a-c]+", "(?P<n>.)", "(?P<n>\\w+) (?P<m>.)", "^", "$", "\\bo", "(?i)HELLO", "\\pL+",
        "[[:upper:]]",
        "a{2}", "(a|aa)+?", "x*", "(?=a)", "\\1", "[z-a]", "(", ".", "(?s).+", "(?m)^.*$", "\\d+", "l+", "é",
        "(?U)a+", "",
        "\\Qa,\\E", "[^a]", "\\x61", "(a*)*", "(?i:k)", "\\p{Greek}", "a|b|", "\\S+", "(?<n>a)",
    )
)  # fmt: skip
REPLACED: Final = tuple(f'"/{one[1:-1]}/"' for one in PATTERNS)
TIMES: Final = ('"2024-02-29T23:59:59Z"', '"2017-11-22T00:00:00+02:00"', '"1999-12-31T12:00:00.5-11:30"',
    '"2024-13-01T00:00:00Z"',
                '"2023-02-29T00:00:00Z"', '"2024-01-01"', '"0001-01-01T00:00:00Z"', '"2024-01-01T24:00:00Z"',
                '"2020-01-02t03:04:05z"')  # fmt: skip
ENCODINGS: Final = ('"UTF-8"', '"UTF-16LE"', '"utf-16be"', '"UTF-16"', '"ISO-8859-1"', '"windows-1252"',
    '"Shift_JIS"', '"nope"', '"GBK"',
                    '"US-ASCII"')  # fmt: skip
FORMATS: Final = tuple(
    f'"{text}"'
    for text in (
        "%s", "%d", "%5s|%-5s|", "%05d", "%+d", "%q", "%v", "%#v", "%t", "%x", "%X", "%o", "%b", "%e", "%.2f", "%g",
        "%G", "%8.3f", "%%",
        "%s %s", "%[2]s %[1]s", "%[1]v%[1]v", "%", "%z", "% d", "%x", "%.3s", "%06.2f", "a", "", "%é", "%*d", "%.0f",
        "%5t", "%-8q|", "%E",
    )
)  # fmt: skip
PREFIXES: Final = ('"10.0.0.0/8"', '"192.168.1.7/24"', '"fd00::/48"', '"0.0.0.0/0"', '"::ffff:10.0.0.0/104"',
    '"10.0.0.0/33"', '"10.0.0/8"',
                   '"010.001.0.0/16"', '"2001:db8::1/128"', '"10.0.0.1/32"')  # fmt: skip
JSON_TEXTS: Final = tuple(
    json.dumps(text, ensure_ascii=False)
    for text in (
        '{"a":[1,2.50,null,true,"x"]}', "[]", "{}", "1", '"é\\u0301"', "{a:1}", "[1,]", "", " 1 ", "1 2", "01",
        "1e400", "-0", "NaN",
        '{"a":1,"a":2}', '"\\ud83d\\ude00"', "null", "-", "1.", "[[],[{}]]", "'a'", "\ufeff1", '"a\tb"', "nul",
    )
)  # fmt: skip
YAML_TEXTS: Final = tuple(
    json.dumps(text, ensure_ascii=False)
    for text in (
        "a: 1\nb: [x, y]", "- 1\n- 2.5\n- 0x1F\n- 0o17\n- 017\n- 1_000\n- .inf\n", "yes", "~", "",
        "a: |\n  x\n  y\n", "? a\n: b",
        "&x a", "a: &x {b: 1}\nc: *x", "a: 1\na: 2", "{a: 1", "--- 1\n--- 2\n", "!!str 1", "2001-12-14", "'a''b'",
        '"\\u00e9"',
        "a: >-\n  x\n  y\n\n  z", "<<: {a: 1}", "x: {<<: {a: 1}, b: 2}", "1e3", "+1", "-.5", "null", "Null", "NO",
        "True", "- !!binary aGk=",
        "a: {1: 2, true: x}", "# only", "a:\n- b", "\ta: 1", "!!set {a, b}", "!foo 1", "1:30", "0b11", "a: b: c",
    )
)  # fmt: skip
CSV_TEXTS: Final = ('"a,b\\n1,2\\n3,4"', '"a\\n\\"x\\"\\"y\\"\\n"', '"a,a\\n1,2"', '""', '"a,b\\n1"',
    '"a b, c\\r\\n 1 ,\\"2\\n3\\""',
                    '"a\\n\\nb"', '"a\\nx\\"y"', '"a,b\\n\\"x\\",\\"\\"\\n"', '"é\\n日"')  # fmt: skip
SPECIAL: Final[dict[str, tuple[tuple[str, ...] | None, ...]]] = {
    "regex": (PATTERNS, None), "regexall": (PATTERNS, None), "replace": (None, (*REPLACED, *STRINGS), (*STRINGS,
    '"$1"', '"$${1}x"', '"$n"', '"$$"')),
    "formatdate": (
        ('"YYYY-MM-DD\'T\'hh:mm:ssZ"', '"EEEE, D MMM YY"', '"H:m AA aa"', '"ZZZ ZZZZ ZZZZZ"', '"\'a\'\'b\'"',
            '"\'a"', '"Y"', '"hhh"', '"é"', '""', '"HH s MMMM EEE"'),
        TIMES,
    ),
    "timeadd": (TIMES, ('"1h"', '"-1.5h"', '"10m30s"', '"1us"', '"1d"', '""', '"0"', '"+1ms"', '"1h1"', '".5s"',
    '"300000000h"', '"-87600h"')),
    "timecmp": (TIMES, TIMES),
    "parseint": (('"10"', '"ff"', '"-7"', '"zZ"', '"+1"', '""', '"1_000"', '"0x1f"', '" 1"', "10",
    '"12345678901234567890123"'), ("2", "10", "16", "36", "62", "1", "63", "8")),
    "textencodebase64": (None, ENCODINGS), "textdecodebase64": (('"aGk="', '"aABpAA=="', '"6Q=="', '"!"', '""',
    '"g2U="'), ENCODINGS),
    "uuidv5": (('"dns"', '"url"', '"oid"', '"x500"', '"6ba7b810-9dad-11d1-80b4-00c04fd430c8"', '"nope"', '"DNS"'),
    None),
    "format": (FORMATS,), "formatlist": (FORMATS,),
    "cidrsubnet": (PREFIXES, ("0", "4", "8", "24", "-1", "100"), ("0", "1", "15", "255", "-1", "256")),
    "cidrhost": (PREFIXES, ("0", "1", "-1", "255", "256", "-2", "65536", "1.5")), "cidrnetmask": (PREFIXES,),
    "cidrsubnets": (PREFIXES, ("0", "4", "8", "1", "64"), ("0", "4", "8", "1", "64")),
    "jsondecode": (JSON_TEXTS,), "yamldecode": (YAML_TEXTS,), "csvdecode": (CSV_TEXTS,),
    "base64decode": (('"aGk="', '"aGk"', '"/w=="', '""', '"aG k="', '"aGk=\\n"', '"w6k="', '"aGl="'),),
    "range": (NUMBERS[:10], NUMBERS[:10], NUMBERS[:10]), "substr": (None, ("0", "1", "-1", "-3", "5", "1.5"), ("0",
    "1", "-1", "2", "-2", "100")),
    "indent": (("0", "2", "-1", "1.5"), None), "log": (NUMBERS, ("2", "10", "1", "0", "-1", "0.5")),
    "pow": (NUMBERS[:8], ("0", "1", "-1", "2", "3", "0.5")),
    "templatestring": (("null", '"x"'), None),
    "basename": (('"a/b.txt"', '"/"', '"a/"', '""', '"/a//b/.."'),), "dirname": (('"a/b.txt"', '"/"', '"a/"', '""',
    '"/a//b/.."', '"//x/y"', '"./a"'),),
    "slice": (None, ("0", "1", "2", "-1", "1.5"), ("0", "1", "2", "3", "-1")), "element": (None, ("0", "1", "5",
    "-1", "1.5")), "chunklist": (None, ("0", "1", "2", "-1", "1.5", "100")),
}  # fmt: skip
UNDECIDED: Final = {"abspath", "pathexpand", "timestamp", "templatestring", "sensitive", "ephemeralasnull", "uuid",
"plantimestamp",
                    "bcrypt", "base64gzip"}  # fmt: skip
"""Functions whose result depends on the machine or the moment, or cannot be printed."""


class Generator:
    """Writes expressions.

    Attributes:
        chance: decides; Hypothesis, in the tests.
        bound: names that the loops around the place have bound.
    """

    def __init__(self, chance: Random) -> None:
        self.chance = chance
        self.bound: list[str] = []

    def once_in(self, count: int) -> bool:
        """True, once in so many times."""
        return self.chance.randrange(count) == 0

    def pick(self, pool: tuple[str, ...]) -> str:
        """One of a pool."""
        return self.chance.choice(pool)

    def call(self) -> str:
        """A call: arguments that fit, now and then one that does not, one too many, or one missing."""
        known = FUNCTIONS[self.pick(CALLED)]
        pools = SPECIAL.get(known.name, ())
        count = len(known.parameters) + (self.chance.randint(0, 3) if known.rest is not None else 0)
        if self.once_in(20):
            count = max(count + self.chance.choice([-1, 1]), 0)
        arguments = []
        for position in range(count):
            wanted = known.parameters[position] if position < len(known.parameters) else known.rest
            pool = pools[position] if position < len(pools) else None
            if self.once_in(15):
                arguments.append(self.value(2))
            elif pool is not None:
                arguments.append(self.pick(pool))
            elif known.name in SHAPES and position < len(SHAPES[known.name]):
                arguments.append(self.of_type(SHAPES[known.name][position]))
            else:
                arguments.append(self.of_type(wanted))
        return f"{known.name}({', '.join(arguments)}{'...' if arguments and self.once_in(15) else ''})"

    def of_type(self, wanted: Type | None) -> str:
        """A value that can become a type, mostly without a conversion."""
        if wanted == STRING:
            return self.pick(STRINGS)
        if wanted == NUMBER:
            return self.pick(NUMBERS)
        if wanted == BOOL:
            return self.pick(BOOLS)
        if isinstance(wanted, COLLECTIONS):
            element = wanted.element
            return (self.keyed if isinstance(wanted, MapType) else self.listed)(lambda: self.of_type(element))
        return self.value(2)

    def listed(self, element: Callable[[], str]) -> str:
        """A tuple, list or set."""
        text = f"[{', '.join(element() for _ in range(self.chance.randint(0, 3)))}]"
        return self.pick((text, text, f"tolist({text})", f"toset({text})"))

    def keyed(self, element: Callable[[], str]) -> str:
        """An object or map."""
        text = "{" + ", ".join(f"{self.pick(KEYS)} = {element()}" for _ in range(self.chance.randint(0, 3))) + "}"
        return self.pick((text, text, f"tomap({text})"))

    def value(self, depth: int) -> str:
        """A literal, or a collection of values that are alike or not."""
        kind = self.chance.randrange(4 if depth else 2)
        if kind == 3:
            return self.keyed(self.element(depth))
        if kind == 2:
            return self.listed(self.element(depth))
        return self.pick(self.chance.choice((STRINGS, STRINGS, NUMBERS, BOOLS, ("null",))))

    def element(self, depth: int) -> Callable[[], str]:
        """What the elements of one collection are made by."""
        if self.once_in(3):
            return lambda: self.value(depth - 1)
        pool = self.chance.choice((STRINGS, NUMBERS, BOOLS, (*STRINGS, "null")))
        if depth > 1 and self.once_in(3):
            return self.chance.choice(
                (lambda: self.listed(lambda: self.pick(pool)), lambda: self.keyed(lambda: self.pick(pool)))
            )
        return lambda: self.pick(pool)

    def expression(self, depth: int = 3) -> str:
        """An expression of any kind."""
        if depth <= 0 or self.once_in(8):
            return self.leaf()
        return self.chance.choice(FORMS)(self, depth - 1)

    def leaf(self) -> str:
        """A literal, or a name that a loop around it has bound."""
        if self.bound and not self.once_in(3):
            return self.chance.choice(self.bound)
        return self.pick(self.chance.choice((STRINGS, NUMBERS, NUMBERS, BOOLS, ("null",))))

    def operation(self, depth: int) -> str:
        """Operators, in parentheses or not: precedence is part of the matter."""
        if self.once_in(6):
            return self.pick(("-", "!")) + self.operand(depth)
        text = f"{self.operand(depth)} {self.pick(OPERATORS)} {self.operand(depth)}"
        return text if self.once_in(2) else f"({text})"

    def operand(self, depth: int) -> str:
        """Mostly a number or a boolean."""
        if depth > 0 and self.once_in(2):
            return self.operation(depth - 1)
        return self.pick((*NUMBERS, *BOOLS)) if not self.once_in(4) else f"({self.expression(depth - 1)})"

    def choice(self, depth: int) -> str:
        """A conditional, whose results are alike or not."""
        condition = self.pick((*BOOLS, '"x"', "null", "1 == 1", '"a" == "b"'))
        if self.once_in(2):
            make = self.element(2)
            return f"({condition} ? {self.listed(make)} : {self.listed(make)})"
        return f"({condition} ? {self.expression(depth)} : {self.expression(depth)})"

    def template(self, depth: int) -> str:
        """A quoted template: text, interpolations, directives, with and without strip markers."""
        return '"' + self.parts(depth, "\\n") + '"'

    def heredoc(self, depth: int) -> str:
        """A heredoc, indented or not."""
        lines = [self.pick(("", "  ", "    ")) + self.parts(depth, " ") for _ in range(self.chance.randint(0, 3))]
        return "\n".join([self.pick(("<<EOT", "<<-EOT")), *lines, self.pick(("EOT", "  EOT"))]) + "\n"

    def parts(self, depth: int, newline: str) -> str:
        """The inside of a template."""
        return "".join(self.part(depth, newline) for _ in range(self.chance.randint(0, 3)))

    def part(self, depth: int, newline: str) -> str:
        """Text, an interpolation, or a directive."""
        left, right = self.pick(("", "", "~")), self.pick(("", "", "~"))
        kind = self.chance.randrange(6 if depth > 0 else 2)
        if kind < 2:
            return self.pick(
                (" a ", "é", "  ", newline, "$", "%", "$${x}", "%%{x}", "b ", "$$", f" {newline} ", "{}", "#")
            )
        if kind < 4:
            return f"${{{left} {self.one_line(depth - 1)} {right}}}"
        if kind == 4:
            other = f"%{{ else {right}}}{self.part(0, newline)}" if self.once_in(2) else ""
            return f"%{{ if {self.pick(BOOLS)} {left}}}{self.parts(depth - 1, newline)}{other}%{{ endif {right}}}"
        names = self.pick(("v", "k, v"))
        with self.binding(*names.split(", ")):
            inner = self.parts(depth - 1, newline)
        return f"%{{ for {names} in {self.collection(0)} {left}}}{inner}%{{ endfor {right}}}"

    def one_line(self, depth: int) -> str:
        """An expression that a quoted template may hold."""
        text = self.expression(depth)
        return text if "\n" not in text else self.leaf()

    def collection(self, depth: int) -> str:
        """Something to walk through."""
        return self.chance.choice((self.listed, self.keyed))(self.element(1 + max(depth, 0)))

    def loop(self, depth: int) -> str:
        """A `for` expression: list, object, or grouped object, with or without a condition."""
        names = self.pick(("v", "k, v"))
        source = self.collection(depth) if not self.once_in(6) else self.expression(depth)
        with self.binding(*names.split(", ")):
            key, value = self.expression(depth - 1), self.expression(depth)
            condition = (
                f" if {self.expression(depth - 1)}" if self.once_in(5) else ' if v != "a"' if self.once_in(3) else ""
            )
        match self.chance.randrange(3):
            case 0:
                return f"[for {names} in {source} : {value}{condition}]"
            case 1:
                return f"{{for {names} in {source} : {key} => {value}{condition}}}"
        group = self.pick(("v", key, '"g"'))
        return f"{{for {names} in {source} : {group} => {value}...{condition}}}"

    def access(self, depth: int) -> str:
        """Attributes and indices, most of which are there."""
        base = self.collection(depth) if not self.once_in(5) else f"({self.expression(depth)})"
        step = self.pick(
            (
                ".a",
                ".b",
                "[0]",
                "[1]",
                '["a"]',
                '["x y"]',
                ".0",
                ".1",
                "[-1]",
                "[0.5]",
                '["0"]',
                "[null]",
                "[true]",
                ".a.b",
                "[0][0]",
            )
        )
        return base + step

    def splat(self, depth: int) -> str:
        """`[*]` and `.*`, of lists, single values and null."""
        base = self.collection(depth) if not self.once_in(4) else f"({self.expression(depth)})"
        return base + self.pick(
            ("[*]", ".*", "[*].a", ".*.a", "[*][0]", ".*[0]", "[*].a[0]", ".*.0", "[*].a.b", ".*.a[*]", "[*][*]")
        )

    def shape(self, depth: int) -> str:
        """A tuple or object of anything."""
        return self.chance.choice((self.listed, self.keyed))(lambda: self.expression(depth))

    def guarded(self, depth: int) -> str:
        """`try` and `can`."""
        if self.once_in(2):
            return f"can({self.expression(depth)})"
        return f"try({self.expression(depth)}, {self.expression(depth)})"

    def nested_call(self, depth: int) -> str:
        """A call whose first argument is anything."""
        return f"{self.pick(NESTED)}({self.expression(depth)})"

    @contextmanager
    def binding(self, *names: str) -> Iterator[None]:
        """Names that expressions may use."""
        self.bound.extend(names)
        yield
        del self.bound[-len(names) :]


OPERATORS: Final = ("+", "-", "*", "/", "%", "==", "!=", "<", ">", "<=", ">=", "&&", "||")
NESTED: Final = (
    "jsonencode", "yamlencode", "tolist", "toset", "tomap", "tostring", "tonumber", "tobool", "length", "keys",
    "values", "flatten",
    "merge", "concat", "upper", "try", "can", "one", "compact", "coalesce", "sum", "sort", "distinct", "reverse",
    "jsondecode",
)  # fmt: skip
FORMS: Final = (
    Generator.operation, Generator.operation, Generator.choice, Generator.template, Generator.template,
    Generator.heredoc,
    Generator.loop, Generator.loop, Generator.access, Generator.splat, Generator.collection, Generator.shape,
    Generator.guarded,
    Generator.nested_call, lambda write, _: write.call(),
)  # fmt: skip
CALLED: Final = tuple(sorted(FUNCTIONS.keys() - UNDECIDED))
ANY_LIST: Final = ListType(DYNAMIC)
ANY_MAP: Final = MapType(DYNAMIC)
SHAPES: Final[dict[str, tuple[Type, ...]]] = {
    **dict.fromkeys(
        ("element", "contains", "index", "slice", "reverse", "flatten", "one", "chunklist", "sum"), (ANY_LIST,)
    ),
    **dict.fromkeys(("keys", "values", "lookup"), (ANY_MAP,)),
    "merge": (ANY_MAP,) * 3,
    "zipmap": (ListType(STRING), ANY_LIST),
    "matchkeys": (ANY_LIST,) * 3,
    **dict.fromkeys(("concat", "setproduct", "coalescelist"), (ANY_LIST,) * 4),
    "sum": (ListType(NUMBER),),
}
"""What arguments of any type should look like for a call to make sense."""


TRIES: Final = 4
"""How often an expression that seems to be in error is written anew: left to chance, half of them are."""


def written(make: Callable[[Generator], str]) -> st.SearchStrategy[list[str]]:
    """Batches of expressions, most of which have a value."""

    @st.composite
    def batches(draw: st.DrawFn) -> list[str]:
        batch: list[str] = []
        for _ in range(BATCH):
            if not draw(st.integers(0, 19)):
                continue  # A batch shrinks by leaving out what does not matter.
            write = Generator(draw(st.randoms(use_true_random=False)))
            tries = 1 if write.once_in(4) else TRIES
            expression = make(write)
            while tries > 1 and said_by_us(expression) == ERROR:
                expression, tries = make(write), tries - 1
            batch.append(expression)
        return batch

    return batches()


searching: Final = settings(
    max_examples=EXAMPLES,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def configuration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that consoles are started in."""
    return tmp_path_factory.mktemp("console")


@pytest.mark.oracle
@pytest.mark.search
@searching
@given(batch=written(Generator.call))
def test_functions_as_the_console_calls_them(terraform: str, configuration: Path, batch: list[str]) -> None:
    assert not differences(batch, terraform, configuration)


@pytest.mark.oracle
@pytest.mark.search
@searching
@given(batch=written(Generator.expression))
def test_expressions_as_the_console_evaluates_them(terraform: str, configuration: Path, batch: list[str]) -> None:
    assert not differences(batch, terraform, configuration)


ANSWERS: Final[dict[str, dict[str, str]]] = json.loads(
    Path(__file__).with_name("console_answers.json").read_text(encoding="utf-8")
)
"""What the console of Terraform 1.11.4 said, by function: for machines without terraform."""


@pytest.mark.parametrize("family", ANSWERS)
def test_answers_that_the_console_gave(family: str) -> None:
    differing = {one: ours for one, said in ANSWERS[family].items() if (ours := said_by_us(one)) != said}
    assert not differing


@pytest.mark.oracle
@pytest.mark.search
def test_the_console_still_gives_these_answers(terraform: str, tmp_path: Path) -> None:
    expressions = [one for family in ANSWERS.values() for one in family]
    said = [answer for family in ANSWERS.values() for answer in family.values()]
    assert said_by_console(expressions, terraform, tmp_path) == said
