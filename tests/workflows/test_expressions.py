from __future__ import annotations

import pytest

from infracheck.workflows.expressions import Expression, expressions, whole_or_parts
from infracheck.workflows.untrusted import is_untrusted


def test_expressions_are_found_where_they_stand() -> None:
    text = "a ${{ b.c }} ${{ '}}' }} ${{}} ${{ open"
    assert [text[one.start : one.end] for one in expressions(text)] == ["${{ b.c }}", "${{ '}}' }}", "${{}}"]


@pytest.mark.parametrize(
    ("text", "yields"),
    [
        ("github.event.issue.title", ["github.event.issue.title"]),
        ("GitHub.Event['issue'].Title", ["github.event.issue.title"]),
        ("github.event.commits[0].message", ["github.event.commits.*.message"]),
        ("github.event.commits.*.message", ["github.event.commits.*.message"]),
        ("a.b[matrix.c]", ["a.b.*"]),
        ("a.b == 'x'", []),
        ("!a.b", []),
        ("a.b && 'x' || c.d", ["c.d"]),
        ("a.b || c.d", ["a.b", "c.d"]),
        ("contains(a.b, 'x')", []),
        ("format('{0} {1}', a.b, (c.d))", ["a.b", "c.d"]),
        ("toJSON(github.event)", ["github.event"]),
        ("fromJSON(a.b).c", ["a.b"]),
        ("startsWith(a.b, 'x') && c.d", ["c.d"]),
        ("'it''s a.b'", []),
        ("1.5e3 < 0x1F", []),
        ("", []),
    ],
)
def test_what_can_come_out(text: str, yields: list[str]) -> None:
    assert list(Expression(text, 0, 0).yields) == yields


def test_all_contexts_it_looks_at_are_known() -> None:
    assert Expression("a.b == c.d && e(f.g)", 0, 0).references == ("a.b", "c.d", "f.g")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 3000 + "a.b" + ")" * 3000,
        "a.b c",
        "a.",
        "a.b[",
        "&& a.b",
        "a.b ? c : d",
        "f(a.b",
        "'",
        "true && " * 5000 + "a.b",
    ],
)
def test_what_cannot_be_read_yields_all_it_mentions(text: str) -> None:
    assert set(Expression(text, 0, 0).yields) <= {"a.b"}


def test_a_broken_mention_of_untrusted_text_counts() -> None:
    assert Expression("github.head_ref +", 0, 0).yields == ("github.head_ref",)


def test_conditions_may_leave_the_braces_out() -> None:
    assert [one.references for one in whole_or_parts("a.b == 'x'")] == [("a.b",)]
    assert [one.references for one in whole_or_parts("${{ a.b }} == 'x'")] == [("a.b",)]


@pytest.mark.parametrize(
    ("reference", "untrusted"),
    [
        ("github.head_ref", True),
        ("github.event.pull_request.head.ref", True),
        ("github.event.pull_request.head.sha", False),
        ("github.event.pull_request.number", False),
        ("github.event.pull_request.base.ref", False),
        ("github.event.commits.*.author.email", True),
        ("github.event.head_commit.id", False),
        ("github.event", True),
        ("github.repository", False),
        ("github.ref_name", False),
        ("inputs.title", False),
    ],
)
def test_untrusted_contexts(reference: str, *, untrusted: bool) -> None:
    assert is_untrusted(reference) is untrusted
