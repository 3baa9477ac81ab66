"""What there is to judge, by kind of target."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from infracheck.rule import Target

if TYPE_CHECKING:
    from infracheck.repository import Environment, Repository


def targets_of(repository: Repository) -> dict[Target, list[Any]]:
    """The views of a repository that rules can ask for, in a fixed order."""
    found: dict[Target, list[Any]] = {target: [] for target in Target}
    found[Target.REPOSITORY].append(repository)
    for environment in repository.environments:
        found[Target.ENVIRONMENT].append(environment)
        _objects(environment, found)
        for stack in environment.stacks:
            found[Target.STACK].append(stack)
            if stack.module is not None:
                found[Target.MODULE].append(stack.module)
                found[Target.RESOURCE].extend(stack.resources)
            if stack.rendering is not None:
                found[Target.KUSTOMIZATION].append(stack)
            if stack.workflows is not None:
                _workflows(stack.workflows, found)
    return found


def _objects(environment: Environment, found: dict[Target, list[Any]]) -> None:
    objects = environment.objects
    if not objects.manifests:
        return
    found[Target.OBJECTS].append(objects)
    found[Target.MANIFEST].extend(objects.manifests)
    for workload in objects.workloads:
        found[Target.WORKLOAD].append(workload)
        found[Target.POD_SPEC].append(workload.pod)
        found[Target.CONTAINER].extend(workload.pod.containers)


def _workflows(workflows: Any, found: dict[Target, list[Any]]) -> None:
    for workflow in workflows.workflows:
        found[Target.WORKFLOW].append(workflow)
        for job in workflow.jobs:
            found[Target.JOB].append(job)
            found[Target.STEP].extend(job.steps)
    for action in workflows.actions:
        found[Target.STEP].extend(action.steps)
