"""Going down into values: `a.b`, `a[k]`, `a.0`, `a[*].b`, and the names all of them begin with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from infracheck.source.hcl import ast
from infracheck.source.values import Mapping, Sequence, Unknown
from infracheck.terraform import construct, numbers
from infracheck.terraform.construct import is_null, marked, number_in, text_in
from infracheck.terraform.conversion import ConversionError, collected, convert
from infracheck.terraform.scope import STEPS
from infracheck.terraform.types import (
    DYNAMIC,
    EMPTY_TUPLE,
    NUMBER,
    STRING,
    Dynamic,
    ListType,
    MapType,
    ObjectType,
    Primitive,
    SetType,
    TupleType,
    type_of,
)

if TYPE_CHECKING:
    from infracheck.source.origin import Origin
    from infracheck.source.values import Value
    from infracheck.terraform.evaluation import Evaluator
    from infracheck.terraform.types import Type

BAD_KEY = "The given key does not identify an element in this collection value"


def variable(evaluator: Evaluator, node: ast.Variable) -> Value:
    """A name alone."""
    return _reference(evaluator, node, [], node.end)


def get_attr(evaluator: Evaluator, node: ast.GetAttr) -> Value:
    """`source.name`, and the whole chain of names it ends."""
    chain: list[ast.GetAttr] = []
    source: ast.Expression = node
    while isinstance(source, ast.GetAttr):
        chain.append(source)
        source = source.source
    chain.reverse()
    if isinstance(source, ast.Variable):
        return _reference(evaluator, source, chain, node.end)
    value = evaluator.value(source)
    for step in chain:
        value = _step(evaluator, value, step.name, step)
    return value


def _reference(evaluator: Evaluator, root: ast.Variable, chain: list[ast.GetAttr], end: int) -> Value:
    bound = evaluator.names.get(root.name)
    if bound is not None:
        value, consumed = bound, 0
    else:
        names = tuple(step.name for step in chain)
        value, consumed = evaluator.scope.resolve(root.name, names, evaluator.span(root.start, end))
    for step in chain[consumed:]:
        value = _step(evaluator, value, step.name, step)
    kind = STEPS.get(root.name, None if bound is not None else "reference")
    if kind is None:
        return value
    span = evaluator.span(root.start, end)
    if isinstance(value, Unknown):
        return replace(value, reason=f"`{span.text}`", origin=evaluator.origin(root.start, end), because=value)
    if value.origin.span == span:
        return value
    return replace(value, origin=value.origin.through(span, kind))


def _step(evaluator: Evaluator, value: Value, name: str, node: ast.GetAttr) -> Value:
    try:
        return attribute(value, name)
    except LookupError as problem:
        return evaluator.fail(str(problem.args[0]), node)


def attribute(value: Value, name: str) -> Value:
    """`value.name`.

    Raises:
        LookupError: there is no such attribute; its first argument is Terraform's message.
    """
    kind = type_of(value)
    if is_null(value):
        raise LookupError("This value is null, so it does not have any attributes.")
    if isinstance(kind, ObjectType):
        if name not in kind.attributes:
            raise LookupError(f'This object does not have an attribute named "{name}".')
        if isinstance(value, Mapping):
            return marked(value.fields[name], value.sensitive)
        return _below(value, name, kind.attributes[name])
    if isinstance(kind, MapType):
        if not isinstance(value, Mapping):
            return _below(value, name, kind.element)
        if name not in value.fields:
            raise LookupError(f'This map does not have an element with the key "{name}".')
        return marked(value.fields[name], value.sensitive)
    if isinstance(kind, Dynamic):
        return _below(value, name, DYNAMIC)
    raise LookupError(_no_attributes(kind, name))


def _no_attributes(kind: Type, name: str) -> str:
    if isinstance(kind, ListType | SetType) and isinstance(kind.element, ObjectType):
        return (
            f"Can't access attributes on a {str(kind).split(' ', 1)[0]} of objects. Did you mean to access attribute "
            f'"{name}" for a specific element, or across all elements?'
        )
    if isinstance(kind, Primitive):
        return f"Can't access attributes on a primitive-typed value ({kind})."
    return "This value does not have any attributes."


def _below(value: Value, name: str, kind: Type) -> Unknown:
    """An attribute of an unknown: the same unknown, its reference one name longer."""
    if not isinstance(value, Unknown):
        raise TypeError(f"not unknown: {value!r}")
    reference = None if value.reference is None else f"{value.reference}.{name}"
    return replace(value, type=kind, reference=reference)


def index(evaluator: Evaluator, node: ast.Index) -> Value:
    """`source[key]`."""
    source = evaluator.value(node.source)
    key = evaluator.value(node.key)
    return _indexed(evaluator, source, key, node)


def legacy_index(evaluator: Evaluator, node: ast.LegacyIndex) -> Value:
    """`source.0`."""
    source = evaluator.value(node.source)
    key = construct.number(numbers.of(node.position), evaluator.origin(node.start, node.end))
    return _indexed(evaluator, source, key, node)


def _indexed(evaluator: Evaluator, source: Value, key: Value, node: ast.Index | ast.LegacyIndex) -> Value:
    try:
        return element(source, key, evaluator.origin(node.start, node.end))
    except LookupError as problem:
        return evaluator.fail(str(problem.args[0]), node)


def element(collection: Value, key: Value, origin: Origin) -> Value:
    """`collection[key]`.

    Raises:
        LookupError: the key leads nowhere; its first argument is Terraform's message.
    """
    if is_null(collection):
        raise LookupError("This value is null, so it does not have any indices.")
    if is_null(key):
        raise LookupError("Can't use a null value as an indexing key.")
    kind = type_of(collection)
    sensitive = collection.sensitive or key.sensitive
    if isinstance(kind, Dynamic):
        return marked(_element_of_unknown(collection, key), sensitive)
    if isinstance(kind, SetType):
        raise LookupError(  # noqa: TRY004 - what a key leads to, whatever the reason it leads nowhere
            "Elements of a set are identified only by their value and don't have any separate index or key to select "
            "with, so it's only possible to perform operations across all elements of the set."
        )
    if isinstance(kind, Primitive):
        raise LookupError("This value does not have any indices.")  # noqa: TRY004 - as above
    wanted = NUMBER if isinstance(kind, ListType | TupleType) else STRING
    was_number = type_of(key) == NUMBER
    try:
        key = convert(key, wanted)
    except ConversionError as problem:
        raise LookupError(f"{BAD_KEY}: {problem}.") from None
    if isinstance(key, Unknown):
        element_type = kind.element if isinstance(kind, ListType | MapType) else DYNAMIC
        return construct.unknown("the key is not known", origin, key, element_type)
    if isinstance(kind, ListType | TupleType):
        return marked(_at_position(collection, number_in(key), kind), sensitive)
    return marked(_at_name(collection, text_in(key), kind, was_number=was_number), sensitive)


def _at_position(collection: Value, key: numbers.Number, kind: ListType | TupleType) -> Value:
    if not key.is_whole:
        raise LookupError(
            f"{BAD_KEY}: indexing a sequence requires a whole number, but the given index has a fractional part."
        )
    position = key.truncated()
    if position < 0:
        raise LookupError(f"{BAD_KEY}: a negative number is not a valid index for a sequence.")
    if isinstance(collection, Sequence):
        if position < len(collection.items):
            return collection.items[position]
    elif isinstance(kind, ListType) or position < len(kind.elements):
        return _below_index(
            collection, position, kind.element if isinstance(kind, ListType) else kind.elements[position]
        )
    empty = isinstance(collection, Sequence) and not collection.items
    raise LookupError(f"{BAD_KEY}: the collection has no elements." if empty else f"{BAD_KEY}.")


def _at_name(collection: Value, name: str, kind: MapType | ObjectType, *, was_number: bool) -> Value:
    if isinstance(collection, Mapping):
        found = collection.fields.get(name)
        if found is not None:
            return found
    elif isinstance(kind, MapType) or name in kind.attributes:
        return _below_index(
            collection, f'"{name}"', kind.element if isinstance(kind, MapType) else kind.attributes[name]
        )
    if was_number and isinstance(kind, ObjectType):
        raise LookupError(f"{BAD_KEY}. An object only supports looking up attributes by name, not by numeric index.")
    raise LookupError(f"{BAD_KEY}.")


def _element_of_unknown(collection: Value, key: Value) -> Value:
    if isinstance(key, Unknown):
        return _below_index(collection, "?", DYNAMIC)
    plain = key.value if not isinstance(key, Mapping | Sequence) else "?"
    shown = f'"{plain}"' if isinstance(plain, str) else plain
    return _below_index(collection, shown, DYNAMIC)


def _below_index(value: Value, key: object, kind: Type) -> Unknown:
    if not isinstance(value, Unknown):
        raise TypeError(f"not unknown: {value!r}")
    reference = None if value.reference is None else f"{value.reference}[{key}]"
    return replace(value, type=kind, reference=reference)


def splat_item(evaluator: Evaluator, node: ast.SplatItem) -> Value:
    """The element a splat is at."""
    item = evaluator.splat_item
    if item is None:
        return construct.unknown("the element of a splat without elements", evaluator.origin(node.start, node.end))
    return item


def splat(evaluator: Evaluator, node: ast.Splat) -> Value:
    """`source[*].each`: every element of a sequence, or the one value that is not a sequence, or nothing for null."""
    source, failed = evaluator.attempt(node.source)
    evaluator.errors.extend(failed)
    origin = evaluator.origin(node.start, node.end)
    kind = type_of(source)
    single = not isinstance(kind, TupleType | ListType | SetType)
    could_be_null = single and isinstance(source, Unknown)
    if failed:
        _each(evaluator, node, None)
        return construct.unknown("the source of the splat is in error", origin)
    if is_null(source):
        if single:
            return marked(construct.tuple_of((), source.origin), source.sensitive)
        return evaluator.fail("Splat expressions (with the * symbol) cannot be applied to null sequences.", node)
    if isinstance(kind, Dynamic) and isinstance(source, Unknown):
        return construct.unknown("a splat of a value that is not known", origin, source)
    if single:
        alone = construct.tuple_of((replace(source, sensitive=False),), source.origin)
        source = marked(alone, source.sensitive)
    if isinstance(source, Unknown):
        result_type = _splat_type(evaluator, node, kind, origin)
        return construct.unknown("a splat of a list that is not known", origin, source, result_type)
    items = source.items if isinstance(source, Sequence) else ()
    before = len(evaluator.errors)
    results = [_each(evaluator, node, item) for item in items]
    if len(evaluator.errors) > before:
        result_type = _splat_type(evaluator, node, type_of(source), origin)
        return construct.unknown("an element of the splat is in error", origin, type_=result_type)
    if could_be_null and isinstance(items[0], Unknown):
        return marked(construct.unknown("whether the source of the splat is null", origin, items[0]), source.sensitive)
    result: Value = construct.tuple_of(results, origin._replace(parts=(source.origin,)))
    if isinstance(result, Sequence) and isinstance(kind, ListType | SetType):
        result = _listed(evaluator, node, result, kind)
    return marked(result, source.sensitive)


def _listed(evaluator: Evaluator, node: ast.Splat, result: Sequence, kind: ListType | SetType) -> Value:
    """The results of a splat of a list or set, as a list."""
    if not result.items:
        # Terraform tries the step even where there is no element to try it on.
        return replace(result, type=_splat_type(evaluator, node, kind, result.origin, report=True))
    try:
        element_type, items = collected(list(result.items), DYNAMIC)
    except ConversionError:
        return evaluator.fail(
            "The second level of splat expression produced elements of different types, so it isn't possible to "
            "construct a valid list to represent the top-level result.",
            node,
        )
    return replace(result, items=tuple(items), type=ListType(element_type))


def _each(evaluator: Evaluator, node: ast.Splat, item: Value | None) -> Value:
    outer, evaluator.splat_item = evaluator.splat_item, item
    try:
        return evaluator.value(node.each)
    finally:
        evaluator.splat_item = outer


def _splat_type(evaluator: Evaluator, node: ast.Splat, kind: Type, origin: Origin, *, report: bool = False) -> Type:
    """The type of a splat's result, told from the type of the elements alone."""
    saved, evaluator.errors = evaluator.errors, []
    try:
        if isinstance(kind, TupleType):
            stand_ins = [construct.unknown("an element", origin, type_=each) for each in kind.elements]
            return TupleType(tuple(type_of(_each(evaluator, node, item)) for item in stand_ins)) or EMPTY_TUPLE
        of = kind.element if isinstance(kind, ListType | SetType) else DYNAMIC
        return ListType(type_of(_each(evaluator, node, construct.unknown("an element", origin, type_=of))))
    finally:
        evaluator.errors = [*saved, *evaluator.errors] if report else saved
