"""What discovery hands on: stacks that were found, and what was left out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from infracheck.findings.severity import Profile

if TYPE_CHECKING:
    from pathlib import Path

    from infracheck.findings.report import Gap


class StackKind(StrEnum):
    """What a stack is made of, which decides who reads it."""

    TERRAFORM = "terraform"
    """A root module: the directory that `terraform apply` is run in."""
    PLAN = "plan"
    """A plan as `terraform show -json` prints it."""
    KUSTOMIZATION = "kustomization"
    """A directory that `kubectl kustomize` is run on."""
    MANIFESTS = "manifests"
    """Kubernetes objects that are applied as they stand."""
    WORKFLOWS = "workflows"
    """The GitHub workflows and actions of a repository."""


@dataclass(frozen=True, slots=True)
class StackSource:
    """Where a stack starts: what is applied together, before anything of it is read.

    Attributes:
        kind: who reads it.
        path: the directory, or the file of a plan; absolute, as the walk met it (links not followed).
        name: the path as shown: relative to the root, "." for the root itself.
        environment: the environment's name, or "" where it belongs to none.
        profile: what is demanded of it; production where nothing tells.
        files: the files it starts from, sorted: a root's `*.tf`, a kustomization, manifests, workflows and actions, a
            plan. What these lead to (bases, modules, patches) is for their reader to find.
        var_files: Terraform var files to pass explicitly, in the order of `terraform -var-file`. Those that Terraform
            loads by itself (`terraform.tfvars`, `*.auto.tfvars`) are not among them.
        env_file: the file whose variables `envsubst` puts into the rendered objects, or None.
        workspace: the Terraform workspace.
    """

    kind: StackKind
    path: Path
    name: str
    environment: str = ""
    profile: Profile = Profile.PRODUCTION
    files: tuple[Path, ...] = ()
    var_files: tuple[Path, ...] = ()
    env_file: Path | None = None
    workspace: str = "default"

    @property
    def sort_key(self) -> tuple[str, str, str]:
        """By place, then environment, then kind."""
        return (self.name, self.environment, self.kind.value)


@dataclass(frozen=True, slots=True)
class Discovery:
    """Everything below the given paths that can be judged, and what was left out.

    Attributes:
        stacks: sorted by name, environment and kind.
        gaps: what was not taken, why, and whether that is a fault.
        notes: remarks for the reader of the report, such as an environment whose profile had to be assumed.
    """

    stacks: tuple[StackSource, ...] = ()
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()
