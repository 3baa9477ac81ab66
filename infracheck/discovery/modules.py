"""What the files of a Terraform directory say about its place among others."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from infracheck.source.errors import InfracheckError
from infracheck.source.hcl import ast, parse_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from infracheck.source.hcl.ast import Block
    from infracheck.source.reader import Reader

HINTS = ('"./', '"../', '".."', "backend", "cloud")
"""A file without any of these neither calls a local module nor names a backend, and need not be parsed."""
BACKENDS = frozenset({"backend", "cloud"})


@dataclass(frozen=True, slots=True)
class ModuleCalls:
    """What a directory of Terraform files leads to.

    Attributes:
        calls: the directories below `./` or `../` that its `module` blocks name as their source.
        has_backend: whether it says where its state is kept, which only a root does.
    """

    calls: frozenset[Path] = frozenset()
    has_backend: bool = False


def read_calls(files: Iterable[Path], reader: Reader) -> ModuleCalls:
    """The module calls of some files. What can't be read calls nothing; whoever evaluates it reports the fault."""
    calls: set[Path] = set()
    has_backend = False
    for file in files:
        for block in _blocks(file, reader):
            if block.type == "terraform":
                has_backend = has_backend or any(inner.type in BACKENDS for inner in block.body.blocks)
            elif block.type == "module":
                source = _source(block)
                if source.startswith(("./", "../")) or source == "..":
                    calls.add(Path(os.path.normpath(file.parent / source)))
    return ModuleCalls(frozenset(calls), has_backend)


def _blocks(file: Path, reader: Reader) -> Iterator[Block]:
    try:
        source = reader.read(file)
    except InfracheckError:
        return
    if not any(hint in source.text for hint in HINTS):
        return
    if file.name.endswith(".json"):
        from infracheck.source.hcl.json import Shape, parse_json_body  # noqa: PLC0415 - JSON is the exception

        shape = Shape(blocks={"module": Shape(labels=1), "terraform": Shape(blocks={"backend": Shape(labels=1)})})
        yield from parse_json_body(source, shape).body.blocks
    else:
        yield from parse_body(source).body.blocks


def _source(module: Block) -> str:
    attribute = module.body.attributes.get("source")
    expression = attribute.expression if attribute is not None else None
    return (expression.literal or "") if isinstance(expression, ast.Template) else ""
