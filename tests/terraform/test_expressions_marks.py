"""What is sensitive or not known, on its way through expressions: each line is an answer of `terraform console` 1.11.

`*` stands for "(sensitive value)", `?` for "(known after apply)"; white space is left out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

import infracheck
from infracheck.source.values import Mapping, Scalar, Sequence, Unknown
from infracheck.terraform.format import shown

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.source.values import Value

SENSITIVE = [
    ("length(sensitive([1]))", "*"),
    ("length([sensitive(1)])", "1"),
    ('length(sensitive("abc"))', "*"),
    ("length(sensitive({a=1}))", "*"),
    ("element([sensitive(1),2],1)", "2"),
    ("element(sensitive([1,2]),1)", "*"),
    ("element([1,2],sensitive(1))", "*"),
    ("concat([sensitive(1)],[2])", "[*,2,]"),
    ("concat(sensitive([1]),[2])", "*"),
    ("keys({a=sensitive(1)})", '["a",]'),
    ("keys(sensitive({a=1}))", "*"),
    ("values({a=sensitive(1),b=2})", "[*,2,]"),
    ("values(sensitive({a=1}))", "*"),
    ("values(tomap({a=sensitive(1),b=2}))", "tolist([*,2,])"),
    ("merge({a=sensitive(1)},{b=2})", '{"a"=*"b"=2}'),
    ("merge(sensitive({a=1}),{b=2})", "*"),
    ("merge({a=1},{b=sensitive({c=1})})", '{"a"=1"b"=*}'),
    ("contains([sensitive(1),2],2)", "*"),
    ("contains([1,2],sensitive(2))", "*"),
    ('lookup({a=sensitive(1),b=2},"b")', "2"),
    ('lookup({a=sensitive(1),b=2},"a")', "*"),
    ('lookup({a=1},"z",sensitive(2))', "*"),
    ('lookup({a=1},sensitive("a"))', "*"),
    ('lookup(sensitive({a=1}),"a")', "*"),
    ('lookup(tomap({a=sensitive("x"),b="y"}),"b")', '"y"'),
    ('zipmap(["a","b"],[sensitive(1),2])', '{"a"=*"b"=2}'),
    ('zipmap(["a",sensitive("b")],[1,2])', "*"),
    ('zipmap(sensitive(["a","b"]),[1,2])', "*"),
    ("coalesce(null,sensitive(1))", "*"),
    ("coalesce(2,sensitive(1))", "*"),
    ("coalescelist([],[sensitive(1)])", "*"),
    ("coalescelist([2],[sensitive(1)])", "*"),
    ("coalescelist(sensitive([]),[1])", "*"),
    ("reverse([sensitive(1),2])", "[2,*,]"),
    ("reverse(sensitive([1,2]))", "*"),
    ("slice([sensitive(1),2],1,2)", "[2,]"),
    ("slice(sensitive([1,2]),1,2)", "*"),
    ("flatten([[sensitive(1)],[2]])", "[*,2,]"),
    ("flatten([sensitive([1]),[2]])", "*"),
    ("flatten(sensitive([[1],[2]]))", "*"),
    ("distinct([sensitive(1),2])", "*"),
    ("chunklist([sensitive(1),2],1)", "tolist([tolist([*,]),tolist([2,]),])"),
    ("chunklist(sensitive([1,2]),1)", "*"),
    ("index([1,sensitive(2)],1)", "*"),
    ('matchkeys([sensitive("a"),"b"],["x","y"],["y"])', "*"),
    ("setproduct([sensitive(1)],[2])", "tolist([[*,2,],])"),
    ("setproduct(sensitive([1]),[2])", "*"),
    ("setunion([sensitive(1)],[2])", "*"),
    ("one([sensitive(1)])", "*"),
    ("one(sensitive([1]))", "*"),
    ("one(sensitive([]))", "*"),
    ('transpose({a=[sensitive("x")],b=["y"]})', "*"),
    ('transpose({a=["x"],b=sensitive(["y"])})', "*"),
    ("tolist([sensitive(1),2])", "tolist([*,2,])"),
    ("toset([sensitive(1),2])", "*"),
    ("tomap({a=sensitive(1),b=2})", 'tomap({"a"=*"b"=2})'),
    ("tostring(sensitive(1))", "*"),
    ("jsonencode([sensitive(1)])", "*"),
    ('jsondecode(sensitive("[1]"))', "*"),
    ('sort([sensitive("a"),"b"])', "*"),
    ('compact([sensitive("a"),""])', "*"),
    ("sum([sensitive(1),2])", "*"),
    ("alltrue([sensitive(true)])", "*"),
    ("anytrue([true,sensitive(false)])", "*"),
    ('join(",",["a",sensitive("b")])', "*"),
    ('split(",",sensitive("a,b"))', "*"),
    ("range(sensitive(2))", "*"),
    ("max(1,sensitive(2))", "*"),
    ("min(sensitive(1),2)", "*"),
    ("try(sensitive(1))", "*"),
    ("can(sensitive(1))", "true"),
    ("try([sensitive(1)])", "[*,]"),
    ("sensitive([1])", "*"),
    ("sensitive(null)", "*"),
    ("nonsensitive(sensitive(1))", "1"),
    ("nonsensitive(1)", "1"),
    ("nonsensitive([sensitive(1)])", "[*,]"),
    ("nonsensitive({a=sensitive(1)})", '{"a"=*}'),
    ("issensitive([sensitive(1)])", "false"),
    ("issensitive(sensitive(1))", "true"),
    ("issensitive(1)", "false"),
    ("issensitive(null)", "false"),
    ("ephemeralasnull(sensitive(1))", "*"),
    ("yamlencode({a=sensitive(1)})", "*"),
    ('regex("a",sensitive("a"))', "*"),
    ('regexall("a",sensitive("a"))', "*"),
    ('cidrsubnets(sensitive("10.0.0.0/8"),8)', "*"),
    ("[for x in [sensitive(1),2]: x]", "[*,2,]"),
    ("[for x in sensitive([1,2]): x]", "*"),
    ("[for x in [1,2]: x if sensitive(true)]", "*"),
    ("[for x in [sensitive(1),2]: x if x == 1]", "*"),
    ("{for k,v in {a=sensitive(1)}: k=>v}", '{"a"=*}'),
    ("{for k,v in sensitive({a=1}): k=>v}", "*"),
    ('{for k in [sensitive("a")]: k=>1}', "*"),
    ('{for k in ["a","b"]: k=>1 if sensitive(true)}', "*"),
    ('{(sensitive("a"))=1}', "*"),
    ("[1,2][sensitive(0)]", "*"),
    ("sensitive([1,2])[0]", "*"),
    ("sensitive({a=1}).a", "*"),
    ("{a=sensitive(1)}.a", "*"),
    ("sensitive([{a=1}])[*].a", "*"),
    ("[sensitive({a=1}),{a=2}][*].a", "[*,2,]"),
    ("[{a=sensitive(1)}][*].a", "[*,]"),
    ("sensitive({a=1})[*].a", "*"),
    ("sensitive(null)[*]", "*"),
    ('"${sensitive("a")}b"', "*"),
    ('"%{if sensitive(true)}a%{endif}"', "*"),
    ('"%{for x in sensitive(["a"])}${x}%{endfor}"', "*"),
    ('"%{for x in [sensitive("a")]}${x}%{endfor}"', "*"),
    ("sensitive(true)?1:2", "*"),
    ("true?sensitive(1):2", "*"),
    ("false?sensitive(1):2", "*"),
    ("sensitive(true)&&false", "*"),
    ("sensitive(1)+1", "*"),
    ("-sensitive(1)", "*"),
    ("!sensitive(true)", "*"),
    ("sensitive(1)==1", "*"),
    ("[sensitive(1)]==[1]", "*"),
    ("[sensitive(1)]==[1,2]", "*"),
    ("sensitive(null)==null", "*"),
    ("max([sensitive(1),2]...)", "*"),
    ("max(sensitive([1,2])...)", "*"),
    ("concat(sensitive([[1],[2]])...)", "*"),
    ('formatdate("YYYY",sensitive("2020-01-01T00:00:00Z"))', "*"),
    ("setintersection([sensitive(1)],[1])", "*"),
    ("setsubtract([1,2],sensitive([1]))", "*"),
    ('lookup(tomap({}),"a",sensitive(1))', "*"),
    ("toset([[sensitive(1)],[2]])", "*"),
    ("tolist([[sensitive(1)],[2]])", "tolist([[*,],[2,],])"),
    ("true?[sensitive(1)]:[2]", "[*,]"),
    ("false?[sensitive(1)]:[2]", "[2,]"),
    ('lookup({a=[sensitive(1)]},"a")', "[*,]"),
    ("keys(tomap({a=sensitive(1)}))", 'tolist(["a",])'),
    ("length(toset([sensitive(1)]))", "*"),
    ("length(tomap({a=sensitive(1)}))", "1"),
    ("element(tolist([sensitive(1),2]),0)", "*"),
]  # fmt: skip

UNKNOWN = [
    ("var.u", "?"),
    ('true && var.u == "a"', "?"),
    ("length([var.u])", "1"),
    ("length(tostring(var.u)[*])", "?"),
    ('var.u == "a" ? null : null', "null"),
    ('issensitive(var.u == "a" ? sensitive("x") : "y")', "true"),
    ("length(var.u)", "?"),
    ("length([var.u, 1])", "2"),
    ('toset([var.u, "a"])', 'toset(["a",?,])'),
    ('length(toset([var.u, "a"]))', "?"),
    ("length(toset([var.u]))", "1"),
    ('var.u == "a" ? "x" : "y"', "?"),
    ('var.u == "a" ? [1] : [1]', "?"),
    ('var.u == "a" ? {a=1} : {a=2}', "?"),
    ('try(var.u, "a")', "?"),
    ('try([var.u, 1], "a")', "?"),
    ("can(var.u)", "?"),
    ("can(1)", "true"),
    ('can(tonumber("x"))', "false"),
    ('[for x in [var.u, "a"] : x]', '[?,"a",]'),
    ('[for x in [var.u, "a"] : x if x == "a"]', "?"),
    ("{for x in [var.u] : x => 1}", "?"),
    ("{for k, v in {a = var.u} : k => v}", '{"a"=?}'),
    ('"${var.u}-a"', "?"),
    ('concat([var.u], ["a"])', '[?,"a",]'),
    ("merge({a = var.u}, {b = 1})", '{"a"=?"b"=1}'),
    ("merge({a = var.u}, {b = 1}).b", "1"),
    ("keys({a = var.u})", '["a",]'),
    ("values({a = var.u})", "[?,]"),
    ('lookup({a = var.u, b = 1}, "b")', "1"),
    ('lookup({a = var.u, b = 1}, "a")', "?"),
    ("lookup({a = 1}, var.u, 2)", "?"),
    ('contains(["a", var.u], "a")', "true"),
    ('contains(["b", var.u], "a")', "?"),
    ('coalesce(var.u, "a")', "?"),
    ('coalesce("a", var.u)', '"a"'),
    ('coalesce("", var.u)', "?"),
    ("coalescelist([], [var.u])", "[?,]"),
    ("coalescelist([var.u], [1])", "[?,]"),
    ('join(",", ["a", var.u])', "?"),
    ('format("%s", var.u)', "?"),
    ('formatlist("%s", ["a", var.u])', 'tolist(["a",?,])'),
    ("jsonencode({a = var.u})", "?"),
    ("jsonencode([1])", '"[1]"'),
    ('element(["a", var.u], 0)', '"a"'),
    ('element([var.u, "a"], 0)', "?"),
    ('[var.u, "a"][1]', '"a"'),
    ('[var.u, "a"][0]', "?"),
    ("{a = var.u, b = 1}.b", "1"),
    ("{(var.u) = 1}", "?"),
    ('distinct(["a", var.u])', "?"),
    ('distinct(["a", "a"])', 'tolist(["a",])'),
    ('compact(["a", var.u])', "?"),
    ("flatten([var.u, [1]])", "?"),
    ('reverse(["a", var.u])', '[?,"a",]'),
    ('slice(["a", var.u], 0, 1)', '["a",]'),
    ('alltrue([true, var.u == "a"])', "?"),
    ('alltrue([false, var.u == "a"])', "false"),
    ('anytrue([true, var.u == "a"])', "true"),
    ('anytrue([var.u == "a", true])', "true"),
    ('anytrue([false, var.u == "a"])', "?"),
    ("sum([1, tonumber(var.u)])", "?"),
    ("max(1, tonumber(var.u))", "?"),
    ("1 + tonumber(var.u)", "?"),
    ("-tonumber(var.u)", "?"),
    ("!tobool(var.u)", "?"),
    ("var.u == null", "?"),
    ("null == var.u", "?"),
    ('[var.u] == ["a", "b"]', "false"),
    ('[var.u] == ["a"]', "?"),
    ("{a = var.u} == {b = 1}", "false"),
    ('"a" == var.u', "?"),
    ("1 == var.u", "?"),
    ("[var.u][*]", "[?,]"),
    ("var.u[*]", "?"),
    ("var.u.a.b", "?"),
    ("var.u[0]", "?"),
    ("tomap({a = var.u})", 'tomap({"a"=?})'),
    ("tostring(var.u)", "?"),
    ("tonumber(var.u)", "?"),
    ("tolist(var.u)", "?"),
    ("one([var.u])", "?"),
    ("one([])", "null"),
    ('zipmap(["a"], [var.u])', '{"a"=?}'),
    ('zipmap([var.u], ["a"])', "?"),
    ('index(["a", var.u], "a")', "0"),
    ('index([var.u, "a"], "a")', "?"),
    ('setunion(["a"], [var.u])', 'toset(["a",?,])'),
    ('setintersection(["a"], [var.u])', "?"),
    ('setsubtract(["a"], [var.u])', "?"),
    ('setproduct(["a"], [var.u])', 'tolist([["a",?,],])'),
    ('chunklist(["a", var.u], 1)', 'tolist([tolist(["a",]),tolist([?,]),])'),
    ("transpose({a = [var.u]})", "?"),
    ('split(",", var.u)', "?"),
    ('replace(var.u, "a", "b")', "?"),
    ("upper(var.u)", "?"),
    ('regex("a", var.u)', "?"),
    ("range(tonumber(var.u))", "?"),
    ("max([1, tonumber(var.u)]...)", "?"),
    ("max(var.u...)", "?"),
    ("nonsensitive(var.u)", "?"),
    ("issensitive(var.u)", "?"),
    ("issensitive(sensitive(var.u))", "true"),
    ('var.u == "a" ? "x" : 1', "?"),
    ('var.u == "a" ? null : "y"', "?"),
    ('var.u == "a" ? sensitive("x") : "y"', "*"),  # the plan refuses it in an output that is not sensitive
    ('true ? var.u : "a"', "?"),
    ('false ? var.u : "a"', '"a"'),
    ('true ? "a" : var.u', '"a"'),
    ("true ? [1] : var.u", "[1,]"),
    ('"%{if var.u == "a"}a%{endif}"', "?"),
    ('"%{for x in [var.u]}${x}%{endfor}"', "?"),
    ('"%{for x in var.u}${x}%{endfor}"', "?"),
    ('"a%{if true}b%{endif}"', '"ab"'),
    ("yamlencode({a = var.u})", "?"),
    ("base64encode(var.u)", "?"),
    ("cidrsubnet(var.u, 1, 1)", "?"),
    ('startswith(var.u, "a")', "?"),
    ('strcontains("a", var.u)', "?"),
    ('timeadd(var.u, "1h")', "?"),
    ("ephemeralasnull(var.u)", "?"),
    ("length({a = var.u})", "1"),
    ("keys(var.u)", "?"),
    ("[for x in var.u : x]", "?"),
    ("{for k, v in var.u : k => v}", "?"),
    ("tolist([var.u, 1])", "tolist([?,1,])"),
    ("[var.u][0]", "?"),
    ("concat(var.u, [1])", "?"),
    ("merge(var.u, {a = 1})", "?"),
    ('flatten([["a"], [var.u]])', "?"),
    ('[var.u, "b"] == ["a", "c"]', "?"),
    ('{a = var.u, b = 1} == {a = "x", b = 2}', "?"),
    ("var.u[*].id", "?"),
]  # fmt: skip

DECIDED = [
    ('true || var.u == "a"', "true"),
    ('var.u == "a" || true', "true"),
    ('false && var.u == "a"', "false"),
    ('alltrue([var.u == "a", false])', "false"),
]
"""Where Terraform waits, although the answer is the same whatever the unknown turns out to be."""


@pytest.fixture(scope="module")
def module(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("module")
    (folder / "main.tf").write_text('variable "u" {}\n', encoding="utf-8")
    return folder


def said(expression: str, root: Path | None = None) -> str:
    """What infracheck says to an expression, in the notation of the tables."""
    try:
        value = infracheck.evaluate(expression, root)
    except infracheck.EvaluationError:
        return "error"
    printed = shown(_with_marks(value)).replace("(sensitive value)", "*").replace('"?"', "?")
    return "".join(printed.split())


def _with_marks(value: Value) -> Value:
    if isinstance(value, Unknown):
        return Scalar("?", value.origin, sensitive=value.sensitive)
    if isinstance(value, Sequence):
        return replace(value, items=tuple(map(_with_marks, value.items)))
    if isinstance(value, Mapping):
        return replace(value, fields={name: _with_marks(field) for name, field in value.fields.items()})
    return value


@pytest.mark.parametrize(("expression", "console"), SENSITIVE)
def test_what_is_sensitive_stays_so(expression: str, console: str) -> None:
    assert said(expression) == console


@pytest.mark.parametrize(("expression", "console"), UNKNOWN)
def test_what_is_not_known_is_not_guessed(module: Path, expression: str, console: str) -> None:
    assert said(expression, module) == console


@pytest.mark.parametrize(("expression", "answer"), DECIDED)
def test_what_no_unknown_can_change_is_known(module: Path, expression: str, answer: str) -> None:
    assert said(expression, module) == answer


def test_unknowns_tell_their_cause(module: Path) -> None:
    value = infracheck.evaluate('upper("${var.u}-x")', module)
    assert isinstance(value, Unknown)
    assert [step.reason for step in value.chain()] == [
        "an argument of `upper()` is not known",
        "a part of the string is not known",
        "`var.u`",
        "`var.u` has no default and no value",
    ]


def test_try_follows_a_path_into_what_is_partly_known_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('variable "u" {}\nlocals {\n  o = { a = var.u, b = 1 }\n}\n', encoding="utf-8")
    assert said("try(local.o, {}).b", tmp_path) == "1"
    assert said("try(local.o.c, 2)", tmp_path) == "2"
    assert said("try({ a = tonumber(var.u), b = 1 }, {}).b", tmp_path) == "?"
