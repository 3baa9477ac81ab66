"""Type constraints of variables: `object({name = string, ports = optional(list(number), [])})`.

See https://developer.hashicorp.com/terraform/language/expressions/type-constraints.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from infracheck.source.errors import EvaluationError, SyntaxProblem
from infracheck.source.files import SourceFile, Span
from infracheck.source.hcl import ast, parse_expression
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Scalar, Sequence
from infracheck.terraform.conversion import ConversionError, convert
from infracheck.terraform.evaluation import evaluate
from infracheck.terraform.inputs import restepped
from infracheck.terraform.scope import EmptyScope
from infracheck.terraform.types import (
    BOOL,
    DYNAMIC,
    NUMBER,
    STRING,
    ListType,
    MapType,
    ObjectType,
    SetType,
    TupleType,
    type_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.source.values import Value
    from infracheck.terraform.types import Type

KEYWORDS: dict[str, Type] = {"string": STRING, "number": NUMBER, "bool": BOOL, "any": DYNAMIC}
LEGACY: dict[str, Type] = {"string": STRING, "list": ListType(DYNAMIC), "map": MapType(DYNAMIC)}
"""What the quoted types of Terraform 0.11 mean."""
COLLECTIONS: dict[str, Callable[[Type], Type]] = {"list": ListType, "set": SetType, "map": MapType}


@dataclass(frozen=True)
class Defaults:
    """The defaults of optional attributes, in the shape of the type they belong to.

    Attributes:
        values: the default of each optional attribute that has one.
        attributes: the defaults inside each attribute of an object, or each element ("0", "1") of a tuple.
        element: the defaults inside every element of a collection.
    """

    values: dict[str, Value] = field(default_factory=dict)
    attributes: dict[str, Defaults] = field(default_factory=dict)
    element: Defaults | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is no default anywhere in it."""
        return not self.values and not self.attributes and self.element is None


@dataclass(frozen=True)
class Constraint:
    """A type constraint with its defaults."""

    type: Type = DYNAMIC
    defaults: Defaults = field(default_factory=Defaults)

    def apply(self, value: Value) -> Value:
        """The value as the variable has it: defaults filled in, then converted.

        Raises:
            ConversionError: it does not fit the type.
        """
        filled = value if self.defaults.is_empty else with_defaults(value, self.defaults)
        return convert(filled, self.type)


def read_constraint(attribute: ast.Attribute) -> Constraint:
    """The constraint that a `type` argument states.

    Raises:
        EvaluationError: it is no type.
    """
    expression = attribute.expression
    text = expression.literal if isinstance(expression, ast.Template) else None
    if text is None:
        return Constraint(*_type(expression, attribute.file))
    if not attribute.file.path.endswith(".json"):
        if text in LEGACY:
            return Constraint(LEGACY[text])
        raise _refused("a type constraint is written without quotes", expression, attribute.file)
    # In JSON every type is in quotes. Its offsets are those of a text of its own, so it is all one place.
    inner = SourceFile(attribute.file.path, text)
    try:
        return Constraint(*_type(parse_expression(inner), inner))
    except (SyntaxProblem, EvaluationError) as problem:
        raise EvaluationError(problem.message, Origin(attribute.value_span)) from problem


def _type(node: ast.Expression, file: SourceFile) -> tuple[Type, Defaults]:
    if isinstance(node, ast.Variable):
        if node.name in KEYWORDS:
            return KEYWORDS[node.name], Defaults()
        raise _refused(f"`{node.name}` is not a valid type", node, file)
    if not isinstance(node, ast.FunctionCall):
        raise _refused("a type keyword, or a type constructor such as list(string), is required", node, file)
    if len(node.arguments) != 1:
        raise _refused(f"the {node.name} type constructor requires one argument", node, file)
    argument = node.arguments[0]
    if node.name in COLLECTIONS:
        element, defaults = _type(argument, file)
        collection: Type = COLLECTIONS[node.name](element)
        return collection, Defaults(element=None if defaults.is_empty else defaults)
    if node.name == "object" and isinstance(argument, ast.Object):
        return _object(argument, file)
    if node.name == "tuple" and isinstance(argument, ast.Tuple):
        parts = [_type(item, file) for item in argument.items]
        inside = {str(index): defaults for index, (_, defaults) in enumerate(parts) if not defaults.is_empty}
        return TupleType(tuple(kind for kind, _ in parts)), Defaults(attributes=inside)
    raise _refused(f"`{node.name}` is not a valid type constructor here", node, file)


def _object(node: ast.Object, file: SourceFile) -> tuple[Type, Defaults]:
    kinds: dict[str, Type] = {}
    optional: set[str] = set()
    values: dict[str, Value] = {}
    inside: dict[str, Defaults] = {}
    for item in node.items:
        name = item.key.literal if isinstance(item.key, ast.Template) else None
        if name is None:
            raise _refused("attribute names of an object type must be plain names", item.key, file)
        of = item.value
        default: ast.Expression | None = None
        if isinstance(of, ast.FunctionCall) and of.name == "optional":
            if not 1 <= len(of.arguments) <= 2:
                raise _refused("optional() takes a type and, if need be, a default", of, file)
            optional.add(name)
            default = of.arguments[1] if len(of.arguments) == 2 else None
            of = of.arguments[0]
        kinds[name], defaults = _type(of, file)
        if not defaults.is_empty:
            inside[name] = defaults
        if default is not None:
            values[name] = _default(default, Constraint(kinds[name], defaults), file)
    return ObjectType(kinds, frozenset(optional)), Defaults(values, inside)


def _default(node: ast.Expression, constraint: Constraint, file: SourceFile) -> Value:
    value = restepped(evaluate(node, EmptyScope(), file), "variable default")
    try:
        return constraint.apply(value)
    except ConversionError as problem:
        raise _refused(f"this default value does not fit the attribute's type: {problem}", node, file) from problem


def _refused(message: str, node: ast.Expression, file: SourceFile) -> EvaluationError:
    return EvaluationError(f"Invalid type specification: {message}", Origin(Span(file, node.start, node.end)))


def with_defaults(value: Value, defaults: Defaults) -> Value:
    """The value with the defaults of optional attributes where they are missing or null."""
    if isinstance(value, Mapping):
        element = defaults.element
        if element is not None:
            fields = {key: with_defaults(inner, element) for key, inner in value.fields.items()}
            return _object_of(value, fields)
        fields = dict(value.fields)
        for name, default in defaults.values.items():
            given = fields.get(name)
            if given is None or (isinstance(given, Scalar) and given.value is None):
                fields[name] = default
        for name, inner_defaults in defaults.attributes.items():
            if name in fields:
                fields[name] = with_defaults(fields[name], inner_defaults)
        return _object_of(value, fields)
    if isinstance(value, Sequence):
        items = tuple(
            with_defaults(item, defaults.element or defaults.attributes.get(str(index), Defaults()))
            for index, item in enumerate(value.items)
        )
        return replace(value, items=items, type=TupleType(tuple(map(type_of, items))))
    return value


def _object_of(value: Mapping, fields: dict[str, Value]) -> Mapping:
    """Elements may differ in type once defaults are in; the conversion that follows makes them one again."""
    return replace(value, fields=fields, type=ObjectType({name: type_of(one) for name, one in fields.items()}))
