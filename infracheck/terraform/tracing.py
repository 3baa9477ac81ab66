"""Which resources and modules an argument comes from, through locals, variables and outputs."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from infracheck.source.hcl import ast
    from infracheck.terraform.instances import ModuleInstance
    from infracheck.terraform.references import Reference


class Tracer:
    """Follows the references of one body.

    Args:
        module: the module instance the body belongs to.
        body: the body of a resource.
    """

    def __init__(self, module: ModuleInstance, body: ast.Body) -> None:
        self._module = module
        self._body = body
        self.addresses = lru_cache(maxsize=64)(self._addresses)

    def _addresses(self, name: str | None) -> frozenset[str]:
        """The addresses, without instance keys, that the whole body or one argument or block type comes from."""
        node: Any = self._body if name is None else _part(self._body, name)
        found: set[str] = set()
        pending: list[tuple[ModuleInstance, Any, ast.Body | None]] = [(self._module, node, self._body)]
        seen: set[tuple[int, int]] = set()
        while pending:
            module, current, body = pending.pop()
            if (id(module), id(current)) in seen:
                continue
            seen.add((id(module), id(current)))
            for reference in module.run.references(current):
                pending.extend(_step(module, reference, body, found))
        return frozenset(found)


def _part(body: ast.Body, name: str) -> tuple[Any, ...]:
    attribute = body.attributes.get(name)
    blocks = [one.body for one in body.blocks if one.type == name or (one.type == "dynamic" and name in one.labels)]
    return (*([attribute.expression] if attribute is not None else []), *blocks)


def _step(
    module: ModuleInstance, reference: Reference, body: ast.Body | None, found: set[str]
) -> list[tuple[ModuleInstance, Any, ast.Body | None]]:
    """What a reference leads on to; addresses it names are found."""
    if reference.root in ("each", "count"):
        attribute = body.attributes.get("for_each" if reference.root == "each" else "count") if body else None
        return [(module, attribute.expression, body)] if attribute is not None else []
    key = module.key_of(reference)
    if key is None:
        return []
    prefix = "".join(f"module.{name}." for name in module.path)
    declared = module.declarations
    match key[1:]:
        case ("local", name):
            return [(module, declared.locals[name].expression, None)]
        case ("variable", name):
            if module.parent is None or module.call is None or name not in module.call.body.attributes:
                return []
            return [(module.parent, module.call.body.attributes[name].expression, module.call.body)]
        case ("output of", name, output):
            found.add(f"{prefix}module.{name}")
            called = module.calls.get(name)
            children = called.children[:1] if called is not None else ()
            return [
                (child, block.body, None)
                for child in children
                for label, block in child.declarations.outputs.items()
                if output in (None, label)
            ]
        case ("resource", mode, type_, name):
            found.add(f"{prefix}{'' if mode == 'managed' else mode + '.'}{type_}.{name}")
    return []
