"""Paths become stacks."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from infracheck.discovery.contents import FileKind, classify
from infracheck.discovery.environment import Environments
from infracheck.discovery.graph import independent
from infracheck.discovery.kustomizations import FILE_NAMES, read_kustomization
from infracheck.discovery.modules import local_calls
from infracheck.discovery.stacks import Discovery, StackKind, StackSource
from infracheck.discovery.walk import walk
from infracheck.findings.finding import Location
from infracheck.findings.report import Gap, GapKind
from infracheck.source.errors import InfracheckError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from infracheck.config.settings import Settings
    from infracheck.discovery.kustomizations import Kustomization
    from infracheck.discovery.walk import Tree
    from infracheck.source.reader import Reader

TERRAFORM = (".tf", ".tofu", ".tf.json", ".tofu.json")
TFVARS = (".tfvars", ".tfvars.json")
SELF_LOADED = re.compile(r"terraform\.tfvars(?:\.json)?|.*\.auto\.tfvars(?:\.json)?")
"""Var files that Terraform loads without being told (Terraform documentation, "Input Variables")."""
ENV_FILES = ("env", ".env")
"""Names of the shell-style file beside an overlay whose variables the deploy pipeline passes through `envsubst`."""
MANIFEST_SUFFIXES = (".yaml", ".yml", ".json")
WORKFLOWS = (".github", "workflows")


def discover(paths: Sequence[Path], reader: Reader, settings: Settings) -> Discovery:
    """Everything below some paths that can be judged, and what was left out.

    Raises:
        ReadError: a path does not exist, or leads outside the root.
    """
    return _Search(walk(paths, reader, settings), reader, settings).run()


class _Search:
    def __init__(self, tree: Tree, reader: Reader, settings: Settings) -> None:
        self.tree = tree
        self.reader = reader
        self.settings = settings
        self.environments = Environments(settings)
        self.gaps: list[Gap] = list(tree.gaps)
        self.stacks: list[StackSource] = []

    def run(self) -> Discovery:
        self._terraform()
        taken = self._kustomizations()
        self._workflows()
        self._others(taken)
        spelling = self.environments.unified(stack.environment for stack in self.stacks if stack.environment)
        stacks = [self._placed(stack, spelling) for stack in self.stacks]
        return Discovery(
            stacks=tuple(sorted(stacks, key=lambda stack: stack.sort_key)),
            gaps=tuple(sorted(self.gaps, key=lambda gap: gap.sort_key)),
            notes=tuple(self._notes(stacks)),
        )

    def _placed(self, stack: StackSource, spelling: dict[str, str]) -> StackSource:
        name = spelling.get(stack.environment, "")
        return replace(stack, environment=name, profile=self.environments.profile(name)[0])

    def _notes(self, stacks: list[StackSource]) -> Iterator[str]:
        for name in sorted({stack.environment for stack in stacks}):
            profile, assumed = self.environments.profile(name)
            if not assumed:
                continue
            subject = f"environment {name!r}" if name else "what belongs to no environment"
            yield f"{subject} is judged as {profile}; set its profile in infracheck.toml if it is something else"

    def _environment(self, directory: Path) -> str:
        return self.environments.of_path(Path(self._name(directory)))

    def _name(self, path: Path) -> str:
        return path.relative_to(self.reader.root).as_posix() if path.is_relative_to(self.reader.root) else path.name

    def _stack(self, kind: StackKind, path: Path, **details: object) -> None:
        known = {"environment": self._environment(path if path.suffix == "" else path.parent), **details}
        self.stacks.append(StackSource(kind=kind, path=path, name=self._name(path), **known))  # type: ignore[arg-type] # the fields of StackSource

    def _terraform(self) -> None:
        """Roots: directories with configuration that no other one calls as a module."""
        roots = {
            folder: tuple(file for file in files if file.name.endswith(TERRAFORM))
            for folder, files in self.tree.folders.items()
        }
        roots = {folder: files for folder, files in roots.items() if files}
        uses = {folder: local_calls(files, self.reader) for folder, files in roots.items()}
        for root in independent(uses, self._environment):
            for environment, var_files in self._var_files(root):
                details = {"files": roots[root], "var_files": var_files}
                if environment:
                    details["environment"] = environment  # type: ignore[assignment] # see _stack
                self._stack(StackKind.TERRAFORM, root, **details)

    def _var_files(self, root: Path) -> list[tuple[str, tuple[Path, ...]]]:
        """The environments that a root is applied for, each with its var files; one without a name if there are none.

        A var file belongs to the environment it is named after (`production.tfvars`, `eu.production.tfvars`), or whose
        folder it stands in (`envs/production/eu.tfvars`), anywhere below the root.
        """
        configured = [
            (name, tuple(self.reader.root / file for file in one.var_files))
            for name, one in self.settings.environments.items()
            if one.var_files and self._environment(root) in ("", name)
        ]
        if configured:
            return configured
        found: dict[str, list[Path]] = defaultdict(list)
        for folder, files in self.tree.folders.items():
            if folder != root and (not folder.is_relative_to(root) or self._has_configuration(folder)):
                continue
            for file in files:
                name = self._var_file_environment(file, root)
                if name:
                    found[name].append(file)
        if self._environment(root) or not found:
            return [("", ())]
        return [(name, tuple(found[name])) for name in sorted(found)]

    def _has_configuration(self, folder: Path) -> bool:
        return any(file.name.endswith(TERRAFORM) for file in self.tree.folders[folder])

    def _var_file_environment(self, file: Path, root: Path) -> str:
        if not file.name.endswith(TFVARS) or (SELF_LOADED.fullmatch(file.name) and file.parent == root):
            return ""
        words = [*reversed(file.name.split(".")[:-1]), *reversed(file.parent.relative_to(root).parts)]
        return next((name for word in words if (name := self.environments.named(word))), "")

    def _kustomizations(self) -> set[Path]:
        """Add the kustomizations to judge; every file that belongs to one."""
        found: dict[Path, Kustomization] = {}
        taken: set[Path] = set()
        for folder, files in self.tree.folders.items():
            named = [file for file in files if file.name in FILE_NAMES]
            read = [one for file in named if (one := read_kustomization(file, self.reader)) is not None]
            if read:
                found[folder] = read[0]
                taken.update(one.file for one in read)
                taken.update(path for one in read for path in one.files)
        uses = {folder: one.directories for folder, one in found.items()}
        for folder in independent(uses, self._environment):
            one = found[folder]
            if one.component:
                reason = "a component that no kustomization uses; a component is judged through its users only"
                self.gaps.append(Gap(GapKind.SKIPPED, self._name(one.file), reason))
                continue
            self._stack(StackKind.KUSTOMIZATION, folder, files=(one.file,), env_file=self._env_file(folder))
        # What stands beside a kustomization but is not named by it is not applied.
        for folder in found:
            for file in self.tree.folders[folder]:
                if file not in taken and file.name.endswith(MANIFEST_SUFFIXES) and file not in self.tree.named:
                    if _is_manifest(file, self.reader):
                        reason = "its folder's kustomization does not use it, so it is not applied and not judged"
                        self.gaps.append(Gap(GapKind.SKIPPED, self._name(file), reason))
                    taken.add(file)
        return taken

    def _env_file(self, folder: Path) -> Path | None:
        configured = self.settings.environments.get(self._environment(folder))
        if configured is not None and configured.env_file:
            return self.reader.root / configured.env_file
        beside = (folder / name for name in ENV_FILES)
        return next((path for path in beside if self.reader.is_file(path)), None)

    def _workflows(self) -> None:
        groups: dict[Path, list[Path]] = defaultdict(list)
        for files in self.tree.folders.values():
            for file in files:
                repository = _workflow_repository(file)
                if repository is not None:
                    groups[repository].append(file)
        for repository, files in groups.items():
            self._stack(StackKind.WORKFLOWS, repository, files=tuple(sorted(files)), environment="")

    def _others(self, taken: set[Path]) -> None:
        """Manifests that are applied as they stand, charts, plans, and files that can't be read."""
        manifests: dict[Path, list[Path]] = defaultdict(list)
        charts = {folder for folder, files in self.tree.folders.items() if folder / "Chart.yaml" in files}
        for chart in sorted(charts):
            self.gaps.append(
                Gap(
                    GapKind.OUTSIDE,
                    self._name(chart),
                    "a helm chart: templates are not manifests; render it and scan the result",
                    command=f"helm template {self._name(chart)}",
                )
            )
        for folder, files in self.tree.folders.items():
            if any(folder.is_relative_to(chart) for chart in charts) or _workflow_folder(folder):
                continue
            for file in files:
                if file in taken or not file.name.endswith(MANIFEST_SUFFIXES) or file.name.endswith(TERRAFORM + TFVARS):
                    continue
                try:
                    kind = classify(file, self.reader)
                except InfracheckError as problem:
                    self.gaps.append(_broken(self._name(file), problem))
                    continue
                if kind is FileKind.MANIFEST:
                    manifests[folder].append(file)
                elif kind is FileKind.PLAN:
                    self._stack(StackKind.PLAN, file, files=(file,))
        for folder, group in manifests.items():
            self._stack(StackKind.MANIFESTS, folder, files=tuple(group), env_file=self._env_file(folder))


def _is_manifest(file: Path, reader: Reader) -> bool:
    try:
        return classify(file, reader) is FileKind.MANIFEST
    except InfracheckError:
        return False


def _broken(subject: str, problem: InfracheckError) -> Gap:
    place = None
    if problem.origin is not None:
        span = problem.origin.span
        place = Location(span.file.path, span.line, span.column)
    return Gap(GapKind.BROKEN, subject, problem.message, place)


def _workflow_folder(folder: Path) -> bool:
    return folder.parts[-2:] == WORKFLOWS


def _workflow_repository(file: Path) -> Path | None:
    """The repository that a workflow or composite action belongs to; None for other files."""
    if file.suffix not in (".yml", ".yaml"):
        return None
    if _workflow_folder(file.parent):
        return file.parent.parent.parent
    if file.stem == "action":
        above = [folder for folder in file.parents if folder.name == ".github"]
        return above[0].parent if above else file.parent
    return None
