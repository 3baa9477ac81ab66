"""Reading the nodes of a plan's JSON, and hiding in its text what the plan says is sensitive."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from infracheck.source.files import SourceFile
from infracheck.source.hcl import ast

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_MODULE_DEPTH = 50
"""The deepest nesting of modules in a plan that is read."""

SHORTEST_SECRET = 4
"""Characters of a sensitive string that is hidden wherever it occurs; a shorter one only where it is marked."""

_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"')


def pairs(node: Any) -> list[tuple[str, Any]]:
    """Names and values of an object, in order; nothing for any other node."""
    if not isinstance(node, ast.Object):
        return []
    return [(item.key.literal or "", item.value) for item in node.items if isinstance(item.key, ast.Template)]


def get(node: Any, *names: str) -> Any:
    """The node at a path of names, or None."""
    for name in names:
        node = next((value for key, value in pairs(node) if key == name), None)
    return node


def items(node: Any) -> tuple[Any, ...]:
    """The elements of an array; nothing for any other node."""
    return node.items if isinstance(node, ast.Tuple) else ()


def nth(nodes: tuple[Any, ...], index: int) -> Any:
    """An element, or None past the end."""
    return nodes[index] if index < len(nodes) else None


def text(node: Any) -> str | None:
    """The string a node is, or None."""
    return node.literal if isinstance(node, ast.Template) else None


def is_true(node: Any) -> bool:
    """Whether a node is `true`."""
    return isinstance(node, ast.Literal) and node.value is True


def modules(root: Any) -> Iterator[Any]:
    """A module of `planned_values` or `prior_state`, and those below it, in order."""
    waiting = [(root, 0)]
    while waiting:
        module, depth = waiting.pop()
        yield module
        if depth < MAX_MODULE_DEPTH:
            waiting += [(child, depth + 1) for child in reversed(items(get(module, "child_modules")))]


def without_secrets(file: SourceFile, top: dict[str, Any]) -> SourceFile:
    """The same file with sensitive values blanked out, each character by one, so that every offset stays.

    Plans hold their sensitive values in clear, often on the one line that the whole plan is; and reports quote lines.

    Args:
        file: the plan.
        top: the nodes at its top, by name.
    """
    leaves = [leaf for node, mark in _marked(top) for leaf in _hidden(node, mark)]
    shown = list(file.text)
    for leaf in leaves:
        _blank(shown, leaf.start, leaf.end)
    strings = {file.text[leaf.start : leaf.end] for leaf in leaves if len(text(leaf) or "") >= SHORTEST_SECRET}
    if strings:
        for match in _STRING.finditer(file.text):
            if match[0] in strings:
                _blank(shown, *match.span())
    return SourceFile(file.path, "".join(shown))


def _blank(shown: list[str], start: int, end: int) -> None:
    quoted = shown[start] == '"'
    first, last = (start + 1, end - 1) if quoted else (start, end)
    shown[first:last] = "*" * (last - first)


def _marked(top: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    """Values of a plan, each with what says which parts of it are sensitive."""
    states = [top.get("planned_values"), get(top.get("prior_state"), "values")]
    for state in states:
        for module in modules(get(state, "root_module")):
            for resource in items(get(module, "resources")):
                yield get(resource, "values"), get(resource, "sensitive_values")
        for _, output in pairs(get(state, "outputs")):
            yield get(output, "value"), get(output, "sensitive")
    changes = [
        *(get(one, "change") for name in ("resource_changes", "resource_drift") for one in items(top.get(name))),
        *(change for _, change in pairs(top.get("output_changes"))),
    ]
    for change in changes:
        yield get(change, "before"), get(change, "before_sensitive")
        yield get(change, "after"), get(change, "after_sensitive")
    declared = dict(pairs(get(top.get("configuration"), "root_module", "variables")))
    for name, variable in pairs(top.get("variables")):
        yield get(variable, "value"), get(declared.get(name), "sensitive")


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
