from __future__ import annotations

import functools
import json

from hypothesis import assume, given
from hypothesis import strategies as st

from infracheck.config.positions import key_spans, longest_known, value_spans

TEXT = '''# a comment = 1
plain = "a # b"   # not a comment
"quoted key" = 'x'
dotted.inner . deep = 1.5
inline = { a = [1, { b = 2 }], "c.d" = true }
many = """
[not.a.header]
key = 1
"""
list = [
  "one", # first
  'two',
]

[table.sub]
key = 1979-05-27T07:32:00Z

[[items]]
name = "first"
[[items]]
name = "second"
[items.child]
x = 1
'''


def test_keys_are_found_wherever_toml_allows_them() -> None:
    lines = {path: TEXT.count("\n", 0, start) + 1 for path, (start, _) in key_spans(TEXT).items()}
    assert lines == {
        ("plain",): 2,
        ("quoted key",): 3,
        ("dotted",): 4,
        ("dotted", "inner"): 4,
        ("dotted", "inner", "deep"): 4,
        ("inline",): 5,
        ("inline", "a"): 5,
        ("inline", "a", 0): 5,
        ("inline", "a", 1): 5,
        ("inline", "a", 1, "b"): 5,
        ("inline", "c.d"): 5,
        ("many",): 6,
        ("list",): 10,
        ("list", 0): 11,
        ("list", 1): 12,
        ("table", "sub"): 15,
        ("table", "sub", "key"): 16,
        ("items",): 18,
        ("items", 0): 18,
        ("items", 0, "name"): 19,
        ("items", 1): 20,
        ("items", 1, "name"): 21,
        ("items", 1, "child"): 22,
        ("items", 1, "child", "x"): 23,
    }


def test_values_are_found_whole() -> None:
    texts = {path: TEXT[start:end] for path, (start, end) in value_spans(TEXT).items()}
    assert texts["dotted", "inner", "deep"] == "1.5"
    assert texts["inline", "a"] == "[1, { b = 2 }]"
    assert texts["table", "sub", "key"] == "1979-05-27T07:32:00Z"
    assert texts["list", 1] == "'two'"


def test_the_longest_known_beginning_of_a_path_is_found() -> None:
    spans = key_spans("fail_on = 1\n[a]\nb = 2")
    assert longest_known(("fail-on", "x"), spans) == ("fail_on",)
    assert longest_known(("a", "b", "c"), spans) == ("a", "b")
    assert longest_known(("z",), spans) == ()


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=5))
def test_any_strings_are_passed_over_whole(content: dict[str, str]) -> None:
    quoted = functools.partial(json.dumps, ensure_ascii=False)

    lines = [f"{quoted(key)} = {quoted(value)}" for key, value in content.items()]
    assume(not any(0x7F <= ord(char) < 0xA0 for line in lines for char in line))
    assert [path[0] for path in key_spans("\n".join(lines))] == list(content)
