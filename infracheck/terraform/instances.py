"""One instance of a module: its variables, locals, calls, resources and outputs, each evaluated when it is needed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from infracheck.source.errors import EvaluationError, LimitError, ReadError
from infracheck.source.hcl import ast
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Sequence, Unknown
from infracheck.terraform import construct
from infracheck.terraform.blocks import BodyEvaluator
from infracheck.terraform.calls import ModuleGap
from infracheck.terraform.conversion import ConversionError
from infracheck.terraform.expansion import Expansion, Repetition, expand, key_text
from infracheck.terraform.inputs import restepped
from infracheck.terraform.names import ModuleScope
from infracheck.terraform.resource_evaluation import evaluate_resource
from infracheck.terraform.scope import UndeclaredError
from infracheck.terraform.types import DYNAMIC

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.source.errors import InfracheckError
    from infracheck.source.values import Value
    from infracheck.terraform.constraints import Constraint
    from infracheck.terraform.declarations import Declarations
    from infracheck.terraform.references import Reference
    from infracheck.terraform.resources import Resource
    from infracheck.terraform.run import Run
    from infracheck.terraform.scheduler import Key, Task

CALL_ARGUMENTS = frozenset({"source", "version", "count", "for_each", "providers", "depends_on"})
"""Arguments of a `module` block that are not variables of the module."""

MAX_CARRIED = 1000
"""Of values with more nodes than this, only the whole is marked as passed on, not each part."""


@dataclass(frozen=True)
class Called:
    """What a `module` block leads to.

    Attributes:
        expansion: how often it is called.
        children: an instance of the module for each; empty where the module is not at hand.
        missing: why it is not at hand.
    """

    expansion: Expansion
    children: tuple[ModuleInstance, ...] = ()
    missing: Unknown | None = None


class ModuleInstance:
    """A module with the values it was called with.

    Attributes:
        run: what all instances of one evaluation share.
        declarations: what its files declare.
        address: `module.a[0].module.b`; "" for the root.
        path: the names of the calls that lead to it.
        parent: the calling instance; None for the root.
        call: the `module` block; None for the root.
        names: what `each` and `count` mean in the arguments of that block.
        is_certain: whether the module will be called at all; false where nobody knows how often.
        variables: the value of each variable that was evaluated so far; so also `locals` and `outputs`.
        calls: the module blocks evaluated so far.
        resources: the instances of each resource evaluated so far.
        objects: each resource as other expressions see it.
    """

    def __init__(
        self,
        run: Run,
        declarations: Declarations,
        *,
        address: str = "",
        path: tuple[str, ...] = (),
        parent: ModuleInstance | None = None,
        call: ast.Block | None = None,
        names: dict[str, Value] | None = None,
        is_certain: bool = True,
    ) -> None:
        self.run = run
        self.declarations = declarations
        self.address = address
        self.path = path
        self.parent = parent
        self.call = call
        self.names = names or {}
        self.is_certain: bool = parent is None or (parent.is_certain and is_certain)
        self.variables: dict[str, Value] = {}
        self.locals: dict[str, Value] = {}
        self.outputs: dict[str, Value] = {}
        self.calls: dict[str, Called] = {}
        self.resources: dict[tuple[str, str, str], tuple[Resource, ...]] = {}
        self.objects: dict[tuple[str, str, str], Value] = {}
        self.scope = ModuleScope(self)

    def __repr__(self) -> str:
        return f"ModuleInstance({self.address!r})"

    def evaluator(self, names: dict[str, Value] | None = None, *, certain: bool = True) -> BodyEvaluator:
        """An evaluator of bodies in this module.

        Args:
            names: what is bound around the body.
            certain: whether what the body describes will exist; see `report_possible`.
        """
        report = self.report if certain else self.report_possible
        return BodyEvaluator(self.scope, report, self.run.budget, names or {})

    def report(self, problem: InfracheckError) -> None:
        """Take note of a problem that depends on values."""
        if self.is_certain:
            self.run.report(problem)
        else:
            self.report_possible(problem)

    def report_possible(self, problem: InfracheckError) -> None:
        """Take note of a problem in what may never exist, if it is one whatever the values are.

        One instance stands for all of a block whose `count` or `for_each` is not known. With `count = 0` nothing in it
        is ever evaluated: `var.options.size` is no error where `count = var.options == null ? 0 : 1`. What is in error
        is unknown all the same, for that reason.
        """
        if isinstance(problem, UndeclaredError | LimitError):
            self.run.report(problem)

    def ensure(self, *key: str | None) -> None:
        """Evaluate something of this module, unless it is being evaluated already."""
        self.run.scheduler.run((self, *key))

    def everything(self) -> Iterator[Key]:
        """The keys of all that this module declares, calls included, their children not."""
        declared = self.declarations
        yield from ((self, "variable", name) for name in declared.variables)
        yield from ((self, "local", name) for name in declared.locals)
        yield from ((self, "call", name) for name in declared.calls)
        yield from ((self, "resource", *key) for key in declared.resources)
        yield from ((self, "output", name) for name in declared.outputs)

    def task(self, key: Key) -> Task:
        """The task of a key."""
        _, kind, *names = key
        makers: dict[str, Any] = {
            "variable": self._variable,
            "local": self._local,
            "call": self._call,
            "output of": self._output_of,
            "output": self._output,
            "resource": self._resource,
        }
        task: Task = makers[kind](*names)
        return task

    def needs(self, node: Any) -> Iterator[Key]:
        """The keys of what an expression or body refers to."""
        for reference in self.run.references(node):
            key = self.key_of(reference)
            if key is not None:
                yield key

    def key_of(self, reference: Reference) -> Key | None:
        """The key of what a reference leads to; None for what is not declared or needs no evaluation."""
        declared, names = self.declarations, reference.names
        first = names[0] if names else ""
        match reference.root:
            case "var":
                return (self, "variable", first) if first in declared.variables else None
            case "local":
                return (self, "local", first) if first in declared.locals else None
            case "module":
                output = (names[1:] or reference.after or (None,))[0]
                return (self, "output of", first, output) if first in declared.calls else None
            case "data" | "ephemeral":
                resource = (reference.root, *names[:2])
            case _:
                resource = ("managed", reference.root, *names[:1])
        return (self, "resource", *resource) if resource in declared.resources else None

    def _local(self, name: str) -> Task:
        attribute = self.declarations.locals[name]
        yield from self.needs(attribute.expression)
        self.locals[name] = self.evaluator().value(attribute)

    def _output(self, name: str) -> Task:
        block = self.declarations.outputs[name]
        attribute = block.body.attributes.get("value")
        if attribute is None:
            message = f'Missing required argument: the argument "value" of output "{name}" is required'
            self.run.report(EvaluationError(message, Origin(block.header_span)))
            self.outputs[name] = Unknown(message, Origin(block.header_span))
            return
        yield from self.needs(attribute.expression)
        value = carried(self.evaluator().value(attribute), attribute, "output")
        self.outputs[name] = construct.marked(value, _flag(block, "sensitive"))

    def _output_of(self, call: str, output: str | None) -> Task:
        yield (self, "call", call)
        for child in self.calls[call].children:
            if output is None:
                yield from ((child, "output", name) for name in child.declarations.outputs)
            elif output in child.declarations.outputs:
                yield (child, "output", output)

    def _resource(self, mode: str, type_: str, name: str) -> Task:
        key = (mode, type_, name)
        block = self.declarations.resources[key]
        for needed in self.needs(block.body):
            if needed[0] is not self or needed[2:] != key:
                yield needed
        self.resources[key], self.objects[key] = evaluate_resource(self, key, block)

    def _variable(self, name: str) -> Task:
        block = self.declarations.variables[name]
        constraint = self.run.constraint(block)
        given = None
        if self.parent is not None and self.call is not None:
            argument = self.call.body.attributes.get(name)
            if argument is not None:
                yield from self.parent.needs(argument.expression)
                given = carried(
                    self.parent.evaluator(self.names, certain=self.is_certain).value(argument), argument, "argument"
                )
        else:
            given = self.run.inputs.values.get(name)
        if given is not None and not (construct.is_null(given) and not _flag(block, "nullable", default=True)):
            value = self._fitted(name, given, constraint)
        else:
            value = self._default(name, block, constraint)
        self.variables[name] = construct.marked(value, _flag(block, "sensitive"))

    def _default(self, name: str, block: ast.Block, constraint: Constraint) -> Value:
        default = block.body.attributes.get("default")
        if default is not None:
            value = BodyEvaluator(self.run.constants, self.run.report, self.run.budget).value(default)
            return self._fitted(name, restepped(value, "variable default"), constraint)
        if self.call is not None and not self.declarations.incomplete:
            message = f'Missing required argument: the argument "{name}" of module "{self.call.labels[0]}" is required'
            self.run.report(EvaluationError(message, Origin(self.call.header_span)))
        reason = f"`var.{name}` has no default and no value"
        return Unknown(reason, Origin(block.header_span), type=constraint.type)

    def _fitted(self, name: str, value: Value, constraint: Constraint) -> Value:
        try:
            return constraint.apply(value)
        except ConversionError as problem:
            message = f'Invalid value for variable "{name}": {problem}'
            self.report(EvaluationError(message, value.origin))
            return Unknown(message, value.origin, type=constraint.type)

    def _call(self, name: str) -> Task:
        block = self.declarations.calls[name]
        deciding = [block.body.attributes[one] for one in ("count", "for_each") if one in block.body.attributes]
        for attribute in deciding:
            yield from self.needs(attribute.expression)
        expansion = expand(block.body, self.evaluator().value, self.report)
        self.calls[name] = self._called(name, block, expansion)

    def _called(self, name: str, block: ast.Block, expansion: Expansion) -> Called:
        path = (*self.path, name)
        try:
            declarations = self._module(block, path)
            self.run.admit_modules(len(expansion.instances), Origin(block.header_span))
        except (EvaluationError, LimitError, ReadError) as problem:
            origin = problem.origin or Origin(block.header_span)
            self.run.report(type(problem)(problem.message, origin))
            return Called(expansion, missing=Unknown(f"`module.{name}`: {problem.message}", origin))
        if isinstance(declarations, ModuleGap):
            self.run.gaps.setdefault(declarations.subject, declarations)
            missing = Unknown(
                declarations.reason, declarations.origin, reference=f"{self.prefix}module.{name}", type=DYNAMIC
            )
            return Called(expansion, missing=missing)
        self._check_arguments(block, declarations)
        children = tuple(
            ModuleInstance(
                self.run,
                declarations,
                address=f"{self.prefix}module.{name}{key_text(instance.key)}",
                path=path,
                parent=self,
                call=block,
                names=instance.names,
                is_certain=expansion.repetition is not Repetition.UNKNOWN,
            )
            for instance in expansion.instances
        )
        return Called(expansion, children)

    def _module(self, block: ast.Block, path: tuple[str, ...]) -> Declarations | ModuleGap:
        source = _constant_text(block, "source")
        if source is None:
            raise EvaluationError(
                'Missing required argument: "source" must be a literal string', Origin(block.header_span)
            )
        origin = Origin(block.body.attributes["source"].value_span)
        version = _constant_text(block, "version") or ""
        found = self.run.sources.find(source, version, self.declarations.directory, path, origin)
        if isinstance(found, ModuleGap):
            return found
        self._check_ring(found, source, origin)
        return self.run.declarations(found)

    def _check_ring(self, directory: Any, source: str, origin: Origin) -> None:
        real = self.run.real(directory)
        caller: ModuleInstance | None = self
        while caller is not None:
            if self.run.real(caller.declarations.directory) == real:
                message = f"Module cycle: the source {source} is a module that contains this call"
                raise EvaluationError(message, origin)
            caller = caller.parent

    def _check_arguments(self, block: ast.Block, declarations: Declarations) -> None:
        if declarations.incomplete:
            return
        for name, attribute in block.body.attributes.items():
            if name not in CALL_ARGUMENTS and name not in declarations.variables:
                message = f'Unsupported argument: module "{block.labels[0]}" has no variable named "{name}"'
                self.run.report(EvaluationError(message, Origin(attribute.name_span)))

    @property
    def prefix(self) -> str:
        """What addresses in this module begin with: `module.a.` or ""."""
        return f"{self.address}." if self.address else ""

    def object_of(self, name: str) -> Value:
        """A module call as expressions see it: an object of outputs, or a collection of such objects."""
        called = self.calls[name]
        block = self.declarations.calls[name]
        origin = Origin(block.header_span)
        if called.missing is not None:
            return called.missing
        if called.expansion.repetition is Repetition.UNKNOWN:
            reason = f"how many instances `module.{name}` has is not known"
            return Unknown(reason, origin, called.expansion.cause, f"{self.prefix}module.{name}", DYNAMIC)
        objects = [construct.object_of(child.all_outputs(), origin) for child in called.children]
        if called.expansion.repetition is Repetition.SINGLE:
            return objects[0]
        if called.expansion.repetition is Repetition.COUNT:
            return construct.tuple_of(objects, origin)
        keys = [str(instance.key) for instance in called.expansion.instances]
        return construct.object_of(dict(zip(keys, objects, strict=True)), origin)

    def all_outputs(self) -> dict[str, Value]:
        """Every output; one that is being evaluated right now is unknown."""
        found: dict[str, Value] = {}
        for name, block in self.declarations.outputs.items():
            self.ensure("output", name)
            waiting = Unknown(f"`{self.prefix}{name}` depends on itself", Origin(block.header_span))
            found[name] = self.outputs.get(name, waiting)
        return found


def carried(value: Value, attribute: ast.Attribute, step: str) -> Value:
    """A value after it has passed through an argument or output; what was written there gets the step's name.

    Parts of a value keep their own origins, so they are marked too, where that is not too many.
    """
    budget = MAX_CARRIED

    def mark(node: Value) -> Value:
        nonlocal budget
        budget -= 1
        span = node.origin.span
        if span.file is attribute.file and attribute.start <= span.start < attribute.end:
            origin = node.origin._replace(step=step) if node.origin.step == "written" else node.origin
        else:
            origin = node.origin.through(attribute.value_span, step)
        if budget > 0 and isinstance(node, Mapping) and type(node.fields) is dict:
            return replace(node, origin=origin, fields={key: mark(one) for key, one in node.fields.items()})
        if budget > 0 and isinstance(node, Sequence):
            return replace(node, origin=origin, items=tuple(mark(item) for item in node.items))
        return node if isinstance(node, Unknown) else replace(node, origin=origin)

    return mark(value)


def _flag(block: ast.Block, name: str, *, default: bool = False) -> bool:
    """A boolean that must be written out."""
    attribute = block.body.attributes.get(name)
    if attribute is None:
        return default
    expression = attribute.expression
    if isinstance(expression, ast.Literal) and isinstance(expression.value, bool):
        return expression.value
    if isinstance(expression, ast.Template):
        return expression.literal == "true"
    return default


def _constant_text(block: ast.Block, name: str) -> str | None:
    attribute = block.body.attributes.get(name)
    if attribute is None or not isinstance(attribute.expression, ast.Template):
        return None
    return attribute.expression.literal
