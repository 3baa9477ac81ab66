"""Merging a block of an override file into the block it overrides.

An argument replaces the argument of its name. A nested block replaces all nested blocks of its type, except `lifecycle`
and `connection`-like singletons, whose arguments are merged one by one
(https://developer.hashicorp.com/terraform/language/files/override#merging-behavior).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from infracheck.source.hcl import ast

MERGED_BLOCKS = frozenset({"lifecycle"})
"""Nested blocks whose arguments are merged instead of the block being replaced."""


def merged(base: ast.Block, override: ast.Block) -> ast.Block:
    """The base block with the override's arguments and nested blocks in it. Its place stays the base's."""
    return replace(base, body=_merged_body(base.body, override.body))


def _merged_body(base: ast.Body, override: ast.Body) -> ast.Body:
    replaced = {_kind(block) for block in override.blocks}
    blocks: list[ast.Block] = []
    for block in base.blocks:
        if block.type in MERGED_BLOCKS and block.type in replaced:
            for other in override.blocks_of(block.type):
                block = merged(block, other)  # noqa: PLW2901 - one after the other
            blocks.append(block)
        elif _kind(block) not in replaced:
            blocks.append(block)
    present = {block.type for block in base.blocks}
    blocks += [block for block in override.blocks if not (block.type in MERGED_BLOCKS and block.type in present)]
    return replace(base, attributes={**base.attributes, **override.attributes}, blocks=tuple(blocks))


def _kind(block: ast.Block) -> str:
    """The type of block it makes: a `dynamic "x"` counts as x."""
    return block.labels[0] if block.type == "dynamic" and block.labels else block.type
