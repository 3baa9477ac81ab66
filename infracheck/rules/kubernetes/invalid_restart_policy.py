"""Pods have a restart policy their controller does not take.

The API server refuses a Deployment, StatefulSet, DaemonSet or ReplicaSet whose pods are not restarted `Always`, and a
Job or CronJob whose pods are: there the policy must be written, as `OnFailure` or `Never`, because the default is
`Always`. The release stops at that object.

## Fix

Remove `restartPolicy` from what runs for ever, and set `OnFailure` or `Never` for jobs.

## References

- [Pod Lifecycle: container restart policy](https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy)
- [Jobs: pod template](https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-template)

## Bad: a job by default, a Deployment on failure

```yaml manifest.yaml
apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "0 3 * * *"
  jobTemplate:
    spec:
      template:
        spec: # finding
          containers: [{name: report, image: "registry.example/report:1.4.0"}]
---
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
spec:
  template:
    spec:
      restartPolicy: Always # finding
      containers: [{name: migrate, image: "registry.example/migrate:1.4.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  selector:
    matchLabels: {app: web}
  template:
    metadata:
      labels: {app: web}
    spec:
      restartPolicy: OnFailure # finding
      containers: [{name: web, image: "registry.example/web:1.4.0"}]
```

## Good: as each wants it

```yaml manifest.yaml
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: migrate, image: "registry.example/migrate:1.4.0"}]
---
apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: db
spec:
  serviceName: db
  selector:
    matchLabels: {app: db}
  template:
    metadata:
      labels: {app: db}
    spec:
      restartPolicy: Always
      containers: [{name: db, image: "registry.example/db:1.4.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: once
spec:
  restartPolicy: Never
  containers: [{name: once, image: "registry.example/once:1.4.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.kubernetes.facts.kinds import COMPLETING
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.pod import PodSpec
    from infracheck.rule import Violation


@rule(
    Target.POD_SPEC,
    kinds=(
        "apps/Deployment",
        "apps/StatefulSet",
        "apps/DaemonSet",
        "apps/ReplicaSet",
        "ReplicationController",
        "batch/Job",
        "batch/CronJob",
    ),
    severity=Severity.HIGH,
    category=Category.CORRECTNESS,
    aliases=("kube-linter:restart-policy", "kube-score:cronjob-restartpolicy"),
    remedy="Set `OnFailure` or `Never` for jobs, and nothing elsewhere.",
)
def invalid_restart_policy(pod: PodSpec) -> Iterator[Violation]:
    """Yield the policy that the API server refuses."""
    if not pod.field.exists:
        return
    ends = pod.workload.kind in COMPLETING
    wanted = ("OnFailure", "Never") if ends else ("Always",)
    if pod.restart_policy not in wanted:
        found = pod.restart_policy if pod.at("restartPolicy").exists else f"the default, {pod.restart_policy}"
        message = f"{pod.address} is refused: its restart policy is {found}, and must be {' or '.join(wanted)}"
        yield pod.violation("restartPolicy", message)
