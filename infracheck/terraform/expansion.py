"""`count` and `for_each`: which instances a resource, a module or a dynamic block has."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from infracheck.source.errors import EvaluationError, LimitError
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Scalar, Sequence, Unknown
from infracheck.terraform import construct
from infracheck.terraform.conversion import ConversionError, convert
from infracheck.terraform.types import NUMBER, MapType, ObjectType, SetType, type_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.source.hcl import ast
    from infracheck.source.values import Value

MAX_INSTANCES = 10_000
"""The most instances of one block that are looked at one by one; of more, one stands for all."""


class Repetition(StrEnum):
    """How a block is repeated."""

    SINGLE = "single"
    COUNT = "count"
    FOR_EACH = "for_each"
    UNKNOWN = "unknown"
    """Repeated, but how often or under which keys is not known: one instance, without a key, stands for all."""


@dataclass(frozen=True)
class Instance:
    """One repetition of a block.

    Attributes:
        key: its index or key; None where there is none.
        names: what `count` or `each` mean in it.
    """

    key: str | int | None = None
    names: dict[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Expansion:
    """The instances of a block.

    Attributes:
        repetition: what decides them.
        instances: in order.
        cause: why they are unknown.
    """

    repetition: Repetition
    instances: tuple[Instance, ...]
    cause: Unknown | None = None


def key_text(key: str | int | None) -> str:
    """An instance key as addresses show it: `[0]`, `["name"]`, or nothing."""
    if key is None:
        return ""
    if isinstance(key, int):
        return f"[{key}]"
    escaped = key.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("${", "$${")
    return f'["{escaped}"]'


def expand(
    body: ast.Body,
    evaluate: Callable[[ast.Attribute], Value],
    report: Callable[[EvaluationError | LimitError], None],
    *,
    limit: int = MAX_INSTANCES,
) -> Expansion:
    """The instances that `count` or `for_each` of a body ask for; what is wrong with them is reported.

    Args:
        body: the body of a resource, data source or module call.
        evaluate: the value of one of its arguments; never raises.
        report: told of errors.
        limit: the most instances there is room for.
    """
    count, for_each = body.attributes.get("count"), body.attributes.get("for_each")
    if count is not None and for_each is not None:
        message = 'Invalid combination of "count" and "for_each": they are mutually exclusive'
        report(EvaluationError(message, Origin(for_each.name_span)))
    attribute = count or for_each
    if attribute is None:
        return Expansion(Repetition.SINGLE, (Instance(),))
    value = evaluate(attribute)
    try:
        return _counted(value, attribute, limit) if count is not None else keyed(value, attribute, limit=limit)
    except (EvaluationError, LimitError) as problem:
        report(problem)
        return _undecided(Unknown(problem.message, Origin(attribute.value_span)), attribute)


def _counted(value: Value, attribute: ast.Attribute, limit: int) -> Expansion:
    here = Origin(attribute.value_span)
    try:
        value = convert(value, NUMBER)
    except ConversionError as problem:
        raise EvaluationError(f"Invalid count argument: {problem}", here) from problem
    if isinstance(value, Unknown):
        return _undecided(value, attribute)
    if construct.is_null(value):
        raise EvaluationError("Invalid count argument: the value is null; a whole number is required", here)
    number = value.to_plain()
    if not isinstance(number, int) or number < 0:
        raise EvaluationError(f"Invalid count argument: {number} is not a whole number of zero or more", here)
    _check_limit(number, limit, here)
    origin = Origin(attribute.value_span, "count")
    instances = tuple(
        Instance(index, {"count": construct.object_of({"index": construct.number(index, origin)}, origin)})
        for index in range(number)
    )
    return Expansion(Repetition.COUNT, instances)


def keyed(
    value: Value,
    attribute: ast.Attribute,
    *,
    name: str = "each",
    any_sequence: bool = False,
    limit: int = MAX_INSTANCES,
) -> Expansion:
    """The instances that a value of `for_each` asks for.

    Args:
        value: the value.
        attribute: the argument it is the value of.
        name: what the instances call their key and value.
        any_sequence: whether lists will do, as in dynamic blocks.
        limit: the most instances there is room for.

    Raises:
        EvaluationError: it is neither a map nor a set of strings.
        LimitError: it has too many elements.
    """
    here = Origin(attribute.value_span)
    kind = type_of(value)
    if isinstance(value, Unknown):
        return _undecided(value, attribute, name)
    if construct.is_null(value):
        raise EvaluationError("Invalid for_each argument: the value is null", here)
    if isinstance(value, Mapping) and isinstance(kind, MapType | ObjectType):
        _check_limit(len(value.fields), limit, here)
        pairs = [(key, construct.string(key, value.key_origin(key)), value.fields[key]) for key in sorted(value.fields)]
        return Expansion(Repetition.FOR_EACH, tuple(_instance(*pair, attribute, name) for pair in pairs))
    if isinstance(value, Sequence) and (any_sequence or isinstance(kind, SetType)):
        _check_limit(len(value.items), limit, here)
        return _elements(value, attribute, name, any_sequence=any_sequence)
    found = "tuple or list" if isinstance(value, Sequence) else str(kind)
    raise EvaluationError(
        f"Invalid for_each argument: a map, or a set of strings, is required, not a {found}; use toset() for a list",
        here,
    )


def _elements(value: Sequence, attribute: ast.Attribute, name: str, *, any_sequence: bool) -> Expansion:
    instances: list[Instance] = []
    is_set = isinstance(type_of(value), SetType)
    for index, item in enumerate(value.items):
        if is_set and not any_sequence:
            if isinstance(item, Unknown):
                return _undecided(item, attribute, name)
            if not isinstance(item, Scalar) or not isinstance(item.value, str):
                raise EvaluationError(
                    "Invalid for_each set argument: a set must hold strings that are not null",
                    Origin(attribute.value_span),
                )
            instances.append(_instance(item.value, item, item, attribute, name))
        else:
            key = item if is_set else construct.number(index, Origin(attribute.value_span, "each"))
            instances.append(_instance(index, key, item, attribute, name))
    return Expansion(Repetition.FOR_EACH, tuple(instances))


def _instance(key: str | int, key_value: Value, value: Value, attribute: ast.Attribute, name: str) -> Instance:
    fields = {"key": _through(key_value, attribute), "value": _through(value, attribute)}
    return Instance(key, {name: construct.object_of(fields, Origin(attribute.value_span, "each"))})


def _through(value: Value, attribute: ast.Attribute) -> Value:
    if value.origin.span.file is attribute.file and attribute.start <= value.origin.span.start < attribute.end:
        return value
    return replace(value, origin=value.origin.through(attribute.value_span, "each"))


def _undecided(cause: Unknown, attribute: ast.Attribute, name: str = "") -> Expansion:
    origin = Origin(attribute.value_span)
    names: dict[str, Value]
    if attribute.name == "count":
        index = construct.unknown("`count.index` is not known, since `count` is not", origin, cause, NUMBER)
        names = {"count": construct.object_of({"index": index}, origin)}
    else:
        name = name or "each"
        parts: dict[str, Value] = {
            part: construct.unknown(f"`{name}.{part}` is not known, since `for_each` is not", origin, cause)
            for part in ("key", "value")
        }
        names = {name: construct.object_of(parts, origin)}
    return Expansion(Repetition.UNKNOWN, (Instance(None, names),), cause)


def _check_limit(size: int, limit: int, origin: Origin) -> None:
    if size > limit:
        what = "instances" if size > MAX_INSTANCES else "further instances"
        raise LimitError(f"{size:,} {what}; more than {MAX_INSTANCES:,} are not looked at one by one", origin)
