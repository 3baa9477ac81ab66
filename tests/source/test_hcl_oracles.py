"""The reader against HashiCorp's own parser (pygohcl) and against python-hcl2."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infracheck.source.files import SourceFile
from infracheck.source.hcl import parse_body
from infracheck.source.hcl.python_hcl2 import to_dictionary

if TYPE_CHECKING:
    from pathlib import Path

pygohcl = pytest.importorskip("pygohcl")
hcl2 = pytest.importorskip("hcl2")

CASES = (
    "a = <<EOT\nfoo\nEOT",
    "a = <<EOT\nfoo\nEOT\n",
    "a = <<EOT\nfoo\nEOT  \nb=1\n",
    "a = <<EOT \nfoo\nEOT\n",
    "a = <<-EOT\r\n  foo\r\n  EOT\r\n",
    "a = <<EOT\nEOT\n",
    "a = <<A\nA b\nA\n",
    "a = [<<EOT\nx\nEOT\n, 1]\n",
    "a = f(<<EOT\nx\nEOT\n)\n",
    "a = {b = <<EOT\nx\nEOT\n}\n",
    "a = <<EOT\n${<<IN\ny\nIN\n}\nEOT\n",
    "x { a = 1 }\n",
    "x { a = 1, b = 2 }\n",
    "x { y { } }\n",
    "x { for = 1 }\n",
    "x {\n for = 1\n}\n",
    "x {}\n",
    "x {\n}",
    'x "a" b "c" {}\n',
    'x "${a}" {}\n',
    'x "a\\"b" {}\n',
    'x "a" = 1\n',
    "x { b = [\n1\n] }\n",
    "x {\n b {} c {}\n}\n",
    "a = [for x in y : x...]\n",
    "a = {for = 1}\n",
    "a = {for x in y : x => x...}\n",
    "a = f([for x in y : x]...)\n",
    "a = {for x in y : x}\n",
    "a = {for k, v in\n m :\n k => v\n if v}\n",
    "a = f(x...,)\n",
    "a = f(x,)\n",
    "a = foo ()\n",
    "a = 1.2.3\n",
    "a = 01\n",
    "a = 1e5\n",
    "a = 1.\n",
    "a = .5\n",
    "a = 5e\n",
    "a = 1e+5\n",
    "a = 1.5e-3\n",
    "a = 1e5.5\n",
    "a = a.*.b.0.c[1]\n",
    "a = a.0.1.b\n",
    "a = a[*].b[*].c\n",
    "a = a.*.*\n",
    "a = a.*.0.1\n",
    "a = x[*][0]\n",
    "a = [*]\n",
    "a = provider::x::y(1)\n",
    "a = x::y\n",
    "a = true.x\n",
    "a = 1.foo\n",
    "a = x.\ny\n",
    "a = (x\n.y)\n",
    "a = x[\n1\n]\n",
    "a = {\n b = 1,\n c = 2\n d : 3 }\n",
    "a = { b = 1 c = 2 }\n",
    "a = { b = 1,, c = 2 }\n",
    "a = {1 = 2}\n",
    'a = { (x) = 1, "y${z}" = 2, a.b = 3 }\n',
    "a = {\n b = x\n ? 1 : 2\n}\n",
    "a = { b\n = 1 }\n",
    "a = { b =\n 1 }\n",
    'a = "x\n"\n',
    'a = "${\nfoo\n}"\n',
    'a = "$${x}"\n',
    'a = "$$${x}"\n',
    'a = "\\q"\n',
    'a = "\\u00e9\\U0001F600"\n',
    'a = "%{ if x }y%{ else }z%{ endif }"\n',
    'a = "%{ if x }y"\n',
    'a = "%{for k, v in x ~} y %{ endfor ~}"\n',
    'a = "%{ foo }"\n',
    'a = "%{ else }"\n',
    'a = "%{ if x }%{ endfor }"\n',
    'a = "${~ x ~}"\n',
    'a = "${x ~ }"\n',
    'a = "${"${x}"}"\n',
    'a = "100%"\n',
    'a = "%%{x}"\n',
    'a = "${x"\nb = 1\n',
    'a = "${x}\nb = 1\n',
    'a = "%{"\n',
    "a = 1 b = 2\n",
    "a = 1\na = 2\n",
    '"a" = 1\n',
    "a = 1 /* x\n */ b = 2\n",
    "/* unclosed",
    "# only a comment",
    "}\n",
    "x {\n",
    "é = 1\n",
    "a = é.b\n",
    "a-b = c-d\n",
    "a = x ? y : z ? 1 : 2\n",
    "a = (\n x\n ?\n y : z)\n",
    "a = x ?\n y : z\n",
    "a = -x.y\n",
    "a = !!x\n",
    "a = - -1\n",
    "a = 1 +\n",
    "a = x == y != z\n",
    "a = [\n1\n,\n2\n]\n",
    "a = [1 2]\n",
    "a = (1\n2)\n",
    "a = `x`\n",
    "a = 'x'\n",
    "a = x & y\n",
    "a = x && y || z == 1\n",
    "a;b",
    "a = ~x\n",
    "a =\n1\n",
    "\n\n\ta=1\r\nb=2\r",
)


def accepted_by_hashicorp(text: str) -> bool:
    try:
        pygohcl.loads(text)
    except pygohcl.HCLParseError:
        return False
    return True


@pytest.mark.parametrize("text", CASES)
def test_the_same_texts_are_valid(text: str) -> None:
    assert (not parse_body(SourceFile("t.tf", text)).problems) == accepted_by_hashicorp(text)


@pytest.mark.oracle
def test_the_same_real_files_are_valid(shared: Path) -> None:
    files = sorted((shared / "conformance" / "terraform" / "modules").rglob("*.tf"))
    assert files
    differing = []
    for path in files:
        text = path.read_bytes().decode()
        if (not parse_body(SourceFile(path.name, text)).problems) != accepted_by_hashicorp(text):
            differing.append(str(path))
    assert not differing


# python-hcl2 8.1.4 refuses identifiers beyond ASCII, which HCL allows.
NAMES = st.sampled_from(["a", "b", "name", "for_each", "x-y"])
TEXTS = st.sampled_from(["", "x", "a b", "é", "1", "$", "%", "${v.a}", "p${v.a}s", "$${a}", "\\n", '\\"', "#", "//"])
SCALARS = st.one_of(
    st.integers(0, 10**6).map(str),
    st.sampled_from(["1.5", "true", "false", "null"]),
    TEXTS.map(lambda text: f'"{text}"'),
)


def _compound(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ", ".join(items) + "]"),
        st.dictionaries(NAMES, inner, max_size=3).map(
            lambda items: "{ " + ", ".join(f"{key} = {value}" for key, value in items.items()) + " }"
        ),
        st.tuples(inner, inner).map(lambda pair: f"merge({pair[0]}, {pair[1]})"),
        st.tuples(NAMES, inner).map(lambda pair: f"{pair[0]}.{pair[0]}[{pair[1]}]"),
        st.tuples(inner, inner, inner).map(lambda three: f"({three[0]} == {three[1]} ? {three[2]} : v.x)"),
        inner.map(lambda one: f"[for k, i in {one} : i if k]"),
        inner.map(lambda one: f"{{for k, i in {one} : k => i}}"),
    )


EXPRESSIONS = st.recursive(SCALARS, _compound, max_leaves=8)
BODIES = st.recursive(
    st.dictionaries(NAMES, EXPRESSIONS, max_size=3).map(
        lambda attributes: "".join(f"{name} = {value}\n" for name, value in attributes.items())
    ),
    lambda inner: st.tuples(inner, st.sampled_from(['block "l" {{\n{}}}\n', "other {{\n{}}}\n"])).map(
        lambda pair: pair[1].format(pair[0])
    ),
    max_leaves=3,
)


def squeezed(value: Any) -> Any:
    """Dictionaries without what rendering may change: blanks outside strings, commas, redundant parentheses."""
    if isinstance(value, dict):
        return {squeezed(key): squeezed(one) for key, one in value.items() if not key.endswith("comments__")}
    if isinstance(value, list):
        return [squeezed(item) for item in value]
    if isinstance(value, str) and value.startswith("${"):
        return re.sub(r"[\s,]+", "", value)
    return value


@given(BODIES)
@settings(max_examples=150, deadline=None)
def test_generated_files_have_the_structure_python_hcl2_gives_them(text: str) -> None:
    parsed = parse_body(SourceFile("t.tf", text))
    assert accepted_by_hashicorp(text)
    assert not parsed.problems
    assert squeezed(to_dictionary(parsed)) == squeezed(hcl2.loads(text))


@given(st.text(alphabet='ab1=.,:?{}[]()"$%~\\<-EOT\n\r #/*!&|é', max_size=60))
@settings(max_examples=600, deadline=None)
def test_any_text_is_read_or_refused_as_hashicorp_does(text: str) -> None:
    parsed = parse_body(SourceFile("t.tf", text))
    assert (not parsed.problems) == accepted_by_hashicorp(text), (text, parsed.problems)


def test_lines_of_blocks_are_given_where_they_are_asked_for() -> None:
    parsed = parse_body(SourceFile("t.tf", 'a "b" {\n  c = 1\n}\n'))
    found = to_dictionary(parsed, with_meta=True, strip_string_quotes=True, explicit_blocks=False)
    assert found == {"a": [{"b": {"c": 1, "__start_line__": 1, "__end_line__": 3}}]}
