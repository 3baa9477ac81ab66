"""How deep a tree is: measured without recursion, so that everything after the reader may recurse."""

from __future__ import annotations

from typing import Any

MAX_DEPTH = 200
"""The deepest nesting of expressions, or of blocks, that is read. Real configurations stay below 20."""


def depth_exceeded(node: Any) -> bool:
    """Whether a syntax tree is more than `MAX_DEPTH` nodes deep."""
    stack: list[tuple[Any, int]] = [(node, 1)]
    while stack:
        current, depth = stack.pop()
        if depth > MAX_DEPTH:
            return True
        for child in current:
            if isinstance(child, tuple):
                # Plain tuples only hold a node's children; nodes are named tuples.
                stack.append((child, depth if type(child) is tuple else depth + 1))
    return False
