"""Pod that nothing brings back.

A Pod of its own belongs to no Deployment, StatefulSet or Job: when its node goes, for an upgrade, an interruption or
a failure, it is gone for good. Neither can it be updated, since nearly nothing in a Pod may be changed. Pods that run
once (`restartPolicy: Never` or `OnFailure`), hooks of Helm and Argo CD, static pods and tests are not judged.

## Fix

Make it a Deployment with one replica, or a Job if it ends.

## References

- [Configuration good practices: naked Pods](https://kubernetes.io/docs/concepts/configuration/overview/#naked-pods-vs-replicasets-deployments-and-jobs)
- [Pod lifecycle: pod lifetime](https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-lifetime)

## Bad: nobody's pod

```yaml manifest.yaml
apiVersion: v1
kind: Pod # finding
metadata:
  name: cache
spec:
  containers: [{name: app, image: "cache:1.0"}]
```

## Good: it ends, it is a hook or a test, or somebody cares for it

```yaml manifest.yaml
apiVersion: v1
kind: Pod
metadata:
  name: once
spec:
  restartPolicy: Never
  containers: [{name: app, image: "once:1.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: smoke
  annotations: {helm.sh/hook: test}
spec:
  containers: [{name: app, image: "smoke:1.0"}]
---
apiVersion: v1
kind: Pod
metadata:
  name: before
  annotations: {argocd.argoproj.io/hook: PreSync}
spec:
  containers: [{name: app, image: "before:1.0"}]
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cache
spec:
  selector:
    matchLabels: {app: cache}
  template:
    metadata:
      labels: {app: cache}
    spec:
      containers: [{name: app, image: "cache:1.0"}]
```
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from infracheck.findings.severity import Category, Severity
from infracheck.rule import Target, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from infracheck.kubernetes.workload import Workload
    from infracheck.rule import Violation

EXCUSED = (
    "helm.sh/hook",
    "argocd.argoproj.io/hook",
    "kubernetes.io/config.mirror",
    "kubernetes.io/config.source",
    "config.kubernetes.io/local-config",
)
"""Annotations of pods that something else makes, or that are not applied."""


@rule(
    Target.WORKLOAD,
    kinds=("Pod",),
    severity=Severity.MEDIUM,
    category=Category.AVAILABILITY,
    remedy="Make it a Deployment with one replica.",
)
def bare_pod(workload: Workload) -> Iterator[Violation]:
    """Yield a Pod that stays and belongs to nobody."""
    annotations = workload.annotations.require()
    if workload.runs_to_completion or any(annotations[key].exists for key in EXCUSED):
        return
    if not workload.field.at("metadata.ownerReferences").exists:
        yield workload.violation("kind", f"{workload.address} is gone for good when its node is: no workload owns it")
