"""Deployment happens outside of any GitHub environment.

An environment is where GitHub keeps what a deployment needs: required reviewers, the branches it may come from, its own
secrets, and the record of what was deployed when. A job without one can be started from any branch by anyone who can
push, with secrets that every other job has too.

## Fix

Name the environment in the job (`environment: production`), give it required reviewers and a branch rule, and move the
secrets of the deployment there.

## References

- [Managing environments for deployment, GitHub Docs](https://docs.github.com/en/actions/how-tos/deploy/configure-and-manage-deployments/manage-environments)

## Bad: straight to the cluster

```yaml .github/workflows/deploy.yml
on: push
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - run: helm upgrade --install app chart # finding
```

## Good: through an environment

```yaml .github/workflows/deploy.yml
on: push
jobs:
  deploy:
    runs-on: ubuntu-24.04
    environment: production
    steps:
      - run: helm upgrade --install app chart
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
    category=Category.OPERATIONS,
    priority=Priority.P2,
    tags=("checklist:secrets",),
    remedy="Name the `environment` that the job deploys to.",
)
def deploy_without_environment(job: Job) -> Iterator[Violation]:
    """Yield the first deploying command of a job that names no environment."""
    if job.environment:
        return
    for step, command in deployments(job):
        message = f"job `{job.id}` deploys without an environment: no reviewers, no branch rule, no record"
        yield step.violation(step.command(command), message)
        return
