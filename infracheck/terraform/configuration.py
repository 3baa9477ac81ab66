"""What a root module declares about itself, as one tree for rules: settings, providers, variables, outputs, calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.source.hcl import ast
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Scalar, Sequence, Value
from infracheck.terraform import construct
from infracheck.terraform.blocks import BodyEvaluator
from infracheck.terraform.types import STRING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from infracheck.terraform.instances import ModuleInstance


def configuration_of(module: ModuleInstance, origin: Origin) -> Mapping:
    """The declarations of a module.

    `terraform` and `provider` are sequences of blocks; `variable`, `output` and `module` are mappings by name.
    The arguments of calls are evaluated without the instances' `each` and `count`.
    """
    declared = module.declarations
    quiet = BodyEvaluator(module.scope, _ignore, module.run.budget)
    fields: dict[str, Value] = {}
    _put(fields, "terraform", _listed(declared.settings, quiet))
    _put(fields, "provider", _listed(declared.providers, quiet))
    _put(fields, "variable", _named(declared.variables, quiet, origin))
    _put(fields, "output", _named(declared.outputs, quiet, origin))
    _put(fields, "module", _named(declared.calls, quiet, origin))
    return Mapping(fields, origin)


def _put(fields: dict[str, Value], name: str, value: Value | None) -> None:
    if value is not None:
        fields[name] = value


def _listed(blocks: list[ast.Block], quiet: BodyEvaluator) -> Value | None:
    if not blocks:
        return None
    return Sequence(tuple(_block(block, quiet) for block in blocks), Origin(blocks[0].header_span))


def _named(blocks: dict[str, ast.Block], quiet: BodyEvaluator, origin: Origin) -> Value | None:
    if not blocks:
        return None
    keys = {name: Scalar(name, Origin(block.label_span(0)), type=STRING) for name, block in blocks.items()}
    return Mapping({name: _block(block, quiet) for name, block in blocks.items()}, origin, keys)


def _block(block: ast.Block, quiet: BodyEvaluator) -> Mapping:
    """A block whose special arguments, which are no values, are their text."""
    special = {"variable": ("type",), "module": ("providers",)}.get(block.type, ())
    mapping = quiet.mapping(block.body, Origin(block.header_span), without=(*special, "required_providers"))
    for name in special:
        attribute = block.body.attributes.get(name)
        if attribute is not None:
            mapping = mapping.with_field(
                name, construct.string(attribute.value_span.text, Origin(attribute.value_span))
            )
    required = list(block.body.blocks_of("required_providers"))
    if required:
        origin = Origin(required[0].header_span)
        mapping = mapping.with_field("required_providers", Sequence(tuple(_required(required, quiet)), origin))
    if block.type == "provider":
        mapping = mapping.with_field("label", construct.string(block.labels[0], Origin(block.label_span(0))))
    return mapping


def _required(blocks: Iterable[ast.Block], quiet: BodyEvaluator) -> Iterable[Mapping]:
    """Required providers; `configuration_aliases` holds names that stand for nothing."""
    for block in blocks:
        fields: dict[str, Value] = {}
        for name, attribute in block.body.attributes.items():
            expression = attribute.expression
            if isinstance(expression, ast.Object):
                parts = {
                    item.key.literal: quiet.expression(item.value, attribute)
                    for item in expression.items
                    if isinstance(item.key, ast.Template)
                    and item.key.literal
                    and item.key.literal != "configuration_aliases"
                }
                values = {key: value for key, value in parts.items() if key}
                fields[name] = construct.object_of(values, Origin(attribute.span))
            else:
                fields[name] = quiet.value(attribute)
        yield Mapping(fields, Origin(block.header_span))


def _ignore(problem: Exception) -> None:
    """What is wrong was reported when the module was evaluated."""
    del problem
