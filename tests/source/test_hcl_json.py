from __future__ import annotations

from typing import Any

import pytest

from infracheck.source.files import SourceFile, Span
from infracheck.source.hcl import ast, parse_json_body
from infracheck.source.hcl.json import Shape

SHAPE = Shape(0, {"resource": Shape(2, {"lifecycle": Shape()}), "locals": Shape(), "variable": Shape(1)})


def parse(text: str, *, templates: bool = True) -> ast.ParsedFile:
    return parse_json_body(SourceFile("t.tf.json", text), SHAPE, templates=templates)


def test_properties_become_blocks_and_arguments_as_the_shape_says() -> None:
    parsed = parse(
        '{"resource": {"a": {"b": {"x": 1, "lifecycle": [{"y": true}, {"y": false}]}}}, "locals": {"z": null}}'
    )
    assert not parsed.problems
    resource, local = parsed.body.blocks
    assert (resource.type, resource.labels) == ("resource", ("a", "b"))
    assert list(resource.body.attributes) == ["x"]
    assert [block.type for block in resource.body.blocks] == ["lifecycle", "lifecycle"]
    assert list(local.body.attributes) == ["z"]


def test_arrays_of_objects_are_one_body_or_several_blocks() -> None:
    parsed = parse('[{"variable": [{"a": {"default": 1}}, {"b": {}}]}, {"variable": {"c": [{}, {}]}}]')
    assert [block.labels for block in parsed.body.blocks] == [("a",), ("b",), ("c",), ("c",)]


def test_comments_and_null_blocks_are_nothing() -> None:
    parsed = parse('{"//": "note", "resource": null, "locals": {"//": "x", "a": 1}}')
    assert [list(block.body.attributes) for block in parsed.body.blocks] == [["a"]]


def test_strings_are_templates_with_exact_places() -> None:
    text = r'{"locals": {"a": "p \"q\" ${var.x} ${var.y}", "b": "${var.z}"}}'
    parsed = parse(text)
    body = parsed.body.blocks[0].body
    spans: list[str] = []
    for name in ("a", "b"):
        template = body.attributes[name].expression
        assert isinstance(template, ast.Template)
        spans += [
            Span(parsed.file, part.expression.start, part.expression.end).text
            for part in template.parts
            if isinstance(part, ast.Interpolation)
        ]
    assert spans == ["var.x", "var.y", "var.z"]
    template = body.attributes["a"].expression
    assert isinstance(template, ast.Template)
    assert template.parts[0] == 'p "q" '


def test_strings_of_variable_files_are_no_templates() -> None:
    parsed = parse('{"a": "${b}"}', templates=False)
    template = parsed.body.attributes["a"].expression
    assert isinstance(template, ast.Template)
    assert template.literal == "${b}"


def test_surrogates_become_one_character() -> None:
    template = parse(r'{"a": "\ud83d\ude00 \ud83d"}').body.attributes["a"].expression
    assert isinstance(template, ast.Template)
    assert template.literal == "\U0001f600 \ufffd"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"a": }', "1:7"),
        ('{"a": 1,}', "1:9"),
        ('{"a" 1}', "1:6"),
        ('{"a": 1', "1:7"),
        ('{"a": "x\n"}', "1:7"),
        ('{"a": 01}', "1:8"),
        ("{'a': 1}", "1:2"),
        ('{"a": 1} 2', "1:10"),
        ('{"a": "${b"}', "1:8"),
        ("", "1:1"),
        ("1", "1:1"),
        ('{"a": 1, "a": 2}', "1:10"),
        ('{"resource": {"a": 1}}', "1:20"),
    ],
)
def test_problems_name_their_place(text: str, place: str) -> None:
    (problem,) = parse(text).problems
    assert str(problem).startswith(f"t.tf.json:{place}: "), str(problem)


def test_values_of_every_kind() -> None:
    expression = parse('{"a": [1.5e2, true, null, "s", {"k": -1}]}').body.attributes["a"].expression
    assert isinstance(expression, ast.Tuple)
    kinds: list[Any] = [
        item.value if isinstance(item, ast.Literal) else type(item).__name__ for item in expression.items
    ]
    assert kinds == [150, True, None, "Template", "Object"]
