"""`for` expressions, and what it means to go through a collection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infracheck.source.values import Mapping, Scalar, Sequence, Unknown
from infracheck.terraform import construct, numbers
from infracheck.terraform.construct import is_null, marked, text_in
from infracheck.terraform.conversion import ConversionError, convert
from infracheck.terraform.types import BOOL, SetType

if TYPE_CHECKING:
    from infracheck.source.hcl import ast
    from infracheck.source.values import Value
    from infracheck.terraform.evaluation import Evaluator


def pairs(evaluator: Evaluator, collection: Value, node: Any) -> list[tuple[Value, Value]] | Unknown:
    """Key and value of each element: positions of a sequence, keys of a mapping in order, a set's elements twice."""
    if isinstance(collection, Unknown):
        origin = evaluator.origin(node.start, node.end)
        return construct.unknown("what is gone through is not known", origin, collection)
    if is_null(collection):
        return evaluator.fail("A null value cannot be used as the collection in a 'for' expression.", node)
    if isinstance(collection, Mapping):
        return [(_key(collection, name), collection.fields[name]) for name in sorted(collection.fields)]
    if isinstance(collection, Sequence):
        if isinstance(collection.type, SetType):
            return [(item, item) for item in collection.items]
        origin = collection.origin
        return [(construct.number(numbers.of(n), origin), item) for n, item in enumerate(collection.items)]
    return evaluator.fail(
        "A value of this type cannot be used as the collection in a 'for' expression; it must be a list, map, set, "
        "tuple or object.",
        node,
    )


def _key(collection: Mapping, name: str) -> Scalar:
    return construct.string(name, collection.key_origin(name))


def bind(evaluator: Evaluator, key_name: str | None, value_name: str, key: Value, value: Value) -> None:
    """Give the loop's names their values for one turn."""
    if key_name is not None:
        evaluator.names[key_name] = key
    evaluator.names[value_name] = value


def for_tuple(evaluator: Evaluator, node: ast.ForTuple) -> Value:
    """`[for key, value in collection : result if condition]`."""
    collection = evaluator.value(node.collection)
    origin = evaluator.origin(node.start, node.end, [collection])
    found = pairs(evaluator, collection, node)
    if isinstance(found, Unknown):
        return found
    if not found and not _condition_fits(evaluator, node):
        return construct.unknown("the condition is in error", origin)
    saved = dict(evaluator.names)
    results: list[Value] = []
    sensitive = collection.sensitive
    undecided: Unknown | None = None
    for key, value in found:
        bind(evaluator, node.key_name, node.value_name, key, value)
        taken, condition_is_sensitive = _included(evaluator, node)
        sensitive = sensitive or condition_is_sensitive
        if isinstance(taken, Unknown):
            undecided = taken
        elif taken:
            results.append(evaluator.value(node.result))
    evaluator.names = saved
    if undecided is not None:
        reason = "which elements are included is not known"
        return marked(construct.unknown(reason, origin._replace(parts=()), undecided), sensitive)
    return marked(construct.tuple_of(results, origin), sensitive)


def for_object(evaluator: Evaluator, node: ast.ForObject) -> Value:
    """`{for key, value in collection : key => result if condition}`."""
    from infracheck.terraform.evaluation import object_key  # noqa: PLC0415 - they evaluate one another

    collection = evaluator.value(node.collection)
    origin = evaluator.origin(node.start, node.end, [collection])
    found = pairs(evaluator, collection, node)
    if isinstance(found, Unknown):
        return found
    if not found and not _condition_fits(evaluator, node):
        return construct.unknown("the condition is in error", origin)
    saved = dict(evaluator.names)
    groups: dict[str, list[Value]] = {}
    keys: dict[str, Scalar] = {}
    sensitive = collection.sensitive
    undecided: Unknown | None = None
    for key, value in found:
        bind(evaluator, node.key_name, node.value_name, key, value)
        taken, condition_is_sensitive = _included(evaluator, node)
        sensitive = sensitive or condition_is_sensitive
        if isinstance(taken, Unknown):
            undecided = taken
            continue
        if not taken:
            continue
        name = object_key(evaluator, node.result_key)
        result = evaluator.value(node.result)
        sensitive = sensitive or name.sensitive
        if isinstance(name, Unknown):
            undecided = name
            continue
        if text_in(name) in groups and not node.grouping:
            evaluator.fail(
                f"Two different items produced the key \"{text_in(name)}\" in this 'for' expression. If duplicates are "
                "expected, use the ellipsis (...) after the value expression to enable grouping by key.",
                node,
            )
        keys.setdefault(text_in(name), name)
        groups.setdefault(text_in(name), []).append(result)
    evaluator.names = saved
    if undecided is not None:
        return marked(construct.unknown("the keys are not known", origin._replace(parts=()), undecided), sensitive)
    fields = {
        name: construct.tuple_of(values, origin) if node.grouping else values[-1]
        for name, values in sorted(groups.items())
    }
    return marked(construct.object_of(fields, origin, keys), sensitive)


def _condition_fits(evaluator: Evaluator, node: ast.ForTuple | ast.ForObject) -> bool:
    """Whether the condition could be true or false of some element: Terraform asks even where there is none."""
    saved = dict(evaluator.names)
    before = len(evaluator.errors)
    element = construct.unknown("there is no element", evaluator.origin(node.start, node.end))
    bind(evaluator, node.key_name, node.value_name, element, element)
    _included(evaluator, node)
    evaluator.names = saved
    return len(evaluator.errors) == before


def _included(evaluator: Evaluator, node: ast.ForTuple | ast.ForObject) -> tuple[bool | Unknown, bool]:
    """Whether an element is taken, and whether that is sensitive: its absence would tell."""
    if node.condition is None:
        return True, False
    value = evaluator.value(node.condition)
    if is_null(value):
        return evaluator.fail("The value of the 'if' clause must not be null.", node.condition), value.sensitive
    try:
        value = convert(value, BOOL)
    except ConversionError as problem:
        failure = evaluator.fail(f"The value of the 'if' clause must be boolean: {problem}.", node.condition)
        return failure, value.sensitive
    if isinstance(value, Unknown):
        return value, value.sensitive
    return isinstance(value, Scalar) and value.value is True, value.sensitive
