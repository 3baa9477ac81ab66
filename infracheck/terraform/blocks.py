"""Bodies to mappings: arguments evaluated, nested blocks as sequences, `dynamic` blocks unrolled."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from infracheck.source.errors import EvaluationError, InfracheckError, LimitError
from infracheck.source.hcl import ast
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Scalar, Sequence, Unknown
from infracheck.terraform import construct
from infracheck.terraform.evaluation import evaluate
from infracheck.terraform.expansion import Expansion, Repetition, keyed
from infracheck.terraform.types import STRING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from infracheck.source.values import Value
    from infracheck.terraform.budget import Budget
    from infracheck.terraform.scope import Scope

_MAP_ARGUMENT = re.compile(
    r".*(?:tags|labels|annotations|metadata|selector|parameters|variables|options|settings|triggers|keepers|limits"
    r"|requests|match_labels|values|attributes|environment|data|string_data|headers|responses|templates|models|input)"
)
"""Names of arguments that are maps. JSON writes a lone nested block in the same way; only the name tells them apart."""


@dataclass(frozen=True)
class BodyEvaluator:
    """Evaluates bodies in a scope.

    Attributes:
        scope: what names mean.
        report: told what is wrong; what is in error is unknown in the result.
        budget: the work that is left.
        names: what is bound around the body: `each`, `count`, the iterators of dynamic blocks, `self`.
    """

    scope: Scope
    report: Callable[[InfracheckError], None]
    budget: Budget
    names: dict[str, Value] = field(default_factory=dict)

    def binding(self, names: dict[str, Value]) -> BodyEvaluator:
        """The same, with further names bound."""
        return replace(self, names={**self.names, **names})

    def value(self, attribute: ast.Attribute) -> Value:
        """The value of an argument; unknown where it is in error."""
        return self.expression(attribute.expression, attribute)

    def expression(self, expression: ast.Expression, attribute: ast.Attribute) -> Value:
        """The value of an expression that belongs to an argument; unknown where it is in error."""
        share = self.budget.share()
        try:
            return evaluate(expression, self.scope, attribute.file, names=self.names, budget=share)
        except (EvaluationError, LimitError) as problem:
            self.report(problem)
            origin = problem.origin or Origin(attribute.value_span)
            return Unknown(f"`{attribute.name}` is in error: {problem.message}", origin)
        except RecursionError:
            deep = LimitError("the expression is nested too deeply to be evaluated", Origin(attribute.value_span))
            self.report(deep)
            return Unknown(deep.message, Origin(attribute.value_span))
        finally:
            self.budget.settle(share)

    def mapping(self, body: ast.Body, origin: Origin, *, without: Collection[str] = ()) -> Mapping:
        """A body as a mapping: arguments first, then nested blocks, each type a sequence.

        Args:
            body: the body.
            origin: the origin of the whole: the block's header.
            without: arguments and block types that are left out.
        """
        fields: dict[str, Value] = {}
        keys: dict[str, Scalar] = {}
        is_json = body.file.path.endswith(".json")
        for name, attribute in body.attributes.items():
            if name in without:
                continue
            value = self.value(attribute)
            fields[name] = _json_block(name, value) if is_json else value
            keys[name] = Scalar(name, Origin(attribute.name_span), type=STRING)
        for name, found in self._blocks(body, without).items():
            if name in fields:
                found.items[:0] = _elements(fields[name])
            fields[name] = found.value()
            keys.setdefault(name, Scalar(name, found.origin, type=STRING))
        return Mapping(fields, origin, keys)

    def _blocks(self, body: ast.Body, without: Collection[str]) -> dict[str, _Found]:
        found: dict[str, _Found] = {}
        for block in body.blocks:
            if block.type == "dynamic" and block.labels:
                name = block.labels[0]
                if name not in without:
                    self._dynamic(block, found.setdefault(name, _Found(Origin(block.header_span))))
            elif block.type not in without:
                place = found.setdefault(block.type, _Found(Origin(block.header_span)))
                place.items.append(self._labelled(block))
        return found

    def _labelled(self, block: ast.Block) -> Mapping:
        """A nested block; labels, which few have, are its field `label`."""
        mapping = self.mapping(block.body, Origin(block.header_span))
        if not block.labels:
            return mapping
        label = construct.string(block.labels[0], Origin(block.label_span(0)))
        return mapping.with_field("label", label)

    def _dynamic(self, block: ast.Block, found: _Found) -> None:
        """`dynamic "name" { for_each = … content { … } }`."""
        for_each = block.body.attributes.get("for_each")
        content = next(block.body.blocks_of("content"), None)
        if for_each is None or content is None:
            wanted = "for_each argument" if for_each is None else "content block"
            self.report(EvaluationError(f"A dynamic block needs a {wanted}", Origin(block.header_span)))
            return
        iterator = _iterator(block)
        value = self.value(for_each)
        try:
            expansion = keyed(value, for_each, name=iterator, any_sequence=True)
        except (EvaluationError, LimitError) as problem:
            self.report(problem)
            cause = Unknown(problem.message, Origin(for_each.value_span))
            expansion = Expansion(Repetition.UNKNOWN, (), cause)
        if expansion.repetition is Repetition.UNKNOWN:
            reason = f"how many `{block.labels[0]}` blocks there are is not known"
            found.items.append(Unknown(reason, Origin(for_each.value_span), expansion.cause))
            return
        for instance in expansion.instances:
            inner = self.binding(instance.names)
            found.items.append(inner.mapping(content.body, Origin(block.header_span)))


@dataclass
class _Found:
    """The blocks of one type."""

    origin: Origin
    items: list[Value] = field(default_factory=list)

    def value(self) -> Value:
        """The sequence of them; an unknown where not even one is certain."""
        if self.items and all(isinstance(item, Unknown) for item in self.items):
            return self.items[0]
        return Sequence(tuple(self.items), self.origin)


def _iterator(block: ast.Block) -> str:
    attribute = block.body.attributes.get("iterator")
    if attribute is not None:
        if isinstance(attribute.expression, ast.Variable):
            return attribute.expression.name
        if isinstance(attribute.expression, ast.Template) and attribute.expression.literal:
            return attribute.expression.literal
    return block.labels[0]


def _elements(value: Value) -> list[Value]:
    return list(value.items) if isinstance(value, Sequence) else [value]


def _json_block(name: str, value: Value) -> Value:
    """An object in a JSON file as the block it most likely is."""
    if isinstance(value, Mapping) and not _MAP_ARGUMENT.fullmatch(name):
        fields = {key: _json_block(key, inner) for key, inner in value.fields.items()}
        return Sequence((replace(value, fields=fields, type=None),), value.origin)
    if isinstance(value, Sequence) and any(isinstance(item, Mapping) for item in value.items):
        items = tuple(
            replace(item, fields={key: _json_block(key, inner) for key, inner in item.fields.items()}, type=None)
            if isinstance(item, Mapping)
            else item
            for item in value.items
        )
        return Sequence(items, value.origin)
    return value
