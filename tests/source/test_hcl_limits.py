"""Hostile input: time in proportion to size, memory within bounds, an error at a place instead of a crash."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from infracheck.source.errors import LimitError
from infracheck.source.files import SourceFile
from infracheck.source.hcl import parse_body, parse_json_body

if TYPE_CHECKING:
    from collections.abc import Callable

DEEP = {
    "lists": "a = " + "[" * 5000 + "]" * 5000 + "\n",
    "parentheses": "a = " + "(" * 5000 + "1" + ")" * 5000 + "\n",
    "objects": "a = " + "{ a = " * 5000 + "1" + " }" * 5000 + "\n",
    "calls": "a = " + "f(" * 5000 + ")" * 5000 + "\n",
    "conditionals": "a = " + "b ? c : " * 2000 + "d\n",
    "negations": "a = " + "!" * 5000 + "b\n",
    "sums": "a = " + "1 + " * 5000 + "1\n",
    "attributes": "a = b" + ".c" * 5000 + "\n",
    "splats": "a = b" + "[*]" * 5000 + "\n",
    "indexes": "a = b" + "[0" * 1000 + "]" * 1000 + "\n",
    "templates": "a = " + '"${' * 1000 + "b" + '}"' * 1000 + "\n",
    "blocks": "a {\n" * 1000 + "}\n" * 1000,
    "directives": 'a = "' + "%{ if b }" * 1000 + "%{ endif }" * 1000 + '"\n',
    "sums of lists": "a = " + "[1 + " * 100 + "1" + "]" * 100 + " + 1" * 150 + "\n",
}


@pytest.mark.parametrize("kind", DEEP)
def test_deep_nesting_is_a_problem_at_its_place(kind: str) -> None:
    parsed = parse_body(SourceFile("deep.tf", DEEP[kind] + "\nafter = 1\n"))
    assert "Nested too deeply" in parsed.problems[0].message
    assert "deep.tf:1:" in str(parsed.problems[0]) or kind == "blocks"
    assert "after" in parsed.body.attributes or kind == "blocks"


def test_what_real_files_nest_is_well_within_the_limit() -> None:
    text = "a = " + "[{ b = (" * 20 + "1" + ") }]" * 20 + "\n"
    assert not parse_body(SourceFile("t.tf", text)).problems


def test_deep_json_is_a_problem_too() -> None:
    parsed = parse_json_body(SourceFile("t.tf.json", '{"a": ' + "[" * 100_000))
    assert isinstance(parsed.problems[0], LimitError)


LARGE: dict[str, Callable[[int], str]] = {
    "string": lambda n: 'a = "' + "x" * n + '"\n',
    "unterminated string": lambda n: 'a = "' + "x" * n,
    "unterminated interpolations": lambda n: 'a = "' + "${" * (n // 2),
    "quotes": lambda n: '"' * n,
    "unterminated comment": lambda n: "a = 1 /*" + "x" * n,
    "comment openings": lambda n: "/*" * (n // 2),
    "unterminated heredoc": lambda n: "a = <<EOT\n" + "line\n" * (n // 5),
    "heredoc of one line": lambda n: "a = <<EOT\n" + "${b}" * (n // 4) + "\nEOT\n",
    "heredoc openings": lambda n: "a = <<EOT\n" * (n // 10),
    "dollars": lambda n: 'a = "' + "$" * n + '{b}"\n',
    "digits": lambda n: "a = " + "1" * n + "\n",
    "dots": lambda n: "a = 1" + "." * n + "\n",
    "exponents": lambda n: "a = 1" + "e" * n + "\n",
    "spaces": lambda n: "a = 1" + " " * n + "x\n",
    "line ends": lambda n: "\n" * n + "!",
    "open braces": lambda n: "a {\n" * (n // 4),
    "open blocks": lambda n: 'resource "a" "b" {\n' * (n // 19),
    "closing braces": lambda n: "}\n" * (n // 2),
    "labels": lambda n: "a " + '"b" ' * (n // 4) + "{\n}\n",
    "comments after braces": lambda n: "a = " + "{ # c\n" * (n // 6),
    "unicode": lambda n: "é" * n + " = 1\n",
    "one name": lambda n: "a" * n,
    "attributes": lambda n: "".join(f"a{i} = {i}\n" for i in range(n // 12)),
}


@pytest.mark.parametrize("kind", LARGE)
def test_time_grows_with_size_and_not_faster(kind: str) -> None:
    small, large = (SourceFile("large.tf", LARGE[kind](size)) for size in (100_000, 800_000))
    times = []
    for file in (small, large):
        start = time.process_time()
        parse_body(file)
        times.append(time.process_time() - start)
    # Eight times the size: eight times the time, with room for noise; a square would be 64 times.
    assert times[1] < max(times[0], 0.02) * 30, times


def test_forty_thousand_attributes_take_a_moment() -> None:
    text = "locals {\n" + "".join(f'  name_{i} = "value ${{var.x}} {i}"\n' for i in range(40_000)) + "}\n"
    start = time.process_time()
    parsed = parse_body(SourceFile("large.tf", text))
    assert len(parsed.body.blocks[0].body.attributes) == 40_000
    assert time.process_time() - start < 10


def test_a_file_of_nothing_but_problems_is_given_up() -> None:
    parsed = parse_body(SourceFile("t.tf", 'a "b" {\n' * 10_000))
    assert 1 <= len(parsed.problems) <= 21


@pytest.mark.parametrize(
    "text", ["a = [" + "1, " * 60 + "1]\n", "a = 1\n" * 40, "# c\n" * 101, 'a = "' + "${b}" * 40 + '"\n']
)
def test_a_file_of_too_many_tokens_is_given_up_as_a_whole(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infracheck.source.hcl.lexer.MAX_TOKENS", 100)
    parsed = parse_body(SourceFile("t.tf", "b = 1\n" + text))
    assert [problem.message for problem in parsed.problems] == ["More than 100 tokens"]
    assert isinstance(parsed.problems[0], LimitError)
    assert not parsed.body.attributes
    assert not parse_body(SourceFile("t.tf", "b = [" + "1, " * 40 + "1]\n")).problems


def test_json_of_too_many_values_is_given_up_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infracheck.source.hcl.json.MAX_JSON_VALUES", 100)
    parsed = parse_json_body(SourceFile("t.tf.json", '{"a": 1, "b": [' + "1, " * 98 + "1]}"))
    assert [str(problem) for problem in parsed.problems] == ["t.tf.json:1:307: More than 100 JSON values"]
    assert not parsed.body.attributes
    assert not parse_json_body(SourceFile("t.tf.json", '{"b": [' + "1, " * 97 + "1]}")).problems
