"""Deployment is called done before anything has started.

`kubectl apply` and `kubectl set image` return as soon as the API server has stored the change. Whether the new pods
pull their image, pass their probes and replace the old ones shows minutes later, when the workflow is green already: a
broken release is found by its users, and nothing rolls it back.

## Fix

Wait for the rollout in the same job, with a limit: `kubectl rollout status deployment/app --timeout=10m`. For Helm, add
`--wait` or `--atomic`.

## References

- [Deployments: deployment status, Kubernetes documentation](https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#deployment-status)
- [kubectl rollout status](https://kubernetes.io/docs/reference/kubectl/generated/kubectl_rollout/kubectl_rollout_status/)
- [helm upgrade](https://helm.sh/docs/helm/helm_upgrade/)

## Bad: applied and gone

```yaml .github/workflows/deploy.yml
on: push
jobs:
  deploy:
    runs-on: ubuntu-24.04
    environment: production
    steps:
      - run: kubectl kustomize overlays/production | kubectl apply -f - # finding
```

## Bad: Helm, without waiting

```yaml .github/workflows/deploy.yml
on: push
jobs:
  deploy:
    runs-on: ubuntu-24.04
    environment: production
    steps:
      - run: helm upgrade --install app chart # finding
```

## Good: waited for

```yaml .github/workflows/deploy.yml
on: push
jobs:
  deploy:
    runs-on: ubuntu-24.04
    environment: production
    steps:
      - run: kubectl apply -f manifests.yaml
      - run: kubectl rollout status deployment/app --timeout=10m
  chart:
    runs-on: ubuntu-24.04
    steps:
      - run: helm upgrade --install app chart --atomic
```

## Good: a Secret alone

```yaml .github/workflows/token.yml
on: workflow_dispatch
jobs:
  rotate:
    runs-on: ubuntu-24.04
    steps:
      - run: kubectl create secret generic token --from-file token --dry-run=client -o yaml | kubectl apply -f -
```

## Good: waited for by the next job

```yaml .github/workflows/deploy.yml
on: push
jobs:
  deploy:
    runs-on: ubuntu-24.04
    steps:
      - run: kubectl apply -f manifests.yaml
  verify:
    needs: deploy
    runs-on: ubuntu-24.04
    steps:
      - run: kubectl wait --for=condition=Available deployment --all
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Confidence, Priority, Severity
from infracheck.rule import Target, rule
from infracheck.workflows.deployment import KUBECTL, changes_cluster, deployments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.rule import Violation
    from infracheck.workflows import Job, Step
    from infracheck.workflows.script import Command

HELM_WAITS = ("--wait", "--atomic")
OTHER_WAITS = frozenset({"argocd", "flux", "flagger", "kubedog", "werf"})
"""Programs that watch a rollout themselves."""
CONFIGURATION = frozenset({"configmap", "cm", "secret", "namespace", "ns"})


@rule(
    Target.JOB,
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    confidence=Confidence.MEDIUM,
    priority=Priority.P1,
    tags=("pattern:standard",),
    remedy="Wait for the rollout with `kubectl rollout status --timeout`, or let Helm wait.",
)
def deploy_without_rollout_status(job: Job) -> Iterator[Violation]:
    """Yield the last deploying command of a job that nothing waits for."""
    changes = [(step, command) for step, command in deployments(job) if _may_roll_out(command, step)]
    if not changes:
        return
    step, last = changes[-1]
    here = [one for one in job.commands if one[0].field.path != step.field.path or one[1].start > last.start]
    if any(_waits(command) for _, command in here) or last.has_option(*HELM_WAITS):
        return
    if any(_waits(command) for later in job.after() for _, command in later.commands):
        return
    message = f"job `{job.id}` ends before the new pods have started: nothing waits for the rollout"
    yield step.violation(step.command(last), message)


def _may_roll_out(command: Command, step: Step) -> bool:
    """Whether pods may change: not for single ConfigMaps, Secrets and namespaces, nor for Terraform."""
    read = [one for one in step.commands if one.start < command.start][-1:] if command.piped else []
    words = [word for one in (command, *read) for word in one.words[2:]]
    return changes_cluster(command) and not CONFIGURATION.intersection(word.partition("/")[0] for word in words)


def _waits(command: Command) -> bool:
    if command.program in KUBECTL:
        return command.verb in ("rollout", "wait") and "restart" not in command.words
    return command.program in OTHER_WAITS or (command.program == "helm" and command.has_option(*HELM_WAITS))
