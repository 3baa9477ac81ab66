"""Each kind of stack is read by its room; what goes wrong there becomes a gap here."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from infracheck.discovery import StackKind
from infracheck.findings.finding import Location
from infracheck.findings.report import Gap, GapKind
from infracheck.source.errors import InfracheckError
from infracheck.source.field import Field
from infracheck.source.values import Mapping

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Mapping as Given

    from infracheck.config.settings import Settings
    from infracheck.discovery import StackSource
    from infracheck.kubernetes.envsubst import EnvFile
    from infracheck.source.origin import Origin
    from infracheck.source.reader import Reader


MAX_TOLD = 200
"""How many problems of one stack are told one by one."""


@dataclass(slots=True)
class Contents:
    """What a stack holds, before it knows its environment.

    Attributes:
        manifests: Kubernetes objects, each with an identity that is the same in every environment.
        module: a Terraform root or plan.
        rendering: what a kustomization renders to.
        workflows: GitHub workflows and actions.
        gaps: what could not be read.
    """

    manifests: list[tuple[Mapping, str]] = field(default_factory=list)
    module: Any = None
    rendering: Any = None
    workflows: Any = None
    gaps: list[Gap] = field(default_factory=list)


class StackReader:
    """Reads stacks. What several of them share (bases, modules) is read once.

    Args:
        reader: reads what is below its root, and nothing else.
        settings: those of the scan.
        tf_var_environment: where `TF_VAR_name` may set variables of Terraform roots; None for nowhere.
    """

    def __init__(self, reader: Reader, settings: Settings, tf_var_environment: Given[str, str] | None = None) -> None:
        self._reader = reader
        self._settings = settings
        self._tf_var_environment = tf_var_environment
        self._rendered: Any = None
        self._modules: dict[Any, Any] = {}

    def read(self, source: StackSource) -> Contents:
        """The contents of a stack; never an exception for what a file holds."""
        contents = Contents()
        try:
            {
                StackKind.TERRAFORM: self._terraform,
                StackKind.PLAN: self._plan,
                StackKind.KUSTOMIZATION: self._kustomization,
                StackKind.MANIFESTS: self._manifests,
                StackKind.WORKFLOWS: self._workflows,
            }[source.kind](source, contents)
        except InfracheckError as problem:
            contents.gaps.append(_broken(source, problem))
        return contents

    def _kustomization(self, source: StackSource, contents: Contents) -> None:
        from infracheck.kustomize import RenderCache, render  # noqa: PLC0415 - no kustomization, no renderer

        if self._rendered is None:
            self._rendered = RenderCache()
        rendering = render(
            source.path,
            self._reader,
            load_restrictor=self._settings.load_restrictor,
            gaps="collect",
            cache=self._rendered,
        )
        contents.rendering = rendering
        for gap in rendering.gaps:
            contents.gaps.append(
                Gap(
                    GapKind.OUTSIDE,
                    gap.entry,
                    gap.reason,
                    _place(gap.origin),
                    gap.command,
                    _named(source),
                )
            )
        env = self._env_file(source, contents)
        for rendered in rendering.objects:
            contents.manifests.append((_substituted(rendered.root, env), _identity(rendered.root, rendered.kind)))

    def _manifests(self, source: StackSource, contents: Contents) -> None:
        from infracheck.source.yaml import Dialect, read_documents  # noqa: PLC0415

        env = self._env_file(source, contents)
        for path in source.files:
            try:
                documents = read_documents(self._reader.read(path), Dialect.KUBECTL)
            except InfracheckError as problem:
                contents.gaps.append(_broken(source, problem, self._reader.display(path)))
                continue
            for document in documents:
                contents.gaps += [_broken(source, problem) for problem in document.problems]
                for root in _objects(document.value):
                    contents.manifests.append((_substituted(root, env), ""))

    def _terraform(self, source: StackSource, contents: Contents) -> None:
        from infracheck.terraform.modules import load_terraform  # noqa: PLC0415

        module = load_terraform(
            source.path,
            self._reader,
            var_files=source.var_files,
            environment=self._tf_var_environment,
            workspace=source.workspace,
            cache=self._modules,
        )
        self._take_module(module, source, contents)

    def _plan(self, source: StackSource, contents: Contents) -> None:
        from infracheck.terraform.plan import load_plan  # noqa: PLC0415

        plan = load_plan(source.path, self._reader, var_files=source.var_files)
        self._take_module(plan, source, contents)

    def _take_module(self, module: Any, source: StackSource, contents: Contents) -> None:
        contents.module = module
        contents.gaps += _all_broken(source, module.problems)
        for gap in module.gaps:
            contents.gaps.append(
                Gap(GapKind.OUTSIDE, gap.subject, gap.reason, _place(gap.origin), gap.command, _named(source))
            )

    def _workflows(self, source: StackSource, contents: Contents) -> None:
        from infracheck.workflows import load_workflows  # noqa: PLC0415

        loaded = load_workflows(source.files, self._reader)
        contents.workflows = loaded
        contents.gaps += _all_broken(source, loaded.problems)

    def _env_file(self, source: StackSource, contents: Contents) -> EnvFile | None:
        if source.env_file is None:
            return None
        from infracheck.kubernetes.envsubst import read_env_file  # noqa: PLC0415

        try:
            return read_env_file(self._reader.read(source.env_file))
        except InfracheckError as problem:
            contents.gaps.append(_broken(source, problem, self._reader.display(source.env_file)))
            return None


def _substituted(root: Mapping, env: EnvFile | None) -> Mapping:
    from infracheck.kubernetes.envsubst import substitute  # noqa: PLC0415

    return substitute(root, env)


def _identity(root: Mapping, kind: str) -> str:
    """Kind and name before any overlay prefixed it: what the object is called in every environment."""
    name = Field(root).at("metadata.name")
    parts = [part for part in name.origin.parts if part.step == "written"] or [name.origin]
    return f"{kind}/{parts[0].span.text}"


def _objects(value: Any) -> Iterator[Mapping]:
    """The Kubernetes objects of a document: mappings that say what kind they are."""
    if isinstance(value, Mapping) and "kind" in value.fields and "apiVersion" in value.fields:
        yield value


def _named(source: StackSource) -> tuple[str, ...]:
    return (source.environment,) if source.environment else ()


def _place(origin: Origin | None) -> Location | None:
    if origin is None:
        return None
    span = origin.span
    return Location(span.file.path, span.line, span.column)


def _all_broken(source: StackSource, problems: Sequence[InfracheckError]) -> Iterator[Gap]:
    """A gap for each problem, as many as somebody may read, and one for the rest."""
    for problem in problems[:MAX_TOLD]:
        yield _broken(source, problem)
    rest = len(problems) - MAX_TOLD
    if rest > 0:
        yield Gap(
            GapKind.BROKEN,
            source.name,
            f"{rest:,} more problems in this stack",
            environments=_named(source),
        )


def _broken(source: StackSource, problem: InfracheckError, subject: str = "") -> Gap:
    place = _place(problem.origin)
    return Gap(
        GapKind.BROKEN,
        subject or (place.path if place else source.name),
        problem.message,
        place,
        environments=_named(source),
    )
