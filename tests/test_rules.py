"""Every rule's page is its documentation and its tests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import infracheck
from infracheck.cases import run_cases

if TYPE_CHECKING:
    from infracheck.rule import Rule

RULES = infracheck.rules()
DOMAINS = {"terraform", "kubernetes", "kustomize", "workflows", "environments", "cost"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_examples_of_its_page_hold(rule: Rule) -> None:
    wrong = [f"{result.name}: {problem}" for result in run_cases(rule) for problem in result.problems]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_its_page_is_complete(rule: Rule) -> None:
    page = rule.page
    assert page.title, "the first line says what is wrong"
    assert len(page.title) <= 100
    assert page.introduction, "the cause and its consequence"
    assert page.section("Fix")
    assert "http" in page.section("References") or "CIS" in page.section("References")
    assert any(example.bad for example in page.examples)
    assert any(not example.bad for example in page.examples)
    assert rule.remedy.endswith(".")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_its_name_says_what_is_wrong(rule: Rule) -> None:
    domain, _, name = rule.id.partition("/")
    assert domain in DOMAINS
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert not name.startswith(("no-", "require-", "ensure-"))


def test_aliases_are_spelt_once_per_rule() -> None:
    for rule in RULES:
        assert len(set(rule.aliases)) == len(rule.aliases), rule.id


CHECKLIST = {
    "secrets", "iam", "network-policies", "rbac", "ingress-tls", "image-scanning", "resource-limits", "audit-logging",
}  # fmt: skip


def test_checklist_tags_name_one_of_the_eight_items_and_each_item_has_rules() -> None:
    named = {tag.partition(":")[2] for rule in RULES for tag in rule.tags if tag.startswith("checklist:")}
    assert named == CHECKLIST
