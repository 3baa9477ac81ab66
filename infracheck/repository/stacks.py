"""A stack is what gets applied, an environment is what gets compared, a repository is all of them side by side."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from infracheck.rule import Violation, violation

if TYPE_CHECKING:
    from infracheck.discovery import StackSource
    from infracheck.findings.report import Gap
    from infracheck.findings.severity import Profile
    from infracheck.kubernetes.manifest import Manifest
    from infracheck.kubernetes.objects import Objects
    from infracheck.kustomize import Rendering
    from infracheck.rule import Context
    from infracheck.source.field import Field
    from infracheck.terraform.modules import TerraformModule
    from infracheck.terraform.resources import Resource
    from infracheck.workflows import Workflows


@dataclass(frozen=True)
class Stack:
    """What is applied together.

    Attributes:
        source: where it starts.
        context: the environment it belongs to, and the settings.
        module: the Terraform root or plan, evaluated; None for other stacks.
        rendering: what a kustomization renders to; None for other stacks.
        workflows: GitHub workflows and actions; None for other stacks.
        objects: the Kubernetes objects of its whole environment, itself included; empty without any.
    """

    source: StackSource
    context: Context
    module: TerraformModule | None = None
    rendering: Rendering | None = None
    workflows: Workflows | None = None
    objects: Objects | None = None

    kinds = ()

    @property
    def address(self) -> str:
        """The path it is known by."""
        return self.source.name

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The Terraform resources of the stack."""
        return self.module.resources if self.module is not None else ()

    @cached_property
    def manifests(self) -> tuple[Manifest, ...]:
        """The Kubernetes objects of the stack itself."""
        if self.objects is None:
            return ()
        return tuple(one for one in self.objects.manifests if one.context.stack == self.context.stack)

    def violation(self, at: Field, message: str, **details: Any) -> Violation:
        """A violation of the stack as a whole."""
        return violation(at, message, address=self.address, **details)


@dataclass(frozen=True)
class Environment:
    """Everything that makes up one environment.

    Attributes:
        name: "production"; "" for stacks that belong to none, of which each stands alone.
        profile: what is demanded of it.
        stacks: its stacks, sorted.
        objects: all its Kubernetes objects.
        context: for the rules that look at it as a whole.
    """

    name: str
    profile: Profile
    stacks: tuple[Stack, ...]
    objects: Objects
    context: Context

    kinds = ()

    @property
    def address(self) -> str:
        """The environment's name."""
        return self.name or self.context.stack

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The Terraform resources of all its stacks."""
        return tuple(resource for stack in self.stacks for resource in stack.resources)

    def violation(self, at: Field, message: str, **details: Any) -> Violation:
        """A violation of the environment as a whole."""
        return violation(at, message, address=self.address, **details)


@dataclass(frozen=True)
class Repository:
    """All environments side by side.

    Attributes:
        environments: sorted by name.
        gaps: what could not be read, rendered or evaluated.
        notes: remarks for the reader of the report.
        context: for the rules that look at everything.
    """

    environments: tuple[Environment, ...]
    context: Context
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = field(default=())

    kinds = ()
    address = "."

    @property
    def stacks(self) -> tuple[Stack, ...]:
        """All stacks, by environment and path."""
        return tuple(stack for environment in self.environments for stack in environment.stacks)

    def environment(self, name: str) -> Environment | None:
        """The environment of a name, or None."""
        return next((one for one in self.environments if one.name == name), None)

    def violation(self, at: Field, message: str, **details: Any) -> Violation:
        """A violation of the repository as a whole; name the guilty object as `address`."""
        details.setdefault("address", self.address)
        return violation(at, message, **details)
