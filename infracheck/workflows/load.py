"""From files to workflows and actions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from infracheck.source.errors import InfracheckError, SyntaxProblem
from infracheck.source.field import Field
from infracheck.source.files import Span
from infracheck.source.origin import Origin
from infracheck.source.values import Mapping, Sequence
from infracheck.source.yaml import Dialect, read_documents
from infracheck.workflows.views import Action, Workflow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from infracheck.rule import Context
    from infracheck.source.reader import Reader


@dataclass(frozen=True)
class Workflows:
    """The workflows and composite actions of a repository.

    Attributes:
        files: name and content of each file, sorted by path; the name is the path as shown.
        problems: files that could not be read.
        context: the stack they stand in; set by `in_context` before the views are asked for.
    """

    files: tuple[tuple[str, Mapping], ...]
    problems: tuple[InfracheckError, ...]
    context: Context | None = None

    def in_context(self, context: Context) -> Workflows:
        """The same files, with views that know where they stand."""
        return replace(self, context=context)

    @cached_property
    def workflows(self) -> tuple[Workflow, ...]:
        """The workflows."""
        return tuple(Workflow(Field(root), path, self._known()) for path, root in self.files if "jobs" in root.fields)

    @cached_property
    def actions(self) -> tuple[Action, ...]:
        """The composite actions."""
        return tuple(Action(Field(root), path, self._known()) for path, root in self.files if "runs" in root.fields)

    def _known(self) -> Context:
        if self.context is None:
            raise ValueError("workflows are viewed in a context: call in_context first")
        return self.context


def load_workflows(files: Iterable[Path], reader: Reader) -> Workflows:
    """Read workflows and actions. A file that can't be read is a problem; the others are read all the same."""
    loaded: list[tuple[str, Mapping]] = []
    problems: list[InfracheckError] = []
    for path in sorted(files):
        try:
            file = reader.read(path)
            documents = read_documents(file, Dialect.ACTIONS)
        except InfracheckError as problem:
            problems.append(problem)
            continue
        for document in documents:
            problems += document.problems
        root = documents[0].value if documents else None
        if isinstance(root, Mapping):
            loaded.append((file.path, root))
            problems += _misshapen(root, is_workflow=path.parent.name == "workflows")
        elif root is not None or path.parent.name == "workflows":
            problems.append(SyntaxProblem("a workflow is a mapping with `on` and `jobs`", Origin(Span(file, 0, 0))))
    return Workflows(tuple(loaded), tuple(problems))


def _misshapen(root: Mapping, *, is_workflow: bool) -> Iterator[SyntaxProblem]:
    """What GitHub would refuse and no view shows: jobs and steps of another shape; of a list, the first one."""
    if not is_workflow:
        runs = root.get("runs")
        if isinstance(runs, Mapping):
            yield from _misshapen_steps(runs)
        elif runs is not None:
            yield SyntaxProblem("`runs` is a mapping", runs.origin)
        return
    jobs = root.get("jobs")
    if not isinstance(jobs, Mapping):
        message = "a workflow is a mapping with `on` and `jobs`" if jobs is None else "`jobs` is a mapping of jobs"
        yield SyntaxProblem(message, (jobs or root).origin)
        return
    for job in jobs.fields.values():
        if isinstance(job, Mapping):
            yield from _misshapen_steps(job)
        else:
            yield SyntaxProblem("a job is a mapping", job.origin)


def _misshapen_steps(holder: Mapping) -> Iterator[SyntaxProblem]:
    steps = holder.get("steps")
    if steps is None:
        return
    if not isinstance(steps, Sequence):
        yield SyntaxProblem("`steps` is a list", steps.origin)
        return
    odd = next((step for step in steps.items if not isinstance(step, Mapping)), None)
    if odd is not None:
        yield SyntaxProblem("a step is a mapping", odd.origin)
