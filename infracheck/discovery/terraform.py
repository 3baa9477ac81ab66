"""Terraform roots, and the environments each of them is applied for.

A directory with `*.tf`, `*.tofu` or their `.json` forms is a module. One that another module calls by a local path is
judged through its caller; one that nobody calls, that says where its state is kept (`backend`, `cloud`), or that is an
environment's own, is a root.

A root outside any environment's folder may be applied once for each of several var files. A var file belongs to the
root in whose folder, or below it, it stands, and to the environment

- that the configuration lists it for, or else
- that its name says: `production.tfvars`, `eu.production.tfvars`, `prod-eu.tfvars`, or else
- that its folder says: `envs/production/network.tfvars`, or `envs/anything.tfvars`.

Each environment becomes one stack. Terraform loads `terraform.tfvars` and `*.auto.tfvars` by itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from infracheck.discovery.environment import CONTAINERS, canonical, profile_of
from infracheck.discovery.graph import independent
from infracheck.discovery.modules import read_calls
from infracheck.discovery.stacks import StackKind
from infracheck.findings.report import GapKind

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.discovery.search import Search

CONFIGURATION = (".tf", ".tofu", ".tf.json", ".tofu.json")
VAR_FILES = (".tfvars", ".tfvars.json")
SELF_LOADED = re.compile(r"terraform\.tfvars(?:\.json)?|.*\.auto\.tfvars(?:\.json)?")
"""Var files that Terraform loads from the root's folder without being told (Terraform, "Input Variables")."""
TERRAGRUNT = frozenset({"terragrunt.hcl", "root.hcl"})


def find_roots(search: Search) -> None:
    """Add a stack for each root and each environment it is applied for."""
    modules = {
        folder: configuration
        for folder, files in search.tree.folders.items()
        if (configuration := tuple(file for file in files if file.name.endswith(CONFIGURATION)))
    }
    read = {folder: read_calls(files, search.reader) for folder, files in modules.items()}
    uses = {folder: one.calls for folder, one in read.items()}
    with_backend = {folder for folder, one in read.items() if one.has_backend}
    roots = independent(uses, search.environment, with_backend)
    assignment = _VarFiles(search, frozenset(modules), roots)
    for root in roots:
        for environment, var_files in assignment.of_root(root):
            search.add(StackKind.TERRAFORM, root, environment, modules[root], var_files=var_files)
    assignment.report_unused()
    _terragrunt(search)


class _VarFiles:
    """Which var files go to which root in which environment."""

    def __init__(self, search: Search, modules: frozenset[Path], roots: list[Path]) -> None:
        self.search = search
        self.modules = modules
        self.roots = roots
        self.used: set[Path] = set()
        self.files = [file for file in search.tree.files() if file.name.endswith(VAR_FILES)]

    def of_root(self, root: Path) -> list[tuple[str, tuple[Path, ...]]]:
        """Environment and var files of each way to apply a root; one without a name where nothing tells any."""
        own = self.search.environment(root)
        found = {**self._told(root), **self._configured(root)}
        if own:
            found = {name: files for name, files in found.items() if canonical(name) == canonical(own)}
            found = {own: tuple(file for files in found.values() for file in files)}
        self.used.update(file for files in found.values() for file in files)
        return sorted(found.items()) or [("", ())]

    def _configured(self, root: Path) -> dict[str, tuple[Path, ...]]:
        found = {}
        for name, environment in self.search.settings.environments.items():
            files = tuple(self.search.reader.root / file for file in environment.var_files)
            mine = tuple(file for file in files if self._owner(file) in (root, None))
            if mine:
                found[name] = mine
        return found

    def _told(self, root: Path) -> dict[str, tuple[Path, ...]]:
        found: dict[str, list[Path]] = defaultdict(list)
        for file in self.files:
            if self._owner(file) == root and not _is_self_loaded(file, root):
                name = self._environment(file, root)
                if name:
                    found[name].append(file)
        return {name: tuple(files) for name, files in found.items()}

    def _owner(self, file: Path) -> Path | None:
        """The module in whose folder or below it a file stands; beside a lone root, that root; else None."""
        nearest = next((folder for folder in file.parents if folder in self.modules), None)
        if nearest is not None:
            return nearest
        beside = [root for root in self.roots if root.is_relative_to(file.parent.parent)]
        return beside[0] if len(beside) == 1 else None

    def _environment(self, file: Path, root: Path) -> str:
        words = file.name.removesuffix(".json").removesuffix(".tfvars").split(".")
        for word in reversed(words):
            name = self.search.environments.named(word) or (word if profile_of(word) is not None else "")
            if name:
                return name
        if file.parent.name.lower() in CONTAINERS:
            return words[0]
        place = self.search.environment(file.parent)
        return place if place != self.search.environment(root) or place else ""

    def report_unused(self) -> None:
        """Say which var files no stack was given, folder by folder, and which configured ones do not exist."""
        unused: dict[Path, list[Path]] = defaultdict(list)
        for file in self.files:
            if file not in self.used and not (file.parent in self.modules and _is_self_loaded(file, file.parent)):
                unused[file.parent].append(file)
        for folder, files in unused.items():
            reason = f"{len(files)} var files that no root takes: list them under `var-files` of their environment"
            self.search.leave_out(GapKind.SKIPPED, files[0] if len(files) == 1 else folder, reason, count=len(files))
        for name, environment in sorted(self.search.settings.environments.items()):
            for written in environment.var_files:
                path = self.search.reader.root / written
                if not self.search.reader.is_file(path):
                    self.search.leave_out(GapKind.BROKEN, path, f"no such file: a var file of environment {name!r}")


def _is_self_loaded(file: Path, root: Path) -> bool:
    return file.parent == root and SELF_LOADED.fullmatch(file.name) is not None


def _terragrunt(search: Search) -> None:
    folders = [folder for folder, files in search.tree.folders.items() if any(f.name in TERRAGRUNT for f in files)]
    if folders:
        reason = f"{len(folders)} folders of Terragrunt: it writes the inputs; plan it and scan the plan"
        search.leave_out(
            GapKind.OUTSIDE, folders[0], reason, command="terragrunt plan -out plan && terragrunt show -json plan"
        )
