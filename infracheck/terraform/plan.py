"""Plans, as `terraform show -json` prints them: the same resources, with the values that Terraform worked out.

The format is documented at https://developer.hashicorp.com/terraform/internals/json-format. What is known only after
apply is unknown, and so is what is sensitive. Where the configuration lies beside the plan, each value has the origin
of the text that set it; elsewhere it is the plan itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from infracheck.source.errors import EvaluationError, InfracheckError, ReadError
from infracheck.source.field import Field
from infracheck.source.files import Span
from infracheck.source.hcl import ast, parse_json_body
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Scalar, Sequence, Unknown
from infracheck.terraform.expansion import Repetition
from infracheck.terraform.modules import TerraformModule, load_terraform
from infracheck.terraform.resources import META_ARGUMENTS, Resource

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from infracheck.source.files import SourceFile
    from infracheck.source.reader import Reader
    from infracheck.source.values import Value

MAX_MODULE_DEPTH = 50
"""The deepest nesting of modules in a plan that is read."""


def load_plan(path: Path, reader: Reader, *, root: Path | None = None) -> TerraformModule:
    """A plan as a module with its resources.

    Args:
        path: the JSON of the plan.
        reader: confines reading.
        root: the directory of the root module; by default the plan's own directory, if there is configuration in it.

    Raises:
        ReadError: the plan can't be read.
    """
    file = reader.read(path)
    parsed = parse_json_body(file, templates=False)
    top: dict[str, Any] = {name: attribute.expression for name, attribute in parsed.body.attributes.items()}
    problems: list[InfracheckError] = list(parsed.problems)
    if not problems and "planned_values" not in top:
        message = "This is not the JSON of a plan: write it with `terraform show -json PLAN`"
        problems.append(EvaluationError(message, Origin(Span(file, 0, 0))))
    configured = _configuration(root or path.parent, reader)
    reading = _Plan(file, _changes(top.get("resource_changes")), configured)
    resources = list(reading.resources(_child(top.get("prior_state"), "values", "root_module"), only_data=True))
    resources += reading.resources(_child(top.get("planned_values"), "root_module"))
    unique = {resource.address: resource for resource in resources}
    return TerraformModule(
        reader.display(path),
        resources=unique.values(),
        outputs=reading.outputs(_child(top.get("planned_values"), "outputs")),
        variables=reading.outputs(top.get("variables")),
        problems=problems,
        field=configured.field if configured is not None else Field(Mapping({}, Origin(Span(file, 0, 0)))),
        scope=configured.scope if configured is not None else None,
    )


def _configuration(root: Path, reader: Reader) -> TerraformModule | None:
    """The configuration a plan was made from, if it is at hand."""
    try:
        module = load_terraform(root, reader)
    except ReadError:
        return None
    return module if module.resources else None


class _Change(NamedTuple):
    """What a planned change says about values.

    Attributes:
        unknown: `after_unknown`: true where a value is known only after apply.
        sensitive: `after_sensitive`: true where a value must not be shown.
    """

    unknown: Any
    sensitive: Any


def _changes(node: Any) -> dict[str, _Change]:
    found: dict[str, _Change] = {}
    for item in _items(node):
        address, change = _text(_get(item, "address")), _get(item, "change")
        if address and change is not None:
            found[address] = _Change(_get(change, "after_unknown"), _get(change, "after_sensitive"))
    return found


class _Plan:
    def __init__(self, file: SourceFile, changes: dict[str, _Change], configured: TerraformModule | None) -> None:
        self._file = file
        self._changes = changes
        resources = configured.resources if configured is not None else ()
        self._exact = {resource.address: resource for resource in resources}
        self._blocks = {resource.identity: resource for resource in resources}

    def resources(self, module: Any, *, only_data: bool = False, depth: int = 0) -> Iterator[Resource]:
        """The resources of a module of the plan, and of the modules in it."""
        address = _text(_get(module, "address")) or ""
        for node in _items(_get(module, "resources")):
            if not only_data or _text(_get(node, "mode")) == "data":
                yield self._resource(node, address)
        if depth < MAX_MODULE_DEPTH:
            for child in _items(_get(module, "child_modules")):
                yield from self.resources(child, only_data=only_data, depth=depth + 1)

    def _resource(self, node: Any, module: str) -> Resource:
        address = _text(_get(node, "address")) or ""
        plain = Resource(
            _text(_get(node, "mode")) or "managed",
            _text(_get(node, "type")) or "",
            _text(_get(node, "name")) or "",
            body=Mapping({}, self._origin(node)),
            repetition=Repetition.SINGLE,
            key=_key(_get(node, "index")),
            module_address=module,
            address=address,
        )
        written = self._exact.get(address) or self._blocks.get(plain.identity)
        change = self._changes.get(address, _Change(None, _get(node, "sensitive_values")))
        header = written.origin.through(self._span(node), "plan") if written is not None else self._origin(node)
        config = written.field.value if written is not None else None
        body = self._value(_get(node, "values"), change.unknown, change.sensitive, config, header)
        fields = body.fields if isinstance(body, Mapping) else {}
        return Resource(
            plain.mode,
            plain.type,
            plain.name,
            body=Mapping(
                {name: value for name, value in fields.items() if name not in META_ARGUMENTS},
                header,
                config.keys if isinstance(config, Mapping) else {},
            ),
            repetition=_repetition(plain.key),
            key=plain.key,
            module_address=module,
            provider=_provider(_text(_get(node, "provider_name")) or ""),
            meta=written.meta.value if written is not None and isinstance(written.meta.value, Mapping) else None,
            references=written.trace if written is not None else None,
            address=address,
        )

    def outputs(self, node: Any) -> dict[str, Value]:
        """Outputs or variables: objects with a `value`."""
        found: dict[str, Value] = {}
        for name, item in _pairs(node):
            value = _get(item, "value")
            if value is None:
                found[name] = Unknown("it is known after apply", self._origin(item))
            else:
                found[name] = self._value(value, None, _get(item, "sensitive"), None, self._origin(item))
        return found

    def _span(self, node: Any) -> Span:
        return Span(self._file, node.start, node.end) if hasattr(node, "start") else Span(self._file, 0, 0)

    def _origin(self, node: Any) -> Origin:
        return Origin(self._span(node), "plan")

    def _value(self, node: Any, unknown: Any, sensitive: Any, config: Value | None, above: Origin) -> Value:
        """A value of the plan at the origin of the configuration that set it.

        Args:
            node: the planned value.
            unknown: what is known only after apply: true, or the same shape with true in places.
            sensitive: what is sensitive, in the same way.
            config: the value in the configuration, if it is set there.
            above: the origin of the nearest thing above that the configuration sets.
        """
        origin = config.origin if config is not None else above
        if _is_true(sensitive):
            return Unknown("it is sensitive, and not shown", origin, sensitive=True)
        if _is_true(unknown):
            reference = config.reference if isinstance(config, Unknown) else None
            return Unknown("it is known after apply", origin, reference=reference)
        if isinstance(node, ast.Tuple):
            return self._sequence(node, unknown, sensitive, config, origin)
        if isinstance(node, ast.Object) or isinstance(unknown, ast.Object):
            return self._mapping(node, unknown, sensitive, config, origin)
        if isinstance(node, ast.Template):
            return Scalar(node.literal or "", origin)
        return Scalar(node.value if isinstance(node, ast.Literal) else None, origin)

    def _sequence(
        self, node: ast.Tuple, unknown: Any, sensitive: Any, config: Value | None, origin: Origin
    ) -> Sequence:
        hidden, secret = _items(unknown), _items(sensitive)
        set_ = config.items if isinstance(config, Sequence) else ()
        items = tuple(
            self._value(item, _nth(hidden, index), _nth(secret, index), _nth(set_, index), origin)
            for index, item in enumerate(node.items)
        )
        return Sequence(items, origin)

    def _mapping(self, node: Any, unknown: Any, sensitive: Any, config: Value | None, origin: Origin) -> Mapping:
        planned, hidden, secret = dict(_pairs(node)), dict(_pairs(unknown)), dict(_pairs(sensitive))
        set_ = config.fields if isinstance(config, Mapping) else {}
        fields: dict[str, Value] = {}
        for name in [*planned, *(name for name in hidden if name not in planned)]:
            value = self._value(planned.get(name), hidden.get(name), secret.get(name), set_.get(name), origin)
            # Plans list every block type a resource could have; an empty list of what nobody wrote is no block.
            if name in set_ or not (isinstance(value, Sequence) and not value.items):
                fields[name] = value
        return Mapping(fields, origin, config.keys if isinstance(config, Mapping) else {})


def _get(node: Any, name: str) -> Any:
    return next((value for key, value in _pairs(node) if key == name), None)


def _child(node: Any, *names: str) -> Any:
    for name in names:
        node = _get(node, name)
    return node


def _pairs(node: Any) -> list[tuple[str, Any]]:
    if not isinstance(node, ast.Object):
        return []
    return [(item.key.literal or "", item.value) for item in node.items if isinstance(item.key, ast.Template)]


def _items(node: Any) -> tuple[Any, ...]:
    return node.items if isinstance(node, ast.Tuple) else ()


def _nth(items: tuple[Any, ...], index: int) -> Any:
    return items[index] if index < len(items) else None


def _text(node: Any) -> str | None:
    return node.literal if isinstance(node, ast.Template) else None


def _is_true(node: Any) -> bool:
    return isinstance(node, ast.Literal) and node.value is True


def _key(node: Any) -> str | int | None:
    if isinstance(node, ast.Literal) and node.value is not None and not isinstance(node.value, bool):
        return int(node.value)
    return _text(node)


def _repetition(key: str | int | None) -> Repetition:
    if key is None:
        return Repetition.SINGLE
    return Repetition.COUNT if isinstance(key, int) else Repetition.FOR_EACH


def _provider(name: str) -> str:
    """`registry.terraform.io/hashicorp/aws` is what configurations call `aws`."""
    return name.rpartition("/")[2]
