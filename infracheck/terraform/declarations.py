"""What the files of one module directory declare, before anything is evaluated."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from infracheck.source.errors import EvaluationError, InfracheckError, ReadError
from infracheck.source.hcl import ast
from infracheck.source.hcl.json import parse_json_body
from infracheck.source.hcl.reader import parse_body
from infracheck.source.origin import Origin
from infracheck.terraform.overrides import merged
from infracheck.terraform.shapes import CONFIGURATION

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from infracheck.source.reader import Reader

LABELS = {
    "variable": ("name",),
    "output": ("name",),
    "module": ("name",),
    "provider": ("name",),
    "resource": ("type", "name"),
    "data": ("type", "name"),
    "ephemeral": ("type", "name"),
    "check": ("name",),
    "locals": (),
    "terraform": (),
    "moved": (),
    "removed": (),
    "import": (),
}
"""The blocks that may stand at the top of a file, and what their labels are."""

MODES = {"resource": "managed", "data": "data", "ephemeral": "ephemeral"}
"""The mode of a resource, as Terraform's own JSON output names it, by block type."""


@dataclass
class Declarations:
    """What a module declares. Each name is declared once; further declarations of it are problems.

    Attributes:
        directory: the module's directory.
        variables: blocks by name.
        locals: attributes by name.
        outputs: blocks by name.
        calls: `module` blocks by name.
        providers: `provider` blocks, in order.
        resources: blocks by mode ("managed", "data", "ephemeral"), type and name, in order.
        settings: `terraform` blocks.
        others: `moved`, `removed`, `import` and `check` blocks.
        problems: what is wrong with the files.
        incomplete: whether some text could not be read, so that what seems undeclared may be in there.
    """

    directory: Path
    variables: dict[str, ast.Block] = field(default_factory=dict)
    locals: dict[str, ast.Attribute] = field(default_factory=dict)
    outputs: dict[str, ast.Block] = field(default_factory=dict)
    calls: dict[str, ast.Block] = field(default_factory=dict)
    providers: list[ast.Block] = field(default_factory=list)
    resources: dict[tuple[str, str, str], ast.Block] = field(default_factory=dict)
    settings: list[ast.Block] = field(default_factory=list)
    others: list[ast.Block] = field(default_factory=list)
    problems: list[InfracheckError] = field(default_factory=list)
    incomplete: bool = False


def configuration_files(directory: Path, reader: Reader) -> tuple[list[Path], list[Path]]:
    """The configuration files of a directory, and those among them that override, each in Terraform's order.

    A `.tofu` file takes the place of the `.tf` file of the same name, as OpenTofu reads them. Files that editors leave
    behind (`.#x.tf`, `x.tf~`) and hidden ones are no configuration.

    Raises:
        ReadError: the directory can't be listed.
    """
    found = [path for path in reader.listing(directory) if _suffix(path.name) and not path.name.startswith((".", "#"))]
    tofu = {path.name.replace(".tofu", ".tf") for path in found if ".tofu" in path.suffixes}
    chosen = [path for path in found if not (path.name in tofu and ".tf" in path.suffixes)]
    files = [path for path in chosen if reader.is_file(path)]
    overriding = [path for path in files if _overrides(path.name)]
    return [path for path in files if not _overrides(path.name)], overriding


def _suffix(name: str) -> str:
    return next((suffix for suffix in (".tf", ".tofu", ".tf.json", ".tofu.json") if name.endswith(suffix)), "")


def _overrides(name: str) -> bool:
    stem = name[: -len(_suffix(name))]
    return stem == "override" or stem.endswith("_override")


def read_declarations(directory: Path, reader: Reader) -> Declarations:
    """Reads a module's directory. A file that is broken is a problem; the others still count.

    Raises:
        ReadError: the directory can't be listed.
    """
    declarations = Declarations(directory)
    primary, overriding = configuration_files(directory, reader)
    for path in primary:
        for body in _read(path, reader, declarations):
            _declare(body, declarations)
    for path in overriding:
        for body in _read(path, reader, declarations):
            _override(body, declarations)
    return declarations


def _read(path: Path, reader: Reader, declarations: Declarations) -> Iterator[ast.Body]:
    try:
        file = reader.read(path)
    except ReadError as problem:
        declarations.problems.append(problem)
        declarations.incomplete = True
        return
    parsed = parse_json_body(file, CONFIGURATION) if path.name.endswith(".json") else parse_body(file)
    if parsed.problems:
        declarations.problems.extend(parsed.problems)
        declarations.incomplete = True
    yield parsed.body


def _declare(body: ast.Body, into: Declarations) -> None:
    for attribute in body.attributes.values():
        _problem(into, "Unsupported argument: arguments stand in blocks, not at the top of a file", attribute)
    for block in body.blocks:
        if not _well_labelled(block, into):
            continue
        if block.type == "locals":
            for name, attribute in block.body.attributes.items():
                if name in into.locals:
                    _duplicate(into, f"local value `{name}`", attribute, into.locals[name])
                else:
                    into.locals[name] = attribute
            continue
        named = _table(block, into)
        if named is not None:
            table, key = named
            if key in table:
                _duplicate(into, f"{block.type} `{'.'.join(block.labels)}`", block, table[key])
            else:
                table[key] = block
        else:
            _unnamed(block, into).append(block)
            for data in block.body.blocks_of("data") if block.type == "check" else ():
                if len(data.labels) == 2:
                    into.resources.setdefault(("data", *data.labels), data)


def _override(body: ast.Body, into: Declarations) -> None:
    """Merges an override file (https://developer.hashicorp.com/terraform/language/files/override)."""
    for block in body.blocks:
        if not _well_labelled(block, into):
            continue
        if block.type == "locals":
            into.locals.update(block.body.attributes)
            continue
        named = _table(block, into)
        if named is None:
            _unnamed(block, into).append(block)
            continue
        table, key = named
        if key in table:
            table[key] = merged(table[key], block)
        else:
            _problem(into, f"Missing base {block.type} declaration to override", block)


def _table(block: ast.Block, into: Declarations) -> tuple[dict[object, ast.Block], object] | None:
    tables: dict[str, object] = {"variable": into.variables, "output": into.outputs, "module": into.calls}
    table: object
    key: object
    if block.type in MODES:
        table, key = into.resources, (MODES[block.type], *block.labels)
    elif block.type in tables:
        table, key = tables[block.type], block.labels[0]
    else:
        return None
    return table, key  # type: ignore[return-value]  # each table has keys of its own kind


def _unnamed(block: ast.Block, into: Declarations) -> list[ast.Block]:
    return {"provider": into.providers, "terraform": into.settings}.get(block.type, into.others)


def _well_labelled(block: ast.Block, into: Declarations) -> bool:
    labels = LABELS.get(block.type)
    if labels is None:
        _problem(into, f'Unsupported block type: blocks of type "{block.type}" are not expected here', block)
        return False
    if len(block.labels) != len(labels):
        wanted = " and ".join(f"a {label}" for label in labels) or "no label"
        count = len(block.labels)
        _problem(into, f"A {block.type} block has {wanted} as label, but {count} labels are given", block)
        return False
    return True


def _problem(into: Declarations, message: str, at: ast.Attribute | ast.Block) -> None:
    span = at.header_span if isinstance(at, ast.Block) else at.name_span
    into.problems.append(EvaluationError(message, Origin(span)))


def _duplicate(into: Declarations, what: str, at: ast.Attribute | ast.Block, first: ast.Attribute | ast.Block) -> None:
    _problem(into, f"Duplicate {what}: it is already declared at {first.span}", at)
