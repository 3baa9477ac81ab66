"""What an expression or a body refers to, read off its syntax."""

from __future__ import annotations

from typing import Any, NamedTuple

from infracheck.source.hcl import ast


class Reference(NamedTuple):
    """A name and the attribute names after it.

    Attributes:
        root: `var`, `local`, `module`, `data`, a resource type, ...
        names: the attribute names that follow directly.
        after: the attribute names that follow the first index or splat, directly after it.
        key: what stands in the first index, where that is a constant: a number or a text; else None.
        start: the offset of the root in its file.
        end: the offset past the last name.
    """

    root: str
    names: tuple[str, ...]
    after: tuple[str, ...]
    key: str | int | None
    start: int
    end: int


def references_in(node: Any) -> tuple[Reference, ...]:
    """Every reference in an expression, a body, or anything made of them, in the order of the text.

    Names that `for` binds are left out. Bodies of nested blocks are looked into.
    """
    found: list[Reference] = []
    stack: list[tuple[Any, frozenset[str]]] = [(node, frozenset())]
    while stack:
        current, bound = stack.pop()
        if isinstance(current, tuple):
            stack.extend((child, bound) for child in reversed(current))
        elif isinstance(current, ast.Body):
            stack.extend((block.body, bound) for block in reversed(current.blocks))
            stack.extend((attribute.expression, bound) for attribute in reversed(current.attributes.values()))
        elif isinstance(current, _CHAIN):
            root, inner = _unchained(current)
            stack.extend((child, bound) for child in reversed(inner))
            if isinstance(root, ast.Variable):
                if root.name not in bound:
                    found.append(_reference(current, root))
            elif not isinstance(root, ast.SplatItem):
                stack.append((root, bound))
        elif isinstance(current, ast.ForTuple | ast.ForObject | ast.TemplateFor):
            names = {current.value_name, current.key_name} - {None}
            within = bound | {name for name in names if name}
            stack.extend((child, within) for child in reversed(_for_parts(current)))
            stack.append((current.collection, bound))
        elif isinstance(current, _NODES):
            stack.extend((getattr(current, name), bound) for name in reversed(current.__match_args__))
    return tuple(found)


_CHAIN = (ast.Variable, ast.GetAttr, ast.Index, ast.LegacyIndex, ast.Splat)
_NODES = (
    ast.Template,
    ast.Interpolation,
    ast.TemplateIf,
    ast.FunctionCall,
    ast.Tuple,
    ast.ObjectItem,
    ast.Object,
    ast.Conditional,
    ast.Binary,
    ast.Unary,
    ast.Parentheses,
)


def _for_parts(node: ast.ForTuple | ast.ForObject | ast.TemplateFor) -> list[Any]:
    if isinstance(node, ast.TemplateFor):
        return [node.body]
    keys = [node.result_key] if isinstance(node, ast.ForObject) else []
    return [*keys, node.result, node.condition]


def _unchained(node: Any) -> tuple[Any, list[Any]]:
    """What a chain of postfix steps begins with, and the expressions inside its steps."""
    inner: list[Any] = []
    while isinstance(node, ast.GetAttr | ast.Index | ast.LegacyIndex | ast.Splat):
        if isinstance(node, ast.Index):
            inner.append(node.key)
        elif isinstance(node, ast.Splat):
            # The steps of each element hold keys of their own; their root is the element.
            inner.append(node.each)
        node = node.source
    return node, inner


def _reference(node: Any, root: ast.Variable) -> Reference:
    names: list[str] = []
    after: list[str] = []
    index: str | int | None = None
    indexed = False
    end = root.end
    for step in _steps(node):
        if isinstance(step, ast.GetAttr):
            (after if indexed else names).append(step.name)
            end = step.end if not indexed else end
        elif indexed:
            break
        else:
            indexed = True
            index = _constant(step)
    return Reference(root.name, tuple(names), tuple(after), index, root.start, end)


def _steps(node: Any) -> list[Any]:
    """The postfix steps of a chain from its root outwards; those inside a splat follow it."""
    steps: list[Any] = []
    while isinstance(node, ast.GetAttr | ast.Index | ast.LegacyIndex | ast.Splat):
        if isinstance(node, ast.Splat):
            steps.extend(reversed(_steps(node.each)))
        steps.append(node)
        node = node.source
    return steps[::-1]


def _constant(step: Any) -> str | int | None:
    if isinstance(step, ast.LegacyIndex):
        return step.position
    if isinstance(step, ast.Index):
        if isinstance(step.key, ast.Template):
            return step.key.literal
        if isinstance(step.key, ast.Literal) and step.key.value is not None and not isinstance(step.key.value, bool):
            whole = step.key.value == step.key.value.to_integral_value()
            return int(step.key.value) if whole and abs(step.key.value) < 10**9 else None
    return None


def calls_in(node: Any) -> tuple[str, ...]:
    """The names of the functions that an expression calls, outermost first."""
    found: list[str] = []
    stack: list[Any] = [node]
    while stack:
        current = stack.pop()
        if isinstance(current, ast.FunctionCall):
            found.append(current.name)
        if isinstance(current, tuple):
            stack.extend(reversed(current))
        elif hasattr(current, "__match_args__"):
            stack.extend(getattr(current, name) for name in reversed(current.__match_args__))
    return tuple(found)
