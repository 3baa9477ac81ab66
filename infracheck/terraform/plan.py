"""Plans, as `terraform show -json` prints them: the same resources, with the values that Terraform worked out.

The format is documented at https://developer.hashicorp.com/terraform/internals/json-format. What is known only after
apply is unknown, and so is what is sensitive. What is only in the prior state, or will be destroyed, is not judged.
Where the configuration lies beside the plan, each value has the origin of the text that set it; elsewhere it is the
plan itself, with sensitive values blanked out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from infracheck.source.errors import EvaluationError, InfracheckError, ReadError, SyntaxProblem
from infracheck.source.field import Field
from infracheck.source.files import SourceFile, Span
from infracheck.source.hcl import ast
from infracheck.source.hcl.reader import collection_paused
from infracheck.source.origin import Origin
from infracheck.source.reader import MAX_PLAN_BYTES
from infracheck.source.values import Mapping, Unknown
from infracheck.terraform.calls import ModuleGap
from infracheck.terraform.expansion import Repetition
from infracheck.terraform.modules import TerraformModule, load_terraform
from infracheck.terraform.plan_json import get, is_true, pairs, text
from infracheck.terraform.plan_secrets import without_secrets
from infracheck.terraform.plan_text import PlanText
from infracheck.terraform.plan_values import PlanValues
from infracheck.terraform.resources import META_ARGUMENTS, Resource

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from infracheck.source.reader import Reader
    from infracheck.source.values import Value
    from infracheck.terraform.plan_text import Part

MAX_WRONG = 20
"""How many values of the wrong kind are told of one plan."""
MAX_INDEX = 2**31
"""The largest index of an instance that is believed."""


def load_plan(
    path: Path, reader: Reader, *, root: Path | None = None, var_files: Iterable[Path] = ()
) -> TerraformModule:
    """A plan as a module with its resources.

    Args:
        path: the JSON of the plan.
        reader: confines reading.
        root: the directory of the root module; by default the plan's own directory, if there is configuration in it.
        var_files: the variable files the plan was most likely made with. Where the plan's variables say otherwise, they
            win.

    Raises:
        ReadError: the plan can't be read.
    """
    raw = reader.read(path, max_bytes=MAX_PLAN_BYTES)
    plan = PlanText(raw)
    subject = reader.display(path)
    try:
        with collection_paused():
            parts = plan.top()
            file = without_secrets(plan, parts)
            return _module(subject, plan, parts, file, _Inputs(root or path.parent, reader, tuple(var_files)))
    except SyntaxProblem as problem:
        # Without all of it nobody knows what is sensitive, so nothing of it is shown either.
        hidden = SourceFile(raw.path, "")
        return TerraformModule(subject, problems=[problem], field=Field(Mapping({}, Origin(Span(hidden, 0, 0)))))


class _Inputs(NamedTuple):
    """Where the configuration of a plan is looked for.

    Attributes:
        root: the directory of the root module.
        reader: confines reading.
        var_files: the variable files the plan was most likely made with.
    """

    root: Path
    reader: Reader
    var_files: tuple[Path, ...]


def _module(subject: str, plan: PlanText, parts: dict[str, Part], file: SourceFile, inputs: _Inputs) -> TerraformModule:
    top = {name: plan.node(parts.get(name)) for name in ("variables", "errored", "complete")}
    values = PlanValues(file)
    configured = _configuration(inputs, values, top)
    reading = _Plan(plan, values, _changes(plan, parts.get("resource_changes")), configured)
    planned = plan.members(parts.get("planned_values"))
    resources = list(reading.resources(plan.get(parts.get("prior_state"), "values", "root_module"), only_data=True))
    resources += reading.resources(planned.get("root_module"))
    unique = {resource.address: resource for resource in resources}
    return TerraformModule(
        subject,
        resources=unique.values(),
        outputs=reading.outputs(plan.node(planned.get("outputs"))),
        variables=reading.outputs(top["variables"]),
        gaps=_gaps(top, subject, values),
        problems=[*_problems(top, file, is_plan="planned_values" in parts), *_misshapen(plan, parts)],
        field=configured.field if configured is not None else Field(Mapping({}, Origin(Span(file, 0, 0)))),
        scope=configured.scope if configured is not None else None,
    )


def _problems(top: dict[str, Any], file: SourceFile, *, is_plan: bool) -> Iterator[InfracheckError]:
    if not is_plan:
        message = "This is not the JSON of a plan: write it with `terraform show -json PLAN`"
        yield EvaluationError(message, Origin(Span(file, 0, 0)))
    if is_true(top.get("errored")):
        node = top["errored"]
        message = "Terraform stopped with an error while it made this plan: it holds only what was planned until then"
        yield EvaluationError(message, Origin(Span(file, node.start, node.end), "plan"))


def _misshapen(plan: PlanText, parts: dict[str, Part]) -> Iterator[InfracheckError]:
    """What no version of Terraform writes, so that nobody knows what the resources are."""
    planned = parts.get("planned_values")
    if planned is None:
        return
    wrong = [planned] if not plan.is_object(planned) else []
    root = plan.get(planned, "root_module")
    wrong += [root] if root is not None and not plan.is_object(root) else []
    for module in plan.modules(root):
        for part in (module.get("resources"), module.get("child_modules")):
            wrong += [part] if part is not None and not plan.is_array(part) else []
            wrong += [one for one in plan.elements(part) if not plan.is_object(one)]
    for part in wrong[:MAX_WRONG]:
        yield EvaluationError(
            "This is not the JSON of a plan: another kind of value is expected here", plan.origin(part)
        )


def _gaps(top: dict[str, Any], subject: str, values: PlanValues) -> Iterator[ModuleGap]:
    complete = top.get("complete")
    if isinstance(complete, ast.Literal) and complete.value is False and not is_true(top.get("errored")):
        reason = "the plan is not complete (-target, or changes put off): what it leaves out is not judged"
        yield ModuleGap(subject, reason, values.origin(complete), "terraform plan -out FILE")


def _configuration(inputs: _Inputs, values: PlanValues, top: dict[str, Any]) -> TerraformModule | None:
    """The configuration a plan was made from, if it is at hand, evaluated with the inputs that the plan names."""
    try:
        module = load_terraform(inputs.root, inputs.reader, var_files=inputs.var_files)
        planned = {name: values.value(get(item, "value")) for name, item in pairs(top.get("variables"))}
        other = {
            name: value
            for name, value in planned.items()
            if name in module.variables and module.variables[name].to_plain() != value.to_plain()
        }
        if other:
            module = load_terraform(inputs.root, inputs.reader, var_files=inputs.var_files, variables=other)
    except ReadError:
        return None
    return module if module.resources else None


class _Change(NamedTuple):
    """What a planned change says about values.

    Attributes:
        unknown: `after_unknown`: true where a value is known only after apply.
        sensitive: `after_sensitive`: true where a value must not be shown.
    """

    unknown: Part | None = None
    sensitive: Part | None = None


def _changes(plan: PlanText, part: Part | None) -> dict[str, _Change]:
    found: dict[str, _Change] = {}
    for item in map(plan.members, plan.elements(part)):
        address = text(plan.node(item.get("address")))
        if address and "change" in item and "deposed" not in item:
            change = plan.members(item["change"])
            found[address] = _Change(change.get("after_unknown"), change.get("after_sensitive"))
    return found


class _Plan:
    def __init__(
        self, plan: PlanText, values: PlanValues, changes: dict[str, _Change], configured: TerraformModule | None
    ) -> None:
        self._plan = plan
        self._values = values
        self._changes = changes
        resources = configured.resources if configured is not None else ()
        self._exact = {resource.address: resource for resource in resources}
        self._blocks = {resource.identity: resource for resource in resources}

    def resources(self, root: Part | None, *, only_data: bool = False) -> Iterator[Resource]:
        """The resources of a module of the plan, and of the modules in it."""
        for module in self._plan.modules(root):
            address = text(self._plan.node(module.get("address"))) or ""
            for part in self._plan.elements(module.get("resources")):
                if not only_data or text(self._plan.node(self._plan.get(part, "mode"))) == "data":
                    yield self._resource(self._plan.node(part), address)

    def _resource(self, node: Any, module: str) -> Resource:
        address = text(get(node, "address")) or ""
        mode, type_, name = (text(get(node, one)) or "" for one in ("mode", "type", "name"))
        key = _key(get(node, "index"))
        bare = Resource(
            mode or "managed",
            type_,
            name,
            body=Mapping({}, self._values.origin(node)),
            repetition=_repetition(key),
            key=key,
            module_address=module,
            address=address,
        )
        written = self._exact.get(address) or self._blocks.get(bare.identity)
        change = self._changes.get(address, _Change())
        own = self._values.origin(node)
        header = written.origin.through(own.span, "plan") if written is not None else None
        config = written.field.value if written is not None else None
        unknown, sensitive = self._plan.node(change.unknown), self._plan.node(change.sensitive)
        if sensitive is None:
            sensitive = get(node, "sensitive_values")
        body = self._values.value(get(node, "values"), unknown, sensitive, config, header)
        fields = body.fields if isinstance(body, Mapping) else {}
        keys = config.keys if isinstance(config, Mapping) else {}
        return Resource(
            bare.mode,
            type_,
            name,
            body=Mapping(
                {argument: one for argument, one in fields.items() if argument not in META_ARGUMENTS},
                header or own,
                keys,
            ),
            repetition=bare.repetition,
            key=key,
            module_address=module,
            provider=_provider(text(get(node, "provider_name")) or ""),
            meta=written.meta.value if written is not None and isinstance(written.meta.value, Mapping) else None,
            references=written.trace if written is not None else None,
            address=address,
        )

    def outputs(self, node: Any) -> dict[str, Value]:
        """Outputs or variables: objects with a `value`."""
        found: dict[str, Value] = {}
        for name, item in pairs(node):
            value = get(item, "value")
            if value is None:
                found[name] = Unknown("it is known after apply", self._values.origin(item))
            else:
                found[name] = self._values.value(value, None, get(item, "sensitive"))
        return found


def _key(node: Any) -> str | int | None:
    if isinstance(node, ast.Literal) and node.value is not None and not isinstance(node.value, bool):
        return int(node.value) if 0 <= node.value <= MAX_INDEX else None
    return text(node)


def _repetition(key: str | int | None) -> Repetition:
    if key is None:
        return Repetition.SINGLE
    return Repetition.COUNT if isinstance(key, int) else Repetition.FOR_EACH


def _provider(name: str) -> str:
    """`registry.terraform.io/hashicorp/aws` is what configurations call `aws`."""
    return name.rpartition("/")[2]
