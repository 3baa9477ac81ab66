"""Hostile expressions: whatever the text, a value or an `InfracheckError`, within bounds of work and memory.

No test asserts a time; one that did not end would be seen all the same.
"""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import infracheck
from infracheck.source.errors import LimitError
from infracheck.source.values import Unknown
from infracheck.terraform.construct import MAX_STRING

WORDS = (
    "${", "%{", "}", "{", "[", "]", "(", ")", '"', '\\"', "\\", "\\u00", "for", "in", "if", "else", "endif",
    "endfor", "k", "v", "=>", ":", "?",
    "...", "[*]", ".*", ".", ",", "=", "==", "!=", "&&", "||", "!", "-", "+", "*", "/", "%", "<", ">=", "0", "1",
    "-1", "1.5", "1e9", "1e308",
    "9223372036854775808", "null", "true", "false", "<<EOT\n", "<<-EOT\n", "EOT\n", "\n", " ", "~", "$${", "é",
    "\u0301", "👩‍👩‍👧", "\x00", "\ud800", "#",
    "//", "/*", "*/", "each.key", "var.x", "local.y", "path.module", "a::b(",
)  # fmt: skip
FUNCTIONS = (
    "abs(", "alltrue(", "base64decode(", "base64gzip(", "bcrypt(", "can(", "chunklist(", "cidrhost(", "cidrsubnet(",
    "cidrsubnets(", "coalesce(",
    "concat(", "contains(", "csvdecode(", "element(", "file(", "fileset(", "flatten(", "format(", "formatdate(",
    "formatlist(", "indent(",
    "join(", "jsondecode(", "jsonencode(", "keys(", "length(", "log(", "lookup(", "matchkeys(", "merge(", "nope(",
    "one(", "parseint(", "pow(",
    "range(", "regex(", "regexall(", "replace(", "reverse(", "sensitive(", "setproduct(", "setunion(", "slice(",
    "sort(", "split(",
    "strrev(", "substr(", "sum(", "templatefile(", "templatestring(", "textdecodebase64(", "timeadd(", "title(",
    "tolist(", "tomap(", "tonumber(",
    "toset(", "transpose(", "trim(", "try(", "urlencode(", "uuidv5(", "yamldecode(", "yamlencode(", "zipmap(",
)  # fmt: skip
TOKENS = st.one_of(st.sampled_from(WORDS), st.sampled_from(FUNCTIONS), st.text(max_size=3))
LITERALS = st.sampled_from(
    ("null", "true", "0", "-1", "1e9", "1.5", '""', '"a"', '"%s%d"', '"(a+)+$"', '"é\\u0301"', "[]", "{}", "[null]",
        "{a = 1}", '["a", 1]',
     "toset([1, 2])", "tolist([])", "[[1], [2]]", '"2024-01-01T00:00:00Z"', '"10.0.0.0/8"', '"9223372036854775808"',
     '"{"', '"a: [b"')
)  # fmt: skip
CALLS = st.tuples(st.sampled_from(FUNCTIONS), st.lists(LITERALS, max_size=4)).map(
    lambda call: f"{call[0]}{', '.join(call[1])})"
)


def bounded(text: str) -> object:
    """The value of an expression, or None where it is refused; nothing else may happen."""
    try:
        return infracheck.evaluate(text)
    except infracheck.InfracheckError:
        return None


@pytest.mark.search
@given(st.lists(TOKENS, max_size=25).map("".join))
@example("\ud800")
@example('"\\U00110000"')
@example("[for" * 40)
@settings(max_examples=1500)
def test_any_text_is_evaluated_or_refused(text: str) -> None:
    bounded(text)


@pytest.mark.search
@given(CALLS)
@settings(max_examples=1500)
def test_any_call_is_evaluated_or_refused(text: str) -> None:
    bounded(text)


NESTED = "[for a in range(1000) : [for b in range(1000) : [for c in range(1000) : c]]]"
HUGE = {
    "range": "range(1e9)",
    "range of small steps": "range(0, 1, 1e-9)",
    "nested loops": NESTED,
    "format width": 'format("%999999999d", 1)',
    "format precision": 'format("%.999999999f", 1.5)',
    "many format widths": f'format("{"%9999s" * 500}", {", ".join(["1"] * 500)})',
    "pow": "pow(1e300, 1e300)",
    "pow of large numbers": "pow(123456789, 1e9)",
    "large number in full": 'format("%d", 1e1000000)',
    "large exponent": "1e999999999 + 1",
    "small exponent": "1e-999999999 + 1",
    "product of large numbers": "1e300000 * 1e300000",
    "parsed number": 'tonumber("1e999999999")',
    "modulo": "1e1000000 % 3",
    "indent": 'indent(999999999, "' + "\\n" * 1000 + '")',
    "replace": f'replace("{"a" * 1000}", "a", replace("{"a" * 1000}", "a", "{"b" * 1000}"))',
    "join": f'join("{"x" * 1000}", range(1024))',
    "setproduct": f"setproduct({', '.join(['range(1000)'] * 5)})",
    "concat": f"concat({', '.join(['range(1024)'] * 1000)})",
    "doubling": f"[for a in [[1]] : {'concat(' * 30}a{', a)' * 30}]",
    "json of what is shared": f"jsonencode({'[for x in [' * 12}1{'] : [x, x, x, x, x, x, x, x, x, x]]' * 12})",
    "regex that backtracks": f'regex("^(a+)+$", "{"a" * 40}b")',
    "regex of nested repetitions": f'regexall("(a?){{500}}(a){{500}}", "{"a" * 500}")',
    "regex of alternatives": f'replace("{"a" * 60}b", "/(a|aa|a*)*c/", "x")',
    "large regex": 'regex("((a{100}){100}){100}", "a")',
    "deep regex": f'regex("{"(" * 5000}{")" * 5000}", "a")',
    "deep JSON": f'jsondecode("{"[" * 50000}")',
    "deep YAML": f'yamldecode("{"[" * 50000}")',
    "YAML of aliases": 'yamldecode("a: &a [x,x,x,x,x,x,x,x,x]\\n'
    + "".join(f"{b}: &{b} [{','.join([f'*{a}'] * 9)}]\\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True))
    + '")',
    "cidrsubnets": f'cidrsubnets("::/0", {", ".join(["1"] * 1000)})',
    "cidrsubnet of a large number": 'cidrsubnet("::/0", 128, 1e300)',
    "timeadd": 'timeadd("9999-12-31T23:59:59Z", "2562047h")',
    "parseint": f'parseint("{"z" * 100000}", 36)',
    "strrev": f'strrev("{"e" + chr(0x301) * 50000}")',
    "substr": 'substr("abc", -9223372036854775808, 9223372036854775807)',
    "chunklist": "chunklist(range(1000), 9223372036854775807)",
    "element": "element(range(10), 9223372036854775807)",
    "title": f'title("{"a " * 100000}")',
    "trim": f'trim("{"ab" * 50000}", "{"ba" * 1000}")',
    "format list": f'formatlist("%1000s", {"concat(" * 5}range(1000){", range(1000))" * 5})',
    "distinct": "distinct(range(1000))",
    "matchkeys": "matchkeys(range(1000), range(1000), range(1000))",
    "nested templates": '"${"' * 60 + "x" + '"}"' * 60,
}


@pytest.mark.parametrize("kind", HUGE)
def test_what_would_take_too_much_is_refused_or_not_worked_out(kind: str) -> None:
    value = bounded(HUGE[kind])
    if value is not None and not isinstance(value, Unknown):
        shown = getattr(value, "to_plain", str)()
        assert len(str(shown)) <= 20 * MAX_STRING


@pytest.mark.parametrize("work", ["sum(range(1000))", "{for b in range(1000) : b => a}", "jsonencode(range(500))"])
def test_what_functions_go_through_counts_as_work(work: str) -> None:
    with pytest.raises(LimitError, match="too many steps"):
        infracheck.evaluate(f"length([for a in range(1000) : {work}])")
