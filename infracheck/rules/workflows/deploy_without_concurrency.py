"""Two runs may deploy at the same time.

Runs of a workflow do not wait for each other. Two pushes in quick succession apply their manifests, or the same
Terraform state, side by side, and the older one may finish last: what runs is then not what was merged last.

## Fix

Put deployments to one environment into one group: `concurrency: { group: deploy-production }`, without
`cancel-in-progress`, which would cut a deployment off half way.

## References

- [Control the concurrency of workflows and jobs, GitHub Docs](https://docs.github.com/en/actions/how-tos/write-workflows/choose-when-workflows-run/control-workflow-concurrency)

## Bad: nothing keeps runs apart

```yaml .github/workflows/deploy.yml
on: push
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - run: kubectl apply -f manifests.yaml # finding
```

## Bad: the running deployment is cut off

```yaml .github/workflows/deploy.yml
on: push
concurrency:
  group: deploy
  cancel-in-progress: true # finding
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - run: terraform apply plan.tfplan
```

## Good: one at a time

```yaml .github/workflows/deploy.yml
on: push
concurrency: deploy-production
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - run: kubectl apply -f manifests.yaml
```

## Good: a rehearsal, and a cluster for the time of a test

```yaml .github/workflows/test.yml
on: pull_request
jobs:
  rehearse:
    runs-on: ubuntu-24.04
    steps:
      - run: kubectl apply --dry-run=server -f manifests.yaml
  test:
    runs-on: ubuntu-24.04
    steps:
      - run: |
          kind create cluster
          kubectl apply -f manifests.yaml
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.workflows.deployment import deployments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Job


@rule(
    Target.JOB,
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    priority=Priority.P1,
    aliases=("zizmor:concurrency-limits",),
    remedy="Put deployments to one environment into one `concurrency` group.",
)
def deploy_without_concurrency(job: Job) -> Iterator[Violation]:
    """Yield the first deploying command of a job that runs beside others, or what cuts it off."""
    first = next(deployments(job), None)
    if first is None:
        return
    step, command = first
    holder = next((one for one in (job, job.workflow) if one.at("concurrency").exists), None)
    if holder is None:
        message = f"two runs of `{job.id}` may deploy at the same time: there is no `concurrency` group"
        yield step.violation(step.command(command), message)
    elif holder.at("concurrency.cancel-in-progress").boolean(default=False):
        message = f"a newer run cuts the deployment of `{job.id}` off half way"
        yield holder.violation("concurrency.cancel-in-progress", message)
