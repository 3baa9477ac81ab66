"""Hiding in a plan's text what the plan says is sensitive.

Plans hold their sensitive values in clear, often on the one line that the whole plan is; and reports quote lines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from infracheck.source.files import SourceFile
from infracheck.source.hcl import ast
from infracheck.terraform.plan_json import is_true, items, nth, pairs, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.terraform.plan_text import Part, PlanText

SHORTEST_SECRET = 4
"""Characters of a sensitive string that is hidden wherever it occurs; a shorter one only where it is marked."""

_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"')


def without_secrets(plan: PlanText, top: dict[str, Part]) -> SourceFile:
    """The same file with sensitive values blanked out, each character by one, so that every offset stays.

    Args:
        plan: the text of the plan.
        top: the parts at its top, by name.

    Raises:
        SyntaxProblem: a value that may be sensitive is nested too deeply.
    """
    shown = plan.file.text
    hidden: set[tuple[int, int]] = set()
    strings: set[str] = set()
    for value, mark in _marked(plan, top):
        if plan.mentions(mark, "true"):
            for leaf in _hidden(plan.node(value), plan.node(mark)):
                hidden.add((leaf.start, leaf.end))
                if len(text(leaf) or "") >= SHORTEST_SECRET:
                    strings.add(shown[leaf.start : leaf.end])
    if strings:
        hidden.update(match.span() for match in _STRING.finditer(shown) if match[0] in strings)
    return SourceFile(plan.file.path, _blanked(shown, sorted(hidden))) if hidden else plan.file


def _blanked(shown: str, places: list[tuple[int, int]]) -> str:
    pieces: list[str] = []
    at = 0
    for start, end in places:
        quote = int(shown[start] == '"')
        pieces += [shown[at : start + quote], "*" * (end - start - 2 * quote)]
        at = end - quote
    pieces.append(shown[at:])
    return "".join(pieces)


def _marked(plan: PlanText, top: dict[str, Part]) -> Iterator[tuple[Part | None, Part | None]]:
    """Values of a plan, each with what says which parts of it are sensitive."""
    for state in (top.get("planned_values"), plan.get(top.get("prior_state"), "values")):
        parts = plan.members(state)
        for module in plan.modules(parts.get("root_module")):
            for resource in map(plan.members, plan.elements(module.get("resources"))):
                yield resource.get("values"), resource.get("sensitive_values")
        for output in map(plan.members, plan.members(parts.get("outputs")).values()):
            yield output.get("value"), output.get("sensitive")
    changes = [
        *(
            plan.get(one, "change")
            for name in ("resource_changes", "resource_drift")
            for one in plan.elements(top.get(name))
        ),
        *plan.members(top.get("output_changes")).values(),
    ]
    for change in map(plan.members, changes):
        yield change.get("before"), change.get("before_sensitive")
        yield change.get("after"), change.get("after_sensitive")
    declared = plan.members(plan.get(top.get("configuration"), "root_module", "variables"))
    for name, variable in plan.members(top.get("variables")).items():
        yield plan.get(variable, "value"), plan.get(declared.get(name), "sensitive")


def _hidden(node: Any, mark: Any) -> Iterator[Any]:
    """The strings and numbers below a node that a mark of the same shape, or `true` for all of it, hides."""
    waiting = [(node, mark)]
    while waiting:
        node, mark = waiting.pop()
        whole = is_true(mark)
        if isinstance(node, ast.Object):
            marks = dict(pairs(mark))
            waiting += [(value, mark if whole else marks.get(name)) for name, value in pairs(node)]
        elif isinstance(node, ast.Tuple):
            parts = items(mark)
            waiting += [(item, mark if whole else nth(parts, index)) for index, item in enumerate(node.items)]
        elif whole and (isinstance(node, ast.Template) or _is_number(node)):
            yield node


def _is_number(node: Any) -> bool:
    return isinstance(node, ast.Literal) and node.value is not None and not isinstance(node.value, bool)
