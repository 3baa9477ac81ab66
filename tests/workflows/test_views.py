from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from infracheck.workflows import ActionReference

if TYPE_CHECKING:
    from collections.abc import Callable

    from infracheck.workflows import Workflows

WORKFLOW = """\
on:
  push:
    branches: [main]
  pull_request:
permissions: {}
env:
  A: workflow
jobs:
  build:
    runs-on: {group: big, labels: [self-hosted, linux]}
    container: node:22
    services:
      db: {image: "postgres:16"}
      odd: {}
    env:
      A: job
    steps:
      - id: first
        uses: Actions/Checkout@v4
        with: {Ref: main}
      - name: Second
        run: |
          a
          b --c
        env:
          a: step
      - run: c
  test:
    needs: build
    permissions: read-all
    environment: {name: staging}
    steps: [{run: x}]
  deploy:
    needs: [test, missing, deploy]
    environment: production
    runs-on: ubuntu-24.04
"""


def test_a_workflow_has_jobs_and_steps(load: Callable[..., Workflows]) -> None:
    (workflow,) = load(build=WORKFLOW).workflows
    build, test, deploy = workflow.jobs
    assert workflow.triggers == ("push", "pull_request")
    assert workflow.trigger("push")["branches"].texts() == ["main"]
    assert [job.environment for job in workflow.jobs] == ["", "staging", "production"]
    assert build.runs_on == ("self-hosted", "linux")
    assert deploy.runs_on == ("ubuntu-24.04",)
    assert [image.text() for image in build.images] == ["node:22", "postgres:16"]
    assert [step.address for step in build.steps] == [
        ".github/workflows/build.yml#jobs.build.steps[first]",
        ".github/workflows/build.yml#jobs.build.steps[Second]",
        ".github/workflows/build.yml#jobs.build.steps[3]",
    ]
    assert test.effective_permissions.text() == "read-all"
    assert len(build.effective_permissions) == 0


def test_jobs_know_what_runs_before_and_after(load: Callable[..., Workflows]) -> None:
    (workflow,) = load(build=WORKFLOW).workflows
    build, test, deploy = workflow.jobs
    assert [job.id for job in deploy.before()] == ["test", "build"]
    assert [job.id for job in build.after()] == ["test", "deploy"]
    assert list(test.after()) == [deploy]


def test_steps_know_their_action_their_commands_and_their_variables(load: Callable[..., Workflows]) -> None:
    first, second, third = load(build=WORKFLOW).workflows[0].jobs[0].steps
    assert first.uses is not None
    assert first.uses.name == "actions/checkout"
    assert first.input("ref").text() == "main"
    assert [command.text() for command in second.commands] == ["a", "b --c"]
    assert str(second.command(second.commands[1]).origin) == ".github/workflows/build.yml:24:11"
    assert [step.variable_named("A").text() for step in (first, second, third)] == ["job", "step", "job"]
    assert not first.variable_named("B").exists


def test_an_action_of_ones_own_has_steps(load: Callable[..., Workflows]) -> None:
    found = load(action="runs:\n  using: composite\n  steps:\n    - run: x\n      shell: bash\n")
    assert found.workflows == ()
    assert [step.run for step in found.actions[0].steps] == ["x"]


@pytest.mark.parametrize(
    ("text", "name", "ref", "pinned"),
    [
        ("actions/checkout@v4", "actions/checkout", "v4", False),
        ("Owner/Repo/path/to@" + "a" * 40, "owner/repo/path/to", "a" * 40, True),
        ("owner/repo@abc1234", "owner/repo", "abc1234", False),
        ("./x", "", "", True),
        (".", "", "", True),
        ("docker://alpine:3", "", "", False),
        ("docker://alpine@sha256:0", "", "", True),
        ("@", "", "", False),
    ],
)
def test_references(text: str, name: str, ref: str, *, pinned: bool) -> None:
    reference = ActionReference.parse(text)
    assert (reference.name, reference.ref, reference.is_pinned) == (name, ref, pinned)


@pytest.mark.parametrize(
    "text",
    [
        "on:\njobs:\n",
        "jobs: []\n",
        "jobs: {a: }\n",
        "jobs: {a: {steps: {}}}\n",
        "on: {push: 3}\njobs: {a: {runs-on: [], steps: [null, 1, '', {}, {uses: ''}, {uses: 3}, {run: [a]}]}}\n",
        "jobs: {a: {uses: x, with: [], needs: {}, environment: [], container: [], services: x, permissions: 3}}\n",
        "jobs: &j {a: {needs: a, if: []}}\non: [[]]\n",
    ],
)
def test_any_shape_is_a_view(load: Callable[..., Workflows], text: str) -> None:
    for workflow in load(x=text).workflows:
        assert workflow.triggers is not None
        for job in workflow.jobs:
            list(job.before())
            list(job.after())
            list(job.commands)
            assert (job.uses, job.environment, job.runs_on, job.images, job.effective_permissions) is not None
            for step in job.steps:
                assert (step.uses, step.input("x"), step.variable_named("x")) is not None


@pytest.mark.parametrize("text", ["a: [", "- a\n", "x"])
def test_what_is_no_workflow_is_a_problem(load: Callable[..., Workflows], text: str) -> None:
    found = load(x=text, y="on: push\njobs: {}\n")
    assert len(found.problems) == 1
    assert len(found.workflows) == 1


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("on: push\n", "x.yml:1:1: a workflow is a mapping with `on` and `jobs`"),
        ("on: push\njobs:\n", "x.yml:2:6: `jobs` is a mapping of jobs"),
        ("on: push\njobs: [a]\n", "x.yml:2:7: `jobs` is a mapping of jobs"),
        ("on: push\njobs:\n  a: 7\n  b: {steps: []}\n", "x.yml:3:6: a job is a mapping"),
        ("on: push\njobs: {a: {steps: {run: x}}}\n", "x.yml:2:19: `steps` is a list"),
        ("on: push\njobs: {a: {steps: [{run: x}, y, z]}}\n", "x.yml:2:30: a step is a mapping"),
    ],
)
def test_what_no_view_shows_is_a_problem(load: Callable[..., Workflows], text: str, problem: str) -> None:
    assert [str(one).removeprefix(".github/workflows/") for one in load(x=text).problems] == [problem]


def test_the_shape_of_an_action_counts_as_well(load: Callable[..., Workflows]) -> None:
    assert [one.message for one in load(action="runs: 7\n").problems] == ["`runs` is a mapping"]
    assert [one.message for one in load(action="runs: {steps: {run: x}}\n").problems] == ["`steps` is a list"]
    assert not load(action="runs: {using: node20, main: x.js}\n").problems
