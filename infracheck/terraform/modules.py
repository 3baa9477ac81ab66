"""A Terraform root with its modules, evaluated as far as the files allow."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any

from infracheck.source.field import Field
from infracheck.source.files import SourceFile, Span
from infracheck.source.hcl.reader import collection_paused
from infracheck.source.origin import Origin
from infracheck.terraform.configuration import configuration_of
from infracheck.terraform.inputs import read_inputs
from infracheck.terraform.instances import ModuleInstance
from infracheck.terraform.run import Run
from infracheck.terraform.validation import check_conditions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as Given
    from pathlib import Path

    from infracheck.rule import Context, Violation
    from infracheck.source.errors import InfracheckError
    from infracheck.source.reader import Reader
    from infracheck.source.values import Value
    from infracheck.terraform.calls import ModuleGap
    from infracheck.terraform.resources import Resource
    from infracheck.terraform.scope import Scope


class TerraformModule:
    """A root module as rules see it.

    Attributes:
        address: its directory, relative to the scanned root.
        resources: every resource and data source instance, in the order of modules and declarations.
        outputs: the value of each output of the root.
        variables: the value of each variable of the root.
        gaps: modules that are not on disk, and files that must not be looked at.
        problems: what is wrong with the configuration, by place.
        warnings: what Terraform only warns of: values for undeclared variables.
        field: what the root declares: `terraform`, `provider`, `variable`, `output` and `module`.
        scope: the root's names, for evaluating further expressions in it; None for a plan.
        context: the environment and stack it stands in; None until the repository is built.
    """

    kinds: tuple[str, ...] = ()

    def __init__(
        self,
        address: str,
        *,
        resources: Iterable[Resource] = (),
        outputs: dict[str, Value] | None = None,
        variables: dict[str, Value] | None = None,
        gaps: Iterable[ModuleGap] = (),
        problems: Iterable[InfracheckError] = (),
        warnings: Iterable[InfracheckError] = (),
        field: Field,
        scope: Scope | None = None,
    ) -> None:
        self.address = address
        self.resources = tuple(resources)
        self.outputs = outputs or {}
        self.variables = variables or {}
        self.gaps = tuple(gaps)
        self.problems = tuple(sorted(problems, key=_place))
        self.warnings = tuple(sorted(warnings, key=_place))
        self.field = field
        self.scope = scope
        self.context: Context | None = None

    def __repr__(self) -> str:
        return f"TerraformModule({self.address!r})"

    @property
    def origin(self) -> Origin:
        """Where the module as a whole is written: the beginning of one of its files."""
        return self.field.origin

    @property
    def providers(self) -> Field:
        """The `provider` blocks of the root; `label` is the provider's name."""
        return self.field["provider"]

    @property
    def settings(self) -> Field:
        """The `terraform` blocks of the root: `required_version`, `required_providers`, `backend`."""
        return self.field["terraform"]

    def at(self, path: str) -> Field:
        """The field at a dotted path; `at("")` is the whole module."""
        return self.field.at(path) if path else self.field

    def in_context(self, context: Context) -> TerraformModule:
        """The same module with its resources, knowing where it stands."""
        placed = copy(self)
        placed.context = context
        placed.resources = tuple(resource.in_context(context) for resource in self.resources)
        return placed

    def violation(self, at: Field | str, message: str, **details: Any) -> Violation:
        """A violation of the module as a whole."""
        from infracheck.rule import violation  # noqa: PLC0415 - evaluating needs no rules

        return violation(self.at(at) if isinstance(at, str) else at, message, address=self.address, **details)


def load_terraform(
    root: Path,
    reader: Reader,
    *,
    var_files: Iterable[Path] = (),
    variables: Given[str, Any] | None = None,
    environment: Given[str, str] | None = None,
    workspace: str = "default",
    cache: dict[Any, Any] | None = None,
) -> TerraformModule:
    """A Terraform root with its modules, evaluated as far as the files allow.

    Args:
        root: the directory that `terraform` is run in.
        reader: confines reading.
        var_files: as `terraform -var-file`, in order.
        variables: values by name; they win over every file.
        environment: where `TF_VAR_name` may be set; the process's own environment is never looked at.
        workspace: the value of `terraform.workspace`.
        cache: what several loads may share; pass the same dictionary to read each module directory once.

    Raises:
        ReadError: the directory can't be listed. Everything else that is wrong is in `problems`.
    """
    run = Run(root, reader, workspace, {} if cache is None else cache)
    with collection_paused():
        declarations = run.declarations(root)
        types = {name: run.constraint(block).type for name, block in declarations.variables.items()}
        run.inputs = read_inputs(
            root,
            reader,
            types,
            var_files=var_files,
            variables=variables,
            declared={name: block.header_span for name, block in declarations.variables.items()},
            environment=environment,
        )
        for problem in run.inputs.problems:
            run.report(problem)
        module = ModuleInstance(run, declarations)
        instances = list(_evaluated(module))
        for instance in instances:
            check_conditions(instance)
        for problem in run.sources.problems:
            run.report(problem)
        field = Field(configuration_of(module, _beginning(module)))
    return TerraformModule(
        reader.display(root),
        resources=(resource for instance in instances for found in instance.resources.values() for resource in found),
        outputs=module.outputs,
        variables=module.variables,
        gaps=(run.gaps[address] for address in sorted(run.gaps)),
        problems=run.problems.values(),
        warnings=run.inputs.warnings,
        field=field,
        scope=module.scope,
    )


def _evaluated(module: ModuleInstance) -> Iterator[ModuleInstance]:
    """The instance and those it calls, each with all it declares evaluated."""
    pending = [module]
    while pending:
        instance = pending.pop()
        for key in instance.everything():
            instance.run.scheduler.run(key)
        order = {key: position for position, key in enumerate(instance.declarations.resources)}
        instance.resources = dict(sorted(instance.resources.items(), key=lambda pair: order[pair[0]]))
        yield instance
        children = [child for name in instance.declarations.calls for child in instance.calls[name].children]
        pending.extend(reversed(children))


def _beginning(module: ModuleInstance) -> Origin:
    declared = module.declarations
    blocks = [
        *declared.settings,
        *declared.providers,
        *declared.resources.values(),
        *declared.calls.values(),
        *declared.variables.values(),
        *declared.outputs.values(),
    ]
    if blocks:
        return Origin(Span(blocks[0].file, 0, 0))
    return Origin(Span(SourceFile(module.run.reader.display(declared.directory), ""), 0, 0))


def _place(problem: InfracheckError) -> tuple[str, int, str]:
    if problem.origin is None:
        return ("", 0, problem.message)
    span = problem.origin.span
    return (span.file.path, span.start, problem.message)
