"""Which directories a Terraform directory calls as modules."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from infracheck.source.errors import InfracheckError
from infracheck.source.hcl import ast, parse_body

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infracheck.source.reader import Reader


def local_calls(files: Iterable[Path], reader: Reader) -> frozenset[Path]:
    """The directories below `./` or `../` that the `module` blocks of some files name as their source.

    Files that can't be read call nothing here; whoever evaluates them reports the fault.
    """
    found = set()
    for file in files:
        try:
            parsed = parse_body(reader.read(file))
        except InfracheckError:
            continue
        for block in parsed.body.blocks:
            source = block.body.attributes.get("source") if block.type == "module" else None
            expression = source.expression if source is not None else None
            text = expression.literal if isinstance(expression, ast.Template) else None
            if text is not None and text.startswith((".", "..")):
                found.add(Path(os.path.normpath(file.parent / text)))
    return frozenset(found)
