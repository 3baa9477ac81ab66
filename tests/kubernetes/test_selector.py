from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infracheck.kubernetes.selector import describe, label_selector, map_selector
from infracheck.source.field import Field, NotJudged
from infracheck.source.files import SourceFile, Span
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Scalar, Sequence, Unknown, Value

# https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
CASES = [
    ("{matchLabels: {component: redis}}", "{component: redis, tier: cache}", True),
    ("{matchLabels: {component: redis}}", "{component: nginx}", False),
    ("{matchLabels: {component: redis}}", "{}", False),
    ("{matchLabels: {a: x, b: y}}", "{a: x}", False),
    ("{matchExpressions: [{key: tier, operator: In, values: [cache, web]}]}", "{tier: cache}", True),
    ("{matchExpressions: [{key: tier, operator: In, values: [cache, web]}]}", "{tier: db}", False),
    ("{matchExpressions: [{key: tier, operator: In, values: [cache, web]}]}", "{}", False),
    ("{matchExpressions: [{key: env, operator: NotIn, values: [dev]}]}", "{env: prod}", True),
    ("{matchExpressions: [{key: env, operator: NotIn, values: [dev]}]}", "{env: dev}", False),
    ("{matchExpressions: [{key: env, operator: NotIn, values: [dev]}]}", "{}", True),
    ("{matchExpressions: [{key: env, operator: Exists}]}", "{env: ''}", True),
    ("{matchExpressions: [{key: env, operator: Exists}]}", "{}", False),
    ("{matchExpressions: [{key: env, operator: DoesNotExist}]}", "{}", True),
    ("{matchExpressions: [{key: env, operator: DoesNotExist}]}", "{env: x}", False),
    # All requirements are ANDed, from both lists.
    ("{matchLabels: {a: x}, matchExpressions: [{key: b, operator: Exists}]}", "{a: x, b: y}", True),
    ("{matchLabels: {a: x}, matchExpressions: [{key: b, operator: Exists}]}", "{a: x}", False),
    ("{matchLabels: {a: x}, matchExpressions: [{key: b, operator: Exists}]}", "{b: y}", False),
    # What the API server refuses selects nothing.
    ("{matchExpressions: [{key: env, operator: in, values: [x]}]}", "{env: x}", False),
    ("{matchExpressions: [{key: env, operator: In}]}", "{env: x}", False),
    ("{matchExpressions: [junk]}", "{env: x}", False),
    # Keys with dots and slashes.
    ("{matchLabels: {app.kubernetes.io/name: web}}", "{app.kubernetes.io/name: web}", True),
]


@pytest.mark.parametrize("case", CASES)
def test_selectors_match_as_documented(field: Callable[[str], Field], case: tuple[str, str, bool]) -> None:
    selector, labels, matches = case
    assert label_selector(field(selector)).matches(field(labels)) is matches


def test_empty_and_absent_mean_what_each_api_says(field: Callable[[str], Field]) -> None:
    nothing, empty = field("{}")["selector"], field("{}")
    labels = field("{a: b}")
    assert label_selector(empty).matches(labels)
    assert not label_selector(nothing).matches(labels)
    assert label_selector(nothing, absent_selects=True).matches(labels)
    assert not label_selector(empty, empty_selects=False).matches(labels)
    assert not map_selector(empty).matches(labels)
    assert not map_selector(nothing).matches(labels)
    assert label_selector(empty).is_empty
    assert label_selector(field("{matchLabels: {}, matchExpressions: []}")).is_empty
    assert not label_selector(nothing).is_empty
    assert label_selector(field("{matchLabels: {}}")).matches(labels)


def test_flat_selectors_are_maps(field: Callable[[str], Field]) -> None:
    assert map_selector(field("{app: web}")).matches(field("{app: web, x: y}"))
    assert not map_selector(field("{app: web}")).matches(field("{app: api}"))


def test_unknown_values_matter_only_where_they_decide(field: Callable[[str], Field]) -> None:
    known_mismatch = label_selector(field("{matchLabels: {a: '${X}', b: y}}"))
    assert not known_mismatch.matches(field("{a: x, b: other}"))
    with pytest.raises(NotJudged):
        known_mismatch.matches(field("{a: x, b: y}"))
    one_of = label_selector(field("{matchExpressions: [{key: a, operator: In, values: ['${X}', x]}]}"))
    assert one_of.matches(field("{a: x}"))
    with pytest.raises(NotJudged):
        one_of.matches(field("{a: z}"))
    none_of = label_selector(field("{matchExpressions: [{key: a, operator: NotIn, values: ['${X}', x]}]}"))
    assert not none_of.matches(field("{a: x}"))
    with pytest.raises(NotJudged):
        none_of.matches(field("{a: z}"))
    exists = label_selector(field("{matchExpressions: [{key: a, operator: Exists}]}"))
    assert exists.matches(field("{a: '${X}'}"))
    assert label_selector(field("{}")).matches(field("'${LABELS}'"))
    with pytest.raises(NotJudged):
        exists.matches(field("'${LABELS}'"))
    with pytest.raises(NotJudged):
        label_selector(field("'${SELECTOR}'")).matches(field("{a: b}"))
    partly = label_selector(field("{matchLabels: {a: x}, matchExpressions: '${E}'}"))
    assert not partly.matches(field("{a: y}"))
    with pytest.raises(NotJudged):
        partly.matches(field("{a: x}"))


def test_keys_that_others_set_are_not_compared(field: Callable[[str], Field]) -> None:
    selector = label_selector(field("{matchLabels: {app: web, pod-name: web-0}}"))
    assert not selector.matches(field("{app: web}"))
    assert selector.matches(field("{app: web}"), taken_to_hold=frozenset({"pod-name"}))


def test_incomplete_labels_leave_other_keys_open(field: Callable[[str], Field]) -> None:
    labels = field("{name: core}")
    others = Unknown("not among the manifests", labels.origin)
    assert label_selector(field("{matchLabels: {name: core}}")).matches(labels, others=others)
    assert not label_selector(field("{matchLabels: {name: web, team: a}}")).matches(labels, others=others)
    for text in ("{matchLabels: {team: a}}", "{matchExpressions: [{key: team, operator: DoesNotExist}]}"):
        with pytest.raises(NotJudged):
            label_selector(field(text)).matches(labels, others=others)


def test_selectors_describe_themselves(field: Callable[[str], Field]) -> None:
    text = "{matchLabels: {app: web}, matchExpressions: [{key: t, operator: In, values: [a, '${B}']}]}"
    assert describe(label_selector(field(text))) == "app=web, t In (a, ?)"
    assert describe(map_selector(field("{app: web}"))) == "app=web"


if TYPE_CHECKING:
    from collections.abc import Callable

Expression = tuple[str, str, list[str]]
ORIGIN = Origin(Span(SourceFile("generated.yaml", ""), 0, 0))
WORDS = st.sampled_from(["a", "b", "c", ""])
LABELS = st.dictionaries(st.sampled_from(["x", "y", "z"]), WORDS, max_size=3)
EXPRESSIONS = st.lists(
    st.tuples(
        st.sampled_from(["x", "y", "z"]),
        st.sampled_from(["In", "NotIn", "Exists", "DoesNotExist"]),
        st.lists(WORDS, min_size=1, max_size=3),
    ),
    max_size=3,
)


def _tree(value: object) -> Value:
    if isinstance(value, dict):
        return Mapping({key: _tree(below) for key, below in value.items()}, ORIGIN)
    if isinstance(value, list):
        return Sequence(tuple(_tree(below) for below in value), ORIGIN)
    assert value is None or isinstance(value, str)
    return Scalar(value, ORIGIN)


def _holds(key: str, operator: str, values: list[str], labels: dict[str, str]) -> bool:
    return {
        "In": labels.get(key) in values,
        "NotIn": labels.get(key) not in values,
        "Exists": key in labels,
        "DoesNotExist": key not in labels,
    }[operator]


@given(LABELS, EXPRESSIONS, LABELS)
def test_matching_is_the_conjunction_of_all_requirements(
    wanted: dict[str, str], expressions: list[Expression], labels: dict[str, str]
) -> None:
    selector = _tree(
        {
            "matchLabels": wanted,
            "matchExpressions": [{"key": k, "operator": o, "values": v} for k, o, v in expressions],
        }
    )
    expected = all(labels.get(key) == value for key, value in wanted.items()) and all(
        _holds(*expression, labels) for expression in expressions
    )
    assert label_selector(Field(selector)).matches(Field(_tree(labels))) is expected


@given(LABELS, EXPRESSIONS, LABELS, st.sampled_from(["x", "y", "z"]))
def test_an_unknown_label_never_changes_a_verdict_that_was_given(
    wanted: dict[str, str], expressions: list[Expression], labels: dict[str, str], hidden: str
) -> None:
    """Whatever the label turns out to be, a verdict given without knowing it stands."""
    selector = label_selector(
        Field(
            _tree(
                {
                    "matchLabels": wanted,
                    "matchExpressions": [{"key": k, "operator": o, "values": v} for k, o, v in expressions],
                }
            )
        )
    )
    known = _tree(labels)
    assert isinstance(known, Mapping)
    try:
        verdict = selector.matches(Field(known.with_field(hidden, Unknown("hidden", ORIGIN))))
    except NotJudged:
        return
    for value in ("a", "b", "c", "", "other"):
        assert selector.matches(Field(known.with_field(hidden, Scalar(value, ORIGIN)))) is verdict
