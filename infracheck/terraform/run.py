"""What all module instances of one evaluation share: readers, limits, and the record of what went wrong."""

from __future__ import annotations

import os
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from infracheck.source.errors import EvaluationError, InfracheckError, LimitError
from infracheck.source.origin import Origin
from infracheck.terraform.budget import Budget
from infracheck.terraform.calls import ModuleGap, ModuleSources
from infracheck.terraform.constraints import Constraint, read_constraint
from infracheck.terraform.declarations import Declarations, read_declarations
from infracheck.terraform.expansion import MAX_INSTANCES
from infracheck.terraform.inputs import Inputs
from infracheck.terraform.references import Reference, references_in
from infracheck.terraform.scheduler import Key, Scheduler, Task
from infracheck.terraform.scope import EmptyScope

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.source.hcl import ast
    from infracheck.source.reader import Reader

MAX_MODULES = 1_000
"""The most module instances of one root. Real roots stay below a hundred."""

MAX_STEPS = 1_500_000
"""The most expressions that are evaluated for one root. The largest of 184 real ones needs forty thousand."""


class Run:
    """One evaluation of a root module.

    Attributes:
        root: the root module's directory.
        reader: reads inside the scanned root only.
        workspace: the value of `terraform.workspace`.
        inputs: the values of the root's variables.
        gaps: modules that are not at hand, by address, and files that must not be looked at, by place.
        problems: what is wrong, each once.
        scheduler: the order of evaluation.
        budget: the work that is left.
        resources_left: how many resource instances there is room for.
        sources: finds modules.
        constants: the scope of what may refer to nothing.
    """

    def __init__(self, root: Path, reader: Reader, workspace: str, cache: dict[Any, Any]) -> None:
        self.root = root
        self.reader = reader
        self.workspace = workspace
        self.inputs = Inputs()
        self.gaps: dict[str, ModuleGap] = {}
        self.problems: dict[tuple[Any, ...], InfracheckError] = {}
        self.scheduler = Scheduler(_start, self._cycle)
        self.budget = Budget(steps=MAX_STEPS)
        self.resources_left = MAX_INSTANCES
        self.sources = ModuleSources(root, reader)
        self.constants = EmptyScope()
        self._cache = cache
        self._references: dict[int, tuple[Any, tuple[Reference, ...]]] = {}
        self._constraints: dict[int, tuple[Any, Constraint]] = {}
        self._declared: set[Any] = set()
        self._modules = 0
        self._real: dict[Path, Path] = {}

    def report(self, problem: InfracheckError) -> None:
        """Take note of a problem. A limit that is hit everywhere is told once."""
        place: tuple[Any, ...] = ()
        if problem.origin is not None and not isinstance(problem, LimitError):
            span = problem.origin.span
            place = (span.file.path, span.start)
        self.problems.setdefault((problem.message, *place), problem)

    def refused(self, reason: str, origin: Origin) -> None:
        """Take note of a file that must not be looked at; a place is told once, however many instances pass it."""
        span = origin.span
        gap = ModuleGap(span.file.path, f"{reason}: what depends on it is not known", origin)
        self.gaps.setdefault(f"{span.file.path}:{span.start:09}", gap)

    def declarations(self, directory: Path) -> Declarations:
        """What a module directory declares; read once for all runs that share a cache.

        Raises:
            ReadError: it can't be listed.
        """
        key = ("terraform", self.real(directory))
        if key not in self._cache:
            self._cache[key] = read_declarations(directory, self.reader)
        declarations: Declarations = self._cache[key]
        if key not in self._declared:
            self._declared.add(key)
            for problem in declarations.problems:
                self.report(problem)
        return declarations

    def references(self, node: Any) -> tuple[Reference, ...]:
        """The references in a node, found once."""
        known = self._references.get(id(node))
        if known is None or known[0] is not node:
            # The node is kept beside its references, since an id means nothing once its object is gone.
            known = self._references[id(node)] = (node, references_in(node))
        return known[1]

    def constraint(self, block: ast.Block) -> Constraint:
        """The type constraint of a variable, read once; one that is in error is reported and allows anything."""
        known = self._constraints.get(id(block))
        if known is None:
            known = self._constraints[id(block)] = (block, self._constraint(block))
        return known[1]

    def _constraint(self, block: ast.Block) -> Constraint:
        attribute = block.body.attributes.get("type")
        if attribute is None:
            return Constraint()
        try:
            return read_constraint(attribute)
        except (EvaluationError, LimitError) as problem:
            self.report(problem)
            return Constraint()

    def admit_modules(self, count: int, origin: Origin) -> None:
        """Count module instances.

        Raises:
            LimitError: there are too many.
        """
        self._modules += count
        if self._modules > MAX_MODULES:
            raise LimitError(f"more than {MAX_MODULES:,} module instances; the rest is not evaluated", origin)

    def real(self, directory: Path) -> Path:
        """A directory with its links followed."""
        if directory not in self._real:
            self._real[directory] = self.reader.resolve(directory)
        return self._real[directory]

    def relative(self, directory: Path) -> str:
        """A module's directory as `path.module` gives it: relative to where terraform runs."""
        return str(PurePosixPath(os.path.relpath(directory, self.root)))

    def _cycle(self, keys: list[Key]) -> None:
        names = [_named(key) for key in keys]
        owner, kind, *rest = keys[0]
        declared = owner.declarations
        if kind == "local":
            origin = Origin(declared.locals[rest[0]].span)
        else:
            tables = {"variable": declared.variables, "output": declared.outputs}
            table = tables.get(kind, declared.calls)
            block = declared.resources[tuple(rest)] if kind == "resource" else table[rest[0]]
            origin = Origin(block.header_span)
        self.report(EvaluationError(f"Cycle: {', '.join(names)} refer to each other", origin))


def _start(key: Key) -> Task:
    task: Task = key[0].task(key)
    return task


def _named(key: Key) -> str:
    owner, kind, *rest = key
    words = {"variable": "var.", "local": "local.", "call": "module.", "output of": "module.", "output": "output."}
    if kind == "resource":
        mode, type_, name = rest
        return f"{owner.prefix}{'' if mode == 'managed' else mode + '.'}{type_}.{name}"
    return f"{owner.prefix}{words[kind]}{'.'.join(part for part in rest if part)}"
