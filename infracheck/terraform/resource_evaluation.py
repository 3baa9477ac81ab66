"""A resource block to its instances, and to the object that other expressions refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.source.hcl import ast
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Unknown
from infracheck.terraform import construct
from infracheck.terraform.blocks import BodyEvaluator
from infracheck.terraform.computed import computed_object, reference
from infracheck.terraform.data_sources import computed_attributes
from infracheck.terraform.expansion import Expansion, Instance, Repetition, expand
from infracheck.terraform.resources import META_ARGUMENTS, META_BLOCKS, Resource
from infracheck.terraform.tracing import Tracer
from infracheck.terraform.types import DYNAMIC

if TYPE_CHECKING:
    from infracheck.source.values import Value
    from infracheck.terraform.instances import ModuleInstance

META = META_ARGUMENTS | META_BLOCKS


def evaluate_resource(
    module: ModuleInstance, key: tuple[str, str, str], block: ast.Block
) -> tuple[tuple[Resource, ...], Value]:
    """The instances of a resource, and the value of references to it."""
    mode, type_, name = key
    header = Origin(block.header_span)
    room = max(module.run.resources_left, 1)
    expansion = expand(block.body, module.evaluator().value, module.report, limit=room)
    module.run.resources_left -= len(expansion.instances)
    tracer = Tracer(module, block.body)
    resources: list[Resource] = []
    objects: list[Value] = []
    for instance in expansion.instances:
        evaluator = module.evaluator(instance.names, certain=expansion.repetition is not Repetition.UNKNOWN)
        body = evaluator.mapping(block.body, header, without=META)
        resource = Resource(
            mode,
            type_,
            name,
            body=body,
            repetition=expansion.repetition,
            key=instance.key,
            module_address=module.address,
            provider=_provider(block, type_),
            meta=_meta(block, module, instance),
            references=tracer.addresses,
        )
        resources.append(resource)
        known = computed_attributes(resource, evaluator.report)
        objects.append(computed_object(body, resource.address, known))
    return tuple(resources), _object(expansion, objects, header, f"{module.prefix}{_local_address(key)}")


def _local_address(key: tuple[str, str, str]) -> str:
    mode, type_, name = key
    return f"{type_}.{name}" if mode == "managed" else f"{mode}.{type_}.{name}"


def _object(expansion: Expansion, objects: list[Value], header: Origin, address: str) -> Value:
    if expansion.repetition is Repetition.SINGLE:
        return objects[0]
    if expansion.repetition is Repetition.COUNT:
        return construct.tuple_of(objects, header)
    if expansion.repetition is Repetition.UNKNOWN:
        reason = f"how many instances `{address}` has is not known"
        return Unknown(reason, header, expansion.cause, address, DYNAMIC)
    keys = [str(instance.key) for instance in expansion.instances]
    return construct.object_of(dict(zip(keys, objects, strict=True)), header)


def _provider(block: ast.Block, type_: str) -> str:
    """The provider configuration: as the `provider` argument names it, else what the type begins with."""
    attribute = block.body.attributes.get("provider")
    if attribute is None:
        return type_.partition("_")[0]
    return _written(attribute.expression, attribute)


def _written(expression: ast.Expression, attribute: ast.Attribute) -> str:
    if isinstance(expression, ast.Template):
        return expression.literal or ""
    return "".join(attribute.file.text[expression.start : expression.end].split())


def _meta(block: ast.Block, module: ModuleInstance, instance: Instance) -> Mapping:
    """`depends_on`, `lifecycle`, `provisioner` and `connection`.

    References in them are names, not values (`ignore_changes = [tags]`), so what does not evaluate is their text.
    """
    origin = Origin(block.header_span)
    fields: dict[str, Value] = {}
    depends_on = block.body.attributes.get("depends_on")
    if depends_on is not None:
        fields["depends_on"] = _names(depends_on)
    quiet = BodyEvaluator(
        module.scope, _ignore, module.run.budget, {**instance.names, "self": reference("self", origin)}
    )
    for name in sorted(META_BLOCKS):
        blocks = tuple(block.body.blocks_of(name))
        if blocks:
            fields[name] = construct.tuple_of(
                [_meta_block(one, quiet) for one in blocks], Origin(blocks[0].header_span)
            )
    return Mapping(fields, origin)


def _meta_block(block: ast.Block, quiet: BodyEvaluator) -> Mapping:
    listed = {"ignore_changes", "replace_triggered_by"}
    mapping = quiet.mapping(block.body, Origin(block.header_span), without=listed)
    for name in listed & block.body.attributes.keys():
        mapping = mapping.with_field(name, _names(block.body.attributes[name]))
    if block.labels:
        label = construct.string(block.labels[0], Origin(block.label_span(0)))
        mapping = mapping.with_field("label", label)
    return mapping


def _names(attribute: ast.Attribute) -> Value:
    """A list of names as texts; `all` is a name of its own."""
    origin = Origin(attribute.value_span)
    expression = attribute.expression
    items = expression.items if isinstance(expression, ast.Tuple) else (expression,)
    return construct.tuple_of([construct.string(_written(item, attribute), origin) for item in items], origin)


def _ignore(problem: Exception) -> None:
    """Meta-arguments are not evaluated by Terraform either, until it applies."""
    del problem
