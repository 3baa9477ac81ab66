from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from infracheck.source.errors import SyntaxProblem
from infracheck.source.files import SourceFile, Span
from infracheck.source.hcl import ast, parse_body, parse_expression, parse_template


def shape(node: Any) -> Any:
    """A node without its offsets: its class name and fields, literals plain."""
    if isinstance(node, tuple):
        return [shape(item) for item in node]
    if isinstance(node, ast.Literal):
        return node.value
    if isinstance(node, ast.Template) and node.literal is not None:
        return f'"{node.literal}"'
    if isinstance(node, ast.Variable):
        return node.name
    if hasattr(node, "__match_args__"):
        fields = [name for name in node.__match_args__ if name not in ("start", "end", "opening")]
        return (type(node).__name__, *(shape(getattr(node, name)) for name in fields))
    return node


def expression(text: str) -> Any:
    return shape(parse_expression(SourceFile("test.tf", text)))


def template(text: str) -> Any:
    parsed = parse_expression(SourceFile("test.tf", text))
    assert isinstance(parsed, ast.Template)
    return shape(parsed.parts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1", Decimal(1)),
        ("1.50", Decimal("1.50")),
        ("5e1", Decimal("5e1")),
        ("12345678901234567890.5", Decimal("12345678901234567890.5")),
        ("true", True),
        ("null", None),
        ('"a"', '"a"'),
        ("a.b", ("GetAttr", "a", "b")),
        ("a[0].b", ("GetAttr", ("Index", "a", Decimal(0)), "b")),
        ("a.0.b", ("GetAttr", ("LegacyIndex", "a", 0), "b")),
        ("1 + 2 * 3", ("Binary", "+", Decimal(1), ("Binary", "*", Decimal(2), Decimal(3)))),
        ("1 - 2 - 3", ("Binary", "-", ("Binary", "-", Decimal(1), Decimal(2)), Decimal(3))),
        ("a || b && c", ("Binary", "||", "a", ("Binary", "&&", "b", "c"))),
        ("a == b < c", ("Binary", "==", "a", ("Binary", "<", "b", "c"))),
        ("-a.b", ("Unary", "-", ("GetAttr", "a", "b"))),
        ("!a && b", ("Binary", "&&", ("Unary", "!", "a"), "b")),
        ("a ? b : c ? d : e", ("Conditional", "a", "b", ("Conditional", "c", "d", "e"))),
        ("(1 + 2) * 3", ("Binary", "*", ("Parentheses", ("Binary", "+", Decimal(1), Decimal(2))), Decimal(3))),
        (
            "a.*.b.0[1]",
            ("Index", ("Splat", "a", ("LegacyIndex", ("GetAttr", ("SplatItem",), "b"), 0), False), Decimal(1)),
        ),
        ("a[*].b[1]", ("Splat", "a", ("Index", ("GetAttr", ("SplatItem",), "b"), Decimal(1)), True)),
        ("f(a, b...)", ("FunctionCall", "f", ["a", "b"], True)),
        ("f(a,\n)", ("FunctionCall", "f", ["a"], False)),
        ("provider::aws::arn_parse(a)", ("FunctionCall", "provider::aws::arn_parse", ["a"], False)),
        ("[1,\n 2,\n]", ("Tuple", [Decimal(1), Decimal(2)])),
        ("[for v in a : v if v]", ("ForTuple", None, "v", "a", "v", "v")),
        ("{ for k, v in a : k => v... }", ("ForObject", "k", "v", "a", "k", "v", None, True)),
        ("été.naïve-1", ("GetAttr", "été", "naïve-1")),
    ],
)
def test_expressions_have_the_structure_the_specification_gives_them(text: str, expected: Any) -> None:
    assert expression(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "{ a = 1, b = 2 }",
        "{ a : 1, b : 2 }",
        "{\n  a = 1\n  b = 2\n}",
        "{\n a = 1, # one\n\n b = 2,\n}",
        "{a=1\n/* */b=2}",
    ],
)
def test_objects_separate_items_by_commas_or_lines(text: str) -> None:
    keys = [("ObjectItem", '"a"', Decimal(1)), ("ObjectItem", '"b"', Decimal(2))]
    assert expression(text) == ("Object", keys)


def test_only_bare_names_are_literal_keys() -> None:
    assert expression("{ (a) = 1, b.c = 2, f(x) = 3 }")[1] == [
        ("ObjectItem", ("Parentheses", "a"), Decimal(1)),
        ("ObjectItem", ("GetAttr", "b", "c"), Decimal(2)),
        ("ObjectItem", ("FunctionCall", "f", ["x"], False), Decimal(3)),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r'"a\n\t\"\\\u00e9\U0001F600"', ['a\n\t"\\é😀']),
        ('"$${a} %%{b} $ % $$ 100%"', ["${a} %{b} $ % $$ 100%"]),
        ('"$$${a}"', ["$${a}"]),
        ('"x${a}y"', ["x", ("Interpolation", "a"), "y"]),
        ('"x ${~ a ~} y"', ["x", ("Interpolation", "a"), "y"]),
        ('"${"${a}"}"', [("Interpolation", ("Template", [("Interpolation", "a")]))]),
        ('"${\n  a\n}"', [("Interpolation", "a")]),
        ('"%{ if a }x%{ else }y%{ endif }"', [("TemplateIf", "a", ["x"], ["y"])]),
        ('"%{ for k, v in a ~} ${v} %{~ endfor }"', [("TemplateFor", "k", "v", "a", [("Interpolation", "v")])]),
        ('"e\u0301"', ["\u00e9"]),
        ('""', []),
    ],
)
def test_templates(text: str, expected: Any) -> None:
    assert template(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("<<EOT\nhello\n  there\nEOT\n", ["hello\n  there\n"]),
        ("<<EOT\nhello\n  EOT  \n", ["hello\n"]),
        ("<<-EOT\n    a\n      b\n\n    c\n  EOT\n", ["a\n  b\n\nc\n"]),
        ("<<-EOT\n  ${x}\n    y\n  EOT\n", [("Interpolation", "x"), "\n  y\n"]),
        ("<<EOT\na\\n ${x} EOT\nEOT\n", ["a\\n ", ("Interpolation", "x"), " EOT\n"]),
        ("<<EOT\r\na\r\nEOT\r\n", ["a\r\n"]),
        ("<<EOT\nEOTX\nEOT\n", ["EOTX\n"]),
        ("<<EOT\nEOT\n", []),
        ("<<A\n${<<B\nx\nB\n}\nA\n", [("Interpolation", '"x\n"'), "\n"]),
    ],
)
def test_heredocs(text: str, expected: Any) -> None:
    assert template(text) == expected


def test_a_template_file_is_a_template_without_quotes() -> None:
    parsed = parse_template(SourceFile("x.tpl", 'a "${b}"\n%{ if c ~}\n  d\n%{ endif ~}\n'))
    assert shape(parsed.parts) == ['a "', ("Interpolation", "b"), '"\n', ("TemplateIf", "c", ["  d\n"], [])]


def test_a_marker_strips_one_line_as_terraform_does() -> None:
    parsed = parse_template(SourceFile("x.tpl", "${c ~}\n\n  x\n  y  \n\n${~ c}"))
    assert shape(parsed.parts) == [("Interpolation", "c"), "\n  x\n  y  \n", ("Interpolation", "c")]


def test_every_node_knows_its_text() -> None:
    text = 'a = [x.y[0], "s${z}", <<E\nh\nE\n, f(1, 2)] # end\nb "c" d {\n  e = 1\n}\n'
    parsed = parse_body(SourceFile("t.tf", text))
    attribute = parsed.body.attributes["a"]
    assert isinstance(attribute.expression, ast.Tuple)
    texts = [Span(attribute.file, item.start, item.end).text for item in attribute.expression.items]
    assert texts == ["x.y[0]", '"s${z}"', "<<E\nh\nE", "f(1, 2)"]
    (block,) = parsed.body.blocks
    assert (block.type, block.labels) == ("b", ("c", "d"))
    assert block.header_span.text == 'b "c" d'
    assert block.label_span(0).text == '"c"'
    assert block.span.text == 'b "c" d {\n  e = 1\n}'
    assert block.body.attributes["e"].value_span.text == "1"
    assert [comment.text for comment in parsed.comments] == ["# end"]


def test_comments_of_all_kinds_are_kept_with_their_places() -> None:
    parsed = parse_body(SourceFile("t.tf", "# a\r\nb = 1 // c\nd = /* e\n */ 2\n"))
    assert [comment.text for comment in parsed.comments] == ["# a", "// c", "/* e\n */"]
    assert not parsed.problems
    assert set(parsed.body.attributes) == {"b", "d"}


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('a = "x\nb = 1\n', "1:5", "multi-line string"),
        ('a = "${x"\nb = 1\n', "1:6", "closing brace"),
        ("a {\n  b = [1\n}\n", "2:7", "Unclosed list"),
        ("a {\n  b = f(1\n}\n", "2:8", "Unclosed call of f"),
        ("a {\n  b = 1\n", "1:1", "no closing brace"),
        ("a = <<EOT\nb\n", "1:5", "EOT"),
        ("a = 1\na = 2\n", "2:1", "already set at line 1"),
        ("a = 1 b = 2\n", "1:7", "newline"),
        ("a {\n  b = 1 }\n", "2:9", "newline"),
        ("a { b = 1, c = 2 }\n", "1:10", "single"),
        ('"a" = 1\n', "1:1", "not be quoted"),
        ('a "${b}" {\n}\n', "1:3", "not allowed in a label"),
        ('a = "\\q"\n', "1:6", "escape"),
        ("a = 'b'\n", "1:5", "Single quotes"),
        ("a = b & c\n", "1:7", "&&"),
        ("a = 1.2.3\n", "1:5", "number"),
        ("a = /* b\n", "1:5", "Unclosed comment"),
        ("a = {\n  b 1\n}\n", "2:5", "equals sign"),
        ("a = [for x in y : x => z]\n", "1:21", "building an object"),
        ("a = b.*.*\n", "1:9", "splat"),
        ("a = b.0.1\n", "1:7", "legacy"),
        ("a =\n", "1:4", "Invalid expression"),
        ("}\n", "1:1", "expected here"),
        ('a = "%{ if b }c"\n', "1:6", "endif"),
        ("a = \x00\n", "1:5", "U+0000"),
    ],
)
def test_problems_name_the_cause_and_its_place(text: str, place: str, words: str) -> None:
    problems = parse_body(SourceFile("t.tf", text)).problems
    assert str(problems[0]).startswith(f"t.tf:{place}: "), str(problems[0])
    assert words in problems[0].message


def test_the_rest_of_a_broken_file_is_still_read() -> None:
    text = (
        'resource "a" "one" {\n  x = [1\n}\n\nresource "a" "two" {\n  y = 2\n}\n\nvariable "b" {\n  z = "open\n}\n'
        'output "c" {\n  value = 3\n}\n'
    )
    parsed = parse_body(SourceFile("t.tf", text))
    assert [block.labels[-1] for block in parsed.body.blocks] == ["two", "c"]
    assert [problem.origin.span.line for problem in parsed.problems if problem.origin] == [2, 10]


def test_a_block_that_swallows_the_next_one_costs_only_itself() -> None:
    text = 'resource "a" "one" {\n  x = 1\n\nresource "a" "two" {\n  y = 2\n}\n'
    parsed = parse_body(SourceFile("t.tf", text))
    assert [block.labels for block in parsed.body.blocks] == [("a", "two")]
    assert len(parsed.problems) == 1


def test_a_block_that_ends_too_early_is_not_judged_by_half() -> None:
    text = 'resource "a" "one" {\n  b {\n  }\n  }\n  encrypted = true\n}\n\nresource "a" "two" {\n}\n'
    parsed = parse_body(SourceFile("t.tf", text))
    assert [block.labels for block in parsed.body.blocks] == [("a", "two")]
    assert not parsed.body.attributes
    assert len(parsed.problems) == 1


@pytest.mark.parametrize("text", ["", "1 2", "a b", "[", '"', "a.", "f(", "{a=}", "%", "1 +"])
def test_a_lone_expression_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(SyntaxProblem):
        parse_expression(SourceFile("t", text))
