"""Accumulating a kustomization: its resources, generators, components and transformers, in kustomize's order.

The order is that of `api/internal/target/kusttarget.go`: resources, configurations, generators, components,
transformers, validators, vars.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.kustomize.build_metadata import generated_by, transformed_by
from infracheck.kustomize.configuration import (
    Configuration,
    default_configuration,
    read_configuration,
)
from infracheck.kustomize.crds import read_crds
from infracheck.kustomize.generators import generate
from infracheck.kustomize.identity import kubernetes_kinds
from infracheck.kustomize.kustomization import Kustomization, read_kustomization
from infracheck.kustomize.loader import Loader, is_remote
from infracheck.kustomize.manifests import read_resources
from infracheck.kustomize.nodes import is_null, text_of
from infracheck.kustomize.plugins import build_generated, build_transformer, is_builtin
from infracheck.kustomize.resources import Resources
from infracheck.kustomize.schema import CustomBook, builtin_book
from infracheck.kustomize.session import Accumulated, KnownBase, Session
from infracheck.kustomize.transformer_steps import field_steps
from infracheck.kustomize.variables import bind_variables, merge_variables, read_variable
from infracheck.source.errors import InfracheckError, LimitError, RenderError
from infracheck.source.values import Mapping, Scalar
from infracheck.source.yaml import Dialect, Excerpt, read_first

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path
    from typing import TypeAlias

    from infracheck.kustomize.resource import Resource
    from infracheck.source.origin import Origin

    Step: TypeAlias = tuple[Callable[[Resources], None], str]

HELM_FIELDS = ("helmCharts", "helmChartInflationGenerator")


class Target:
    """One kustomization in a build.

    Attributes:
        kustomization: its file.
        loader: where it may look.
        session: the build.
        place: its directory relative to the root of the build, for origin annotations.
    """

    def __init__(self, kustomization: Kustomization, loader: Loader, session: Session, place: str) -> None:
        self.kustomization = kustomization
        self.loader = loader
        self.session = session
        self.place = place

    def accumulate(self, onto: Accumulated) -> Accumulated:
        """Everything the kustomization gives, added to what is there: nothing, or, for a component, what it changes.

        Raises:
            InfracheckError: kustomize would refuse it.
        """
        kustomization = self.kustomization
        self.session.warnings += kustomization.warnings
        state = onto
        for path in kustomization.strings("resources"):
            self._add_resource(state, path)
        self._configure(state)
        self._generate(state)
        for path in kustomization.strings("components"):
            state = self._component(state, path)
        for transform, described in [*self._builtin_steps(state), *self._plugin_steps("transformers")]:
            self._transform(state, transform, described)
        self._validate(state)
        variables = tuple(read_variable(entry) for entry in kustomization.entries("vars"))
        bind_variables(state.resources, variables)
        state.variables = merge_variables(state.variables, variables)
        return state

    # Resources ------------------------------------------------------------------------------------------------------

    def _add_resource(self, state: Accumulated, path: Scalar) -> None:
        text = text_of(path)
        try:
            found = self._file(text, path.origin)
        except LimitError:
            raise
        except InfracheckError as problem:
            self._add_directory(state, text, path.origin, problem)
            return
        state.resources.append_all(found)

    def _file(self, text: str, origin: Origin) -> list[Resource]:
        real = self.loader.resolve(text, origin)
        known = self.session.cache.files.get(real)
        if known is None:
            known = read_resources(Excerpt.of_file(self.loader.read(text, origin)))
            self.session.cache.files[real] = known
        copies = [resource.copy() for resource in known]
        self.session.has_used_builtin = self.session.has_used_builtin or _needs_schema(copies)
        if self.session.metadata:
            for copy in copies:
                copy.made_by = f"path: {self._shown(text)}\n"
        return copies

    def _shown(self, path: str) -> str:
        return _joined_path(self.place, path)

    def _add_directory(self, state: Accumulated, text: str, origin: Origin, problem: InfracheckError) -> None:
        if is_remote(text) and not self.loader.exists(text):
            command = f"kubectl kustomize {self.loader.reader.display(self.loader.root) or '.'}"
            self.session.leave_out(text, f"'{text}' is a remote base", command, origin, remote=True)
            return
        try:
            loader = self.loader.enter(text, origin)
        except LimitError:
            raise
        except RenderError:
            if self.loader.reader.is_directory(self.loader.root / text):
                raise
            raise problem from None
        base = self._base(loader, origin, self._shown(text))
        session = self.session
        session.has_used_builtin = session.has_used_builtin or _needs_schema(base.resources)
        state.resources.append_all(base.resources)
        state.configuration = state.configuration.merge(base.configuration, origin)
        state.variables = merge_variables(state.variables, base.variables)

    def _base(self, loader: Loader, origin: Origin, place: str) -> Accumulated:
        """What another directory gives, accumulated once for all who ask."""
        session = self.session
        key = (loader.root, loader.restricted, session.gap_mode)
        shareable = not session.metadata and not session.has_chosen_schema
        known = session.cache.bases.get(key) if shareable else None
        if known is not None and not _forms_cycle(known, loader):
            session.visited |= known.visited
            session.gaps += known.gaps
            session.warnings += known.warnings
            return _copied(known.accumulated)
        outer = session.visited, session.gaps, session.warnings
        session.visited, session.gaps, session.warnings = {loader.root}, [], []
        try:
            kustomization = self._read(loader, origin)
            if kustomization.is_component:
                raise RenderError("a component belongs under `components`, not under `resources`", origin)
            self._use_schema(kustomization, loader)
            target = Target(kustomization, loader, session, place)
            result = target.accumulate(Accumulated(Resources(), Configuration()))
            if shareable and not session.has_chosen_schema:
                session.cache.bases[key] = KnownBase(
                    _copied(result), frozenset(session.visited), tuple(session.gaps), tuple(session.warnings)
                )
            return result
        finally:
            session.visited = outer[0] | session.visited
            session.gaps = outer[1] + session.gaps
            session.warnings = outer[2] + session.warnings

    def _read(self, loader: Loader, origin: Origin) -> Kustomization:
        known = self.session.cache.kustomizations.get(loader.root)
        if known is None:
            known = read_kustomization(loader.root, loader.reader, origin)
            self.session.cache.kustomizations[loader.root] = known
        return known

    def _use_schema(self, kustomization: Kustomization, loader: Loader) -> None:
        use_schema(self.session, kustomization, loader, is_root=False)

    def _component(self, state: Accumulated, path: Scalar) -> Accumulated:
        text = text_of(path)
        if is_remote(text) and not self.loader.exists(text):
            command = f"kubectl kustomize {self.loader.reader.display(self.loader.root) or '.'}"
            self.session.leave_out(text, f"'{text}' is a remote component", command, path.origin, remote=True)
            return state
        loader = self.loader.enter(text, path.origin)
        self.session.visited.add(loader.root)
        kustomization = self._read(loader, path.origin)
        if not kustomization.is_component:
            raise RenderError(
                f"expected kind 'Component' for '{text}' but got '{kustomization.text('kind') or 'Kustomization'}'",
                path.origin,
            )
        self._use_schema(kustomization, loader)
        state = Target(kustomization, loader, self.session, self._shown(text)).accumulate(state)
        state.resources.require_distinct(path.origin)
        return state

    # Configuration and generators -----------------------------------------------------------------------------------

    def _configure(self, state: Accumulated) -> None:
        kustomization = self.kustomization
        configuration = default_configuration()
        for path in kustomization.strings("configurations"):
            file = self.loader.read(text_of(path), path.origin)
            document = read_first(Excerpt.of_file(file), Dialect.KUBECTL)
            value = document.value if document is not None else None
            for problem in document.problems if document is not None else ():
                raise RenderError(problem.message, problem.origin)
            incoming = read_configuration(None if is_null(value) else value, "a transformer configuration")
            configuration = configuration.merge(incoming, path.origin)
        state.configuration = state.configuration.merge(configuration, kustomization.origin_of("configurations"))
        for path in kustomization.strings("crds"):
            incoming = read_crds(self.loader.read(text_of(path), path.origin))
            state.configuration = state.configuration.merge(incoming, path.origin)

    def _generate(self, state: Accumulated) -> None:
        kustomization = self.kustomization
        options = kustomization.root.get("generatorOptions")
        for field, kind in (("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")):
            for entry in kustomization.entries(field):
                made = generate(kind, entry, options, self.loader)
                if self.session.metadata:
                    made.made_by = generated_by(
                        self._shown(kustomization.file.path.rsplit("/", 1)[-1]), f"{kind}Generator"
                    )
                state.resources.absorb(made, entry.origin)
        self._leave_out_charts()
        for resource, loader, place in self._plugins("generators"):
            made = build_generated(resource, loader)
            if self.session.metadata:
                made.made_by = generated_by(place, resource)
            state.resources.absorb(made, resource.root.origin)

    def _leave_out_charts(self) -> None:
        for field in HELM_FIELDS:
            for chart in self.kustomization.items(field):
                name = text_of(chart.get("name")) if isinstance(chart, Mapping) else ""
                shown = self.loader.reader.display(self.loader.root) or "."
                self.session.leave_out(
                    name or field,
                    f"the helm chart '{name}' must be rendered by helm",
                    f"kustomize build --enable-helm {shown}",
                    chart.origin,
                )

    def _plugins(self, field: str) -> Iterator[tuple[Resource, Loader, str]]:
        """The configurations of plugins that run in process; those that would be executed are left out."""
        inline = Accumulated(Resources(), Configuration())
        paths: list[Scalar] = []
        for entry in self.kustomization.strings(field):
            text = text_of(entry)
            if "\n" not in text and ":" not in text:
                paths.append(entry)
                continue
            try:
                inline.resources.append_all(read_resources(Excerpt.of_scalar(entry)))
            except LimitError:
                raise
            except InfracheckError as problem:
                if "\n" in text:
                    raise RenderError(
                        f"not the configuration of a plugin: {problem.message}", problem.origin or entry.origin
                    ) from problem
                paths.append(entry)
        own = self._shown(self.kustomization.file.path.rsplit("/", 1)[-1])
        for resource in inline.resources:
            resource.made_by = own
        for path in paths:
            before = len(inline.resources)
            self._add_resource(inline, path)
            for resource in inline.resources.items[before:]:
                resource.made_by = self._shown(text_of(path))
        for resource in inline.resources:
            for flaw in resource.problems:
                raise RenderError(flaw.message, flaw.origin)
            if is_builtin(resource):
                yield resource, self.loader, resource.made_by
            else:
                self._leave_out_plugin(resource)

    def _leave_out_plugin(self, resource: Resource) -> None:
        shown = self.loader.reader.display(self.loader.root) or "."
        self.session.leave_out(
            resource.kind,
            f"external plugins disabled; '{resource.kind}' is a program or container that would be executed",
            f"kustomize build --enable-alpha-plugins --enable-exec {shown}",
            resource.root.origin,
        )

    # Transformers ---------------------------------------------------------------------------------------------------

    def _transform(self, state: Accumulated, transform: Callable[[Resources], None], described: str) -> None:
        transform(state.resources)
        state.resources.items = [resource for resource in state.resources if resource.root.fields]
        for resource in state.resources if self.session.metadata else ():
            if resource.made_by:
                resource.changed_by = (*resource.changed_by, described)
            else:
                # Where a patch took the notes away, kustomize takes what comes next for the origin.
                resource.made_by = described

    def _builtin_steps(self, state: Accumulated) -> list[Step]:
        own = self._shown(self.kustomization.file.path.rsplit("/", 1)[-1])
        steps = field_steps(self.kustomization, self.loader, self.session, state.configuration)
        return [(step, transformed_by(own, kind)) for step, kind in steps]

    def _plugin_steps(self, field: str) -> list[Step]:
        return [
            (build_transformer(resource, loader, self.session), transformed_by(place, resource))
            for resource, loader, place in self._plugins(field)
        ]

    def _validate(self, state: Accumulated) -> None:
        for transform, _ in self._plugin_steps("validators"):
            before = [resource.root.to_plain() for resource in state.resources]
            transform(state.resources)
            if [resource.root.to_plain() for resource in state.resources] != before:
                raise RenderError(
                    "a validator must not modify the resources", self.kustomization.origin_of("validators")
                )


def use_schema(session: Session, kustomization: Kustomization, loader: Loader, *, is_root: bool) -> None:
    """Let the schema that a kustomization brings replace the built-in one; the first in a build counts.

    Raises:
        RenderError: it names both a version and a file, or the file is no OpenAPI document.
    """
    openapi = kustomization.root.get("openapi")
    if not isinstance(openapi, Mapping) or not openapi.fields or (session.has_chosen_schema and not is_root):
        return
    path, version = openapi.get("path"), openapi.get("version")
    if text_of(path) and text_of(version):
        raise RenderError("builtin version and custom schema provided, cannot use both", openapi.origin)
    if version is not None and text_of(version) not in {"", "v1.21.2"}:
        raise RenderError(f"the specified OpenAPI version `{text_of(version)}` is not built in", version.origin)
    session.has_chosen_schema = True
    session.book = builtin_book()
    if path is not None and text_of(path):
        document = read_first(Excerpt.of_file(loader.read(text_of(path), path.origin)), Dialect.KUBECTL)
        value = document.value if document is not None else None
        behind = builtin_book() if session.has_used_builtin else None
        session.book = CustomBook(value.to_plain() if value is not None else None, behind, path.origin)


def _needs_schema(resources: Iterable[Resource]) -> bool:
    """Whether kustomize would look a kind up in its schema: one that is not in its table of namespaced kinds."""
    kinds = kubernetes_kinds()["kinds"]
    return any(resource.kind not in kinds.get(resource.gvk.api_version, ()) for resource in resources)


def _forms_cycle(known: KnownBase, loader: Loader) -> bool:
    """Whether a base, entered from here, would come back to a directory that leads here."""
    roots = (*loader.parents, loader.root)
    return any(
        parent.is_relative_to(visited) for visited in known.visited if visited != loader.root for parent in roots
    )


def _copied(accumulated: Accumulated) -> Accumulated:
    return Accumulated(accumulated.resources.copy(), accumulated.configuration, accumulated.variables)


def _joined_path(place: str, path: str) -> str:
    """A path of a kustomization, seen from the root of the build."""
    parts: list[str] = []
    for part in f"{place}/{path}".split("/"):
        if part in {"", "."}:
            continue
        if part == ".." and parts and parts[-1] != "..":
            parts.pop()
        else:
            parts.append(part)
    return "/".join(parts)


def read_root(directory: Path, loader: Loader, session: Session) -> Kustomization:
    """The kustomization that is rendered.

    Raises:
        InfracheckError: it can't be read.
    """
    known = session.cache.kustomizations.get(directory)
    if known is None:
        known = read_kustomization(directory, loader.reader)
        session.cache.kustomizations[directory] = known
    return known
