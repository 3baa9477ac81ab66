"""Which commands of a job change what runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.workflows.script import Command
    from infracheck.workflows.views import Job, Step

KUBECTL = frozenset({"kubectl", "oc"})
TERRAFORM = frozenset({"terraform", "tofu"})
LOCAL_CLUSTERS = frozenset({"kind", "minikube", "k3d", "ct", "chainsaw", "kuttl"})
"""Programs that make a cluster for the time of a test."""
LOCAL_CLUSTER_ACTIONS = ("kind", "k3d", "k3s", "minikube")
KUBERNETES_VERBS = frozenset({"apply", "create", "replace", "patch", "set"})
DRY_RUN = ("--dry-run", "--local")


def deployments(job: Job) -> Iterator[tuple[Step, Command]]:
    """The commands of a job that change a cluster or an account, in order. A cluster made for a test does not count."""
    if uses_test_cluster(job):
        return
    for step, command in job.commands:
        if changes_cluster(command) or applies_terraform(command):
            yield step, command


def uses_test_cluster(job: Job) -> bool:
    """Whether a job makes a cluster of its own."""
    if any(command.program in LOCAL_CLUSTERS for _, command in job.commands):
        return True
    names = (step.uses.name for step in job.steps if step.uses is not None)
    return any(part in name for name in names for part in LOCAL_CLUSTER_ACTIONS)


def changes_cluster(command: Command) -> bool:
    """Whether a command changes the workloads of a cluster, for good and not as a rehearsal."""
    if command.has_option(*DRY_RUN):
        return False
    if command.program in KUBECTL:
        if command.verb == "create":
            return command.has_option("-f", "--filename", "-k", "--kustomize")
        return command.verb in KUBERNETES_VERBS
    return command.runs(("helm",), ("install", "upgrade"))


def applies_terraform(command: Command) -> bool:
    """Whether a command applies Terraform."""
    return command.runs(TERRAFORM, ("apply",))
