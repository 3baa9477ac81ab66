"""Reading the nodes of a plan's JSON."""

from __future__ import annotations

from typing import Any

from infracheck.source.hcl import ast


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
