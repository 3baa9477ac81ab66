"""Typed views: a workflow has jobs, a job has steps, each knows how to say that something in it is wrong.

Shapes follow "Workflow syntax for GitHub Actions" (GitHub Docs). A file of another shape has no jobs and no steps; it
never makes a view fail.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from infracheck.rule import violation
from infracheck.source.field import Field
from infracheck.source.values import Mapping, Scalar, Sequence
from infracheck.source.yaml import Excerpt
from infracheck.workflows.script import Command, commands

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Context, Violation
    from infracheck.source.origin import Origin

FULL_SHA = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class ActionReference:
    """What a step or job `uses`.

    Attributes:
        text: as written.
        owner: of the repository; "" for local actions and container images.
        repository: its name.
        path: the folder or workflow file within it, "" for the root; the path of a local action; an image.
        ref: the branch, tag or commit; "" where there is none.
    """

    text: str
    owner: str = ""
    repository: str = ""
    path: str = ""
    ref: str = ""

    @classmethod
    def parse(cls, text: str) -> ActionReference:
        """The reference that a `uses:` text makes."""
        if text.startswith((".", "docker://")):
            return cls(text, path=text)
        target, _, ref = text.partition("@")
        owner, _, rest = target.partition("/")
        repository, _, path = rest.partition("/")
        return cls(text, owner.lower(), repository.lower(), path, ref)

    @property
    def name(self) -> str:
        """`owner/repository` in lower case, with the path where there is one; "" for local actions and images."""
        if not self.owner:
            return ""
        return "/".join(filter(None, (self.owner, self.repository, self.path)))

    @property
    def is_local(self) -> bool:
        """Whether it stands in the same repository."""
        return self.text.startswith(".")

    @property
    def is_image(self) -> bool:
        """Whether it is a container image."""
        return self.text.startswith("docker://")

    @property
    def is_pinned(self) -> bool:
        """Whether nobody can change what it means: a full commit, a local path, an image by digest."""
        if self.is_image:
            return "@sha256:" in self.text
        return self.is_local or FULL_SHA.fullmatch(self.ref) is not None


class View:
    """A part of a workflow or action.

    Attributes:
        field: its place in the file.
        address: how it is called in reports.
        context: the stack it stands in.
    """

    kinds: tuple[str, ...] = ()

    def __init__(self, field: Field, address: str, context: Context) -> None:
        self.field = field
        self.address = address
        self.context = context

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.address!r})"

    @property
    def origin(self) -> Origin:
        """Where it begins: its key, where it has one."""
        return self.field.key_origin

    @property
    def name(self) -> str:
        """Its `name`, or ""."""
        return self.field["name"].text("") or ""

    @property
    def env(self) -> Field:
        """The variables it sets."""
        return self.field["env"]

    @property
    def permissions(self) -> Field:
        """The `permissions` it sets itself."""
        return self.field["permissions"]

    def at(self, path: str) -> Field:
        """The field at a dotted path."""
        return self.field.at(path)

    def part(self, at: str | Field, start: int, end: int) -> Field:
        """A stretch of characters of a text field, such as one expression of a script."""
        field = self.at(at) if isinstance(at, str) else at
        if not isinstance(field.value, Scalar):
            return field
        span = Excerpt.of_scalar(field.value).span(start, end)
        return Field(replace(field.value, origin=field.origin._replace(span=span)), field.path)

    def violation(self, at: str | Field, message: str, **details: Any) -> Violation:
        """A violation at a field of it; for a mapping, a list or an absent field the place is a key."""
        field = self.at(at) if isinstance(at, str) else at
        details.setdefault("on_key", isinstance(field.value, (Mapping, Sequence)))
        if field.value is None:
            # Nothing is written there: the reader adds it to what holds it, at that thing's own first line.
            return violation(
                Field(None, field.path, self.origin), message, address=self.address, **{**details, "on_key": False}
            )
        return violation(field, message, address=self.address, **details)


class Step(View):
    """A step of a job or composite action.

    Attributes:
        holder: the job or action it belongs to.
    """

    def __init__(self, field: Field, address: str, holder: Job | Action) -> None:
        super().__init__(field, address, holder.context)
        self.holder = holder

    @property
    def uses(self) -> ActionReference | None:
        """The action it runs, or None."""
        text = self.field["uses"].text()
        return ActionReference.parse(text) if text else None

    @property
    def run(self) -> str:
        """The script it runs, or ""."""
        return self.field["run"].text("") or ""

    @cached_property
    def commands(self) -> tuple[Command, ...]:
        """The commands of the script it runs."""
        return commands(self.run) if self.run else ()

    @property
    def inputs(self) -> Field:
        """`with`: what it passes to the action."""
        return self.field["with"]

    def input(self, name: str) -> Field:
        """One input of the action; GitHub does not look at the case of its name."""
        inputs = self.inputs.value
        keys = inputs.fields if isinstance(inputs, Mapping) else {}
        return self.inputs[next((key for key in keys if key.lower() == name), name)]

    def command(self, command: Command) -> Field:
        """The place of a command in the script."""
        return self.part("run", command.start, command.end)

    def variable_named(self, name: str) -> Field:
        """An environment variable as `env.NAME` finds it, whatever the case: the step's, its job's, its workflow's."""
        holders: list[View] = [self, self.holder]
        if isinstance(self.holder, Job):
            holders.append(self.holder.workflow)
        for holder in holders:
            value = holder.env.value
            for key in value.fields if isinstance(value, Mapping) else ():
                if key.lower() == name.lower():
                    return holder.env[key]
        return self.env[name]


class Job(View):
    """A job of a workflow.

    Attributes:
        workflow: the workflow it belongs to.
        id: its key under `jobs`.
    """

    def __init__(self, field: Field, job_id: str, workflow: Workflow) -> None:
        super().__init__(field, f"{workflow.address}#jobs.{job_id}", workflow.context)
        self.workflow = workflow
        self.id = job_id

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Its steps, in order."""
        return tuple(_steps(self.field["steps"], self.address, self))

    @property
    def needs(self) -> tuple[str, ...]:
        """The jobs it waits for."""
        return tuple(self.field["needs"].texts())

    @property
    def uses(self) -> ActionReference | None:
        """The reusable workflow it calls, or None."""
        text = self.field["uses"].text()
        return ActionReference.parse(text) if text else None

    @property
    def runs_on(self) -> tuple[str, ...]:
        """The labels of the runner it asks for."""
        field = self.field["runs-on"]
        return tuple((field["labels"] if isinstance(field.value, Mapping) else field).texts())

    @property
    def images(self) -> tuple[Field, ...]:
        """The images of its container and services."""
        container = self.field["container"]
        services = self.field["services"].items()
        found = [container["image"] if isinstance(container.value, Mapping) else container]
        found += [service["image"] for _, service in services]
        return tuple(field for field in found if field.text())

    @property
    def commands(self) -> Iterator[tuple[Step, Command]]:
        """The commands of all its steps, in order, each with its step."""
        return ((step, command) for step in self.steps for command in step.commands)

    @property
    def environment(self) -> str:
        """The deployment environment it names, or ""."""
        field = self.field["environment"]
        return (field["name"].text("") if isinstance(field.value, Mapping) else field.text("")) or ""

    @property
    def effective_permissions(self) -> Field:
        """Its own `permissions`, else the workflow's."""
        return self.permissions if self.permissions.value is not None else self.workflow.permissions

    def after(self) -> Iterator[Job]:
        """The jobs that run only once it has succeeded, in the order written."""
        return (job for job in self.workflow.jobs if any(one.id == self.id for one in job.before()))

    def before(self) -> Iterator[Job]:
        """The jobs that must have succeeded before it runs, near ones first."""
        waiting, seen = list(self.needs), {self.id}
        while waiting:
            name = waiting.pop(0)
            job = self.workflow.job(name)
            if job is not None and name not in seen:
                seen.add(name)
                yield job
                waiting.extend(job.needs)


class Workflow(View):
    """A workflow file."""

    @cached_property
    def jobs(self) -> tuple[Job, ...]:
        """Its jobs, in the order written."""
        jobs = self.field["jobs"]
        return tuple(Job(field, name, self) for name, field in jobs.items()) if not jobs.is_unknown else ()

    def job(self, name: str) -> Job | None:
        """The job of an id, or None."""
        return next((job for job in self.jobs if job.id == name), None)

    def trigger(self, event: str) -> Field:
        """What is said about an event under `on`; absent for a bare name."""
        return self.field["on"][event]

    @property
    def triggers(self) -> tuple[str, ...]:
        """The events it runs on."""
        on = self.field["on"]
        if isinstance(on.value, Mapping):
            return tuple(on.value.fields)
        return tuple(on.texts())


class Action(View):
    """A composite action (`action.yml`)."""

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """Its steps, in order; none if it is no composite action."""
        return tuple(_steps(self.field.at("runs.steps"), self.address, self))


def _steps(field: Field, address: str, holder: Job | Action) -> Iterator[Step]:
    for index, step in enumerate(field):
        if isinstance(step.value, Mapping):
            label = step["id"].text() or step["name"].text() or str(index + 1)
            yield Step(step, f"{address}.steps[{label}]", holder)
