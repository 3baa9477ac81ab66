"""How deep a tree is: measured without recursion, so that everything after the reader may recurse."""

from __future__ import annotations

from typing import Any

MAX_DEPTH = 200
"""The deepest nesting of expressions, or of blocks, that is read. Real configurations stay below 20."""

_LEAVES = frozenset({"start", "end", "name", "value_name", "key_name", "operator", "opening", "full", "position"})
"""Fields of nodes that hold no nodes."""


def depth_exceeded(node: Any) -> bool:
    """Whether a syntax tree is more than `MAX_DEPTH` nodes deep."""
    stack: list[tuple[Any, int]] = [(node, 1)]
    while stack:
        current, depth = stack.pop()
        if depth > MAX_DEPTH:
            return True
        if isinstance(current, tuple):
            stack.extend((child, depth) for child in current)
        else:
            # Everything that is not a node has no `__slots__` worth looking into.
            names = getattr(current, "__match_args__", ())
            stack.extend((getattr(current, name), depth + 1) for name in names if name not in _LEAVES)
    return False
